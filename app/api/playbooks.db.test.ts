import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishFolder, publishVersion } from "#app/models/playbook.server.ts";
import { createLog } from "#app/server/log.ts";
import { BASE_URL, WebWorld } from "#app/server/testing.ts";
import { startWorker, type WorkerHandle } from "#engine/start-worker.ts";
import { resolveNode } from "#nodes";

let world: WebWorld;
let key: string;
let worker: WorkerHandle;
const system = { kind: "system", id: null, name: "seed" } as const;

beforeAll(async () => {
  world = await WebWorld.create();
  key = await world.addKey();
  worker = await startWorker({
    engineUrl: world.database.engineUrl, secretKey: world.secretKey, baseUrl: BASE_URL, concurrency: 4, allowPrivate: true, resolveNode,
    onDeclaredDead: () => undefined, log: createLog("silent"),
  });
});
afterAll(async () => {
  await worker.stop();
  await world.close();
});

/** trigger → one "set" node that doubles the input's n. */
const document = (name: string, trigger: object = {}) => ({
  format: 1,
  name,
  trigger,
  nodes: [{ id: "double", type: "core.set", input: { twice: { expr: "(trigger as any)?.n * 2" } } }],
  edges: [{ id: "e1", from: "trigger", to: "double" }],
});

const publish = (slug: string, body: object) => world.as("playbook_author", "POST", "/playbooks", { slug, ...body });

async function finished(runId: string) {
  await expect.poll(async () => (await world.as("viewer", "GET", `/runs/${runId}`)).body.status, { timeout: 15_000 }).toMatch(/^(success|failed|cancelled)$/);
  return (await world.as("viewer", "GET", `/runs/${runId}`)).body;
}

describe("publishing", () => {
  it("makes numbered, immutable versions, and none where nothing changed", async () => {
    const first = await publish("numbered", { document: document("Numbered") });
    expect([first.status, first.body.version, first.body.unchanged]).toEqual([201, 1, false]);
    expect((await publish("numbered", { document: { ...document("Numbered"), description: "" } })).body).toMatchObject({ version: 1, unchanged: true, content_hash: first.body.content_hash });
    const second = await publish("numbered", { document: document("Numbered, renamed") });
    expect(second.body).toMatchObject({ version: 2, unchanged: false });
    const { body } = await world.as("viewer", "GET", "/playbooks/numbered");
    expect(body).toMatchObject({ name: "Numbered, renamed", version: 2, enabled: true, order: 1000, priority: "default", node_count: 1, trigger: { on: "alert", source: "webhook", moment: "ingested" } });
    expect(body.versions.map(({ number }: { number: number }) => number)).toEqual([2, 1]);
    expect((await world.as("viewer", "GET", `/playbooks/${body.id}`)).body).toEqual(body);
  });

  it("a moved box is a version too: a run shows the picture it was started from", async () => {
    await publish("moved", { document: document("Moved") });
    expect((await publish("moved", { document: document("Moved"), layout: { positions: { double: { x: 1, y: 2 } } } })).body.version).toBe(2);
  });

  it("twice at once gives two numbers, never the same", async () => {
    const results = await Promise.all(["A", "B", "C", "D"].map((name) => publish("raced", { document: document(name) })));
    expect(results.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(results.map(({ body }) => body.version).sort()).toEqual([1, 2, 3, 4]);
  });

  it.each([
    ["no document", { slug: "x" }],
    ["an unknown node type", { slug: "x", document: { ...document("X"), nodes: [{ id: "a", type: "core.nosuch" }], edges: [] } }],
    ["a dangling edge", { slug: "x", document: { ...document("X"), edges: [{ id: "e", from: "trigger", to: "nowhere" }] } }],
    ["a broken expression", { slug: "x", document: { ...document("X"), nodes: [{ id: "double", type: "core.set", input: { a: { expr: "1 +" } } }] } }],
    ["a missing file", { slug: "x", document: { ...document("X"), nodes: [{ id: "double", type: "core.code", input: { result: { file: "code/none.ts" } } }] } }],
    ["a type that does not fit", { slug: "x", document: { ...document("X"), nodes: [{ id: "double", type: "core.condition", input: { test: { expr: "alert.title" } } }] } }],
    ["a file outside code/", { slug: "x", document: document("X"), files: { "../../etc/passwd": "" } }],
    ["a newer format", { slug: "x", document: { ...document("X"), format: 99 } }],
    ["no format", { slug: "x", document: { name: "X" } }],
    ["a name of 101 characters", { slug: "x", document: document("x".repeat(101)) }],
    ["a bad slug", { slug: "../x", document: document("X") }],
    ["an upper-case slug", { slug: "X", document: document("X") }],
    ["an unknown field", { slug: "x", document: document("X"), tenant_id: randomUUID() }],
    ["a document that is text", { slug: "x", document: "text" }],
    ["a document that is null", { slug: "x", document: null }],
  ])("refuses %s, saying where", async (_name, body) => {
    const answer = await world.as("playbook_author", "POST", "/playbooks", body);
    expect(answer.status).toBe(422);
    expect(answer.body.detail.length).toBeGreaterThan(0);
    expect((await world.as("viewer", "GET", "/playbooks/x")).status).toBe(404);
  });

  it("refuses what a change upstream broke, naming the field that reads it", async () => {
    const nodes = [{ id: "score", type: "core.code", input: { result: { file: "code/score.ts" } } }, { id: "tell", type: "alert.comment", input: { text: { expr: "steps.score.summary" } } }];
    const edges = [{ id: "e1", from: "trigger", to: "score" }, { id: "e2", from: "score", to: "tell" }];
    const with_ = (source: string) => publish("typed", { document: { ...document("Typed"), nodes, edges }, files: { "code/score.ts": source } });
    expect((await with_("export default () => ({ summary: 'bad' });")).body).toMatchObject({ version: 1, warnings: [] });
    const refused = await with_("export default () => ({ summary: 7 });");
    expect([refused.status, refused.body.detail[0].loc]).toEqual([422, ["nodes", "tell", "input", "text"]]);
    expect((await with_("const twice = (x) => x; export default () => ({ summary: 'bad' });")).body).toMatchObject({ version: 2, warnings: [{ severity: "warning", file: "code/score.ts", line: 1 }] });
  });

  it("is in the audit log", async () => {
    const { body } = await publish("audited", { document: document("Audited") });
    const { entries } = (await world.as("auditor", "GET", "/audit?action=playbook_published")).body;
    expect(entries[0]).toMatchObject({ target: body.playbook_id, actor: { kind: "user" }, data: { slug: "audited", version: 1 } });
  });

  it("belongs to one tenant: the same slug elsewhere is another playbook", async () => {
    const { body: ours } = await publish("shared-slug", { document: document("Ours") });
    const theirs = await publishVersion(world.services.db, { tenantId: world.otherTenantId, slug: "shared-slug", document: document("Theirs"), actor: system });
    expect(theirs.playbook_id).not.toBe(ours.playbook_id);
    expect((await world.as("viewer", "GET", "/playbooks/shared-slug")).body.name).toBe("Ours");
  });
});

describe("switching off and on (R109)", () => {
  it("holds for the next alert", async () => {
    const source = `s${randomUUID().slice(0, 8)}`;
    await publish("switch", { document: document("Switch", { source }) });
    const deliver = async () => (await world.request("POST", "/webhooks/alerts", { key, body: { title: "x", source } })).body.playbooks_triggered;
    expect(await deliver()).toContain("Switch");
    const off = await world.as("playbook_author", "PATCH", "/playbooks/switch", { enabled: false });
    expect([off.status, off.body.enabled]).toEqual([200, false]);
    expect(await deliver()).not.toContain("Switch");
    expect((await world.as("analyst", "POST", "/playbooks/switch/run", {})).status).toBe(409);
    await world.as("playbook_author", "PATCH", "/playbooks/switch", { enabled: true });
    expect(await deliver()).toContain("Switch");
    const { entries } = (await world.as("auditor", "GET", `/audit?limit=200`)).body;
    expect(entries.filter(({ target }: { target: string }) => target === off.body.id).map(({ action }: { action: string }) => action)).toEqual(["playbook_enabled", "playbook_disabled", "playbook_published"]);
  });
});

describe("why (not)", () => {
  it("names every requirement that an alert misses (R111)", async () => {
    await publish("picky", { document: document("Picky", { source: "edr", conditions: { all: [{ match: { severity: ["high", "critical"] } }, { field: "iocs.ips", op: "contains", value: "203.0.113.9" }] } }) });
    const { body: alert } = await world.request("POST", "/webhooks/alerts", { key, body: { title: "x", source: "edr", severity: "low", source_ip: "203.0.113.9" } });
    const test = async () => (await world.as("viewer", "POST", "/playbooks/picky/test-trigger", { alert_id: alert.alert_id })).body;
    const before = await test();
    expect(before.matches).toBe(false);
    expect(JSON.stringify(before.reasons)).toContain('severity is \\"low\\"');
    await world.as("analyst", "PATCH", `/alerts/${alert.alert_id}`, { severity: "high" });
    expect((await test()).matches).toBe(true);
    expect((await world.as("viewer", "POST", "/playbooks/picky/test-trigger", { alert_id: randomUUID() })).status).toBe(404);
    expect((await world.as("viewer", "POST", "/playbooks/picky/test-trigger", { alert_id: "x" })).status).toBe(422);
  });
});

describe("running", () => {
  it("by hand carries the input to the steps, and the run tells everything (R131)", async () => {
    await publish("by-hand", { document: document("By hand", { on: "manual" }) });
    const { status, body } = await world.as("analyst", "POST", "/playbooks/by-hand/run", { input: { n: 21 } });
    expect(status).toBe(202);
    const run = await finished(body.run_id);
    expect(run).toMatchObject({
      status: "success", playbook: { slug: "by-hand", name: "By hand", version: 1 }, alert_id: null, mode: "live", waiting_on: null, error: null, document: { name: "By hand" },
      steps: [{ node_id: "double", status: "success", output: { twice: 42 }, attempts: expect.any(Array) }],
    });
    expect(run.duration_ms).toBeGreaterThanOrEqual(0);
    const list = await world.as("viewer", "GET", "/runs?playbook=by-hand&status=success");
    expect(list.body).toMatchObject({ total: 1, runs: [{ id: body.run_id }] });
    expect(list.body.runs[0]).not.toHaveProperty("steps");
    expect((await world.as("viewer", "GET", "/playbooks/by-hand")).body.runs).toMatchObject({ total: 1, failed: 0 });
  });

  it("again makes a new run of the same version on the same input", async () => {
    const { body: started } = await world.as("analyst", "POST", "/playbooks/by-hand/run", { input: { n: 4 } });
    await finished(started.run_id);
    await publish("by-hand", { document: document("By hand, changed", { on: "manual" }) });
    const { status, body } = await world.as("analyst", "POST", `/runs/${started.run_id}/rerun`);
    expect(status).toBe(202);
    expect(await finished(body.run_id)).toMatchObject({ playbook: { version: 1 }, steps: [{ output: { twice: 8 } }] });
    expect((await world.as("analyst", "POST", `/runs/${started.run_id}/cancel`)).status).toBe(409);
  });

  it("a waiting run says what it waits for, and is cancelled within a second", async () => {
    const waiting = { ...document("Waits"), nodes: [{ id: "double", type: "core.delay", input: { seconds: { value: 600 } } }] };
    const published = await publish("waits", { document: waiting });
    expect(published.body).toMatchObject({ version: 1 });
    const { body } = await world.as("analyst", "POST", "/playbooks/waits/run", {});
    await expect.poll(async () => (await world.as("viewer", "GET", `/runs/${body.run_id}`)).body.waiting_on?.kind, { timeout: 10_000 }).toBe("timer");
    expect((await world.as("analyst", "POST", `/runs/${body.run_id}/rerun`)).status).toBe(409);
    const from = Date.now();
    expect((await world.as("analyst", "POST", `/runs/${body.run_id}/cancel`, { reason: "test" })).status).toBe(202);
    expect((await finished(body.run_id)).status).toBe("cancelled");
    expect(Date.now() - from).toBeLessThan(2_000);
    const { entries } = (await world.as("auditor", "GET", "/audit?action=run_cancelled")).body;
    expect(entries[0]).toMatchObject({ target: body.run_id, data: { reason: "test" } });
  });

  it("needs a playbook and an alert that exist", async () => {
    expect((await world.as("analyst", "POST", "/playbooks/nosuch/run", {})).status).toBe(404);
    expect((await world.as("analyst", "POST", `/playbooks/${randomUUID()}/run`, {})).status).toBe(404);
    expect((await world.as("analyst", "POST", "/playbooks/by-hand/run", { alert_id: randomUUID() })).status).toBe(404);
    expect((await world.as("analyst", "POST", "/playbooks/by-hand/run", { alert_id: "x" })).status).toBe(422);
    expect((await world.as("analyst", "POST", "/playbooks/by-hand/run")).status).toBe(202);
    expect((await world.as("analyst", "POST", `/runs/${randomUUID()}/answer`, { step_id: randomUUID(), decision: "fail" })).status).toBe(404);
    expect((await world.as("analyst", "POST", `/runs/${randomUUID()}/answer`, { step_id: randomUUID(), decision: "maybe" })).status).toBe(422);
  });
});

describe("a step of which nobody knows whether it happened", () => {
  /** Takes the request and hangs up without an answer. */
  const server = createServer((request) => request.socket.destroy());
  let url: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  async function parked(): Promise<{ runId: string; stepId: string }> {
    const { body } = await world.as("analyst", "POST", "/playbooks/asks/run", { input: { url } });
    await expect.poll(async () => (await world.as("viewer", "GET", `/runs/${body.run_id}`)).body.waiting_on?.kind, { timeout: 15_000 }).toBe("decision");
    const { waits, steps } = (await world.as("viewer", "GET", `/runs/${body.run_id}`)).body;
    expect(steps[0]).toMatchObject({ status: "waiting", ambiguous: true });
    return { runId: body.run_id, stepId: waits[0].step_id };
  }

  it("is decided by a person, once, and the run goes on accordingly", async () => {
    const node = { id: "double", type: "core.http-request", config: { method: "POST" }, input: { url: { expr: "(trigger as any).url" } } };
    await publish("asks", { document: { ...document("Asks"), nodes: [node] } });
    const happened = await parked();
    const answer = (run: typeof happened, decision: string, data?: unknown) => world.as("analyst", "POST", `/runs/${run.runId}/answer`, { step_id: run.stepId, decision, reason: "looked at the target", ...(data ? { data } : {}) });
    expect((await world.as("viewer", "POST", `/runs/${happened.runId}/answer`, { step_id: happened.stepId, decision: "fail" })).status).toBe(403);
    expect((await answer(happened, "happened", { status: 201, headers: {}, body: null })).status).toBe(202);
    expect((await answer(happened, "fail")).status).toBe(409);
    expect(await finished(happened.runId)).toMatchObject({ status: "success", steps: [{ output: { status: 201 } }] });
    const failed = await parked();
    expect((await answer(failed, "fail")).status).toBe(202);
    expect((await finished(failed.runId)).status).toBe("failed");
    const { entries } = (await world.as("auditor", "GET", "/audit?action=run_answered")).body;
    expect(entries.map(({ data }: { data: { decision: string } }) => data.decision)).toEqual(["fail", "happened"]);
  });
});

describe("a shipped playbook", () => {
  it("is published from its folder, once, and runs on the next alert", async () => {
    const folder = "playbooks/first-look";
    const first = await publishFolder(world.services.db, { tenantId: world.tenantId, folder, actor: system });
    expect(first).toMatchObject({ slug: "first-look", version: 1, unchanged: false });
    expect(await publishFolder(world.services.db, { tenantId: world.tenantId, folder, actor: system })).toMatchObject({ version: 1, unchanged: true });
    const { body: accepted } = await world.request("POST", "/webhooks/alerts", { key, body: { title: "Seen by First look", severity: "critical" } });
    expect(accepted.playbooks_triggered).toContain("First look");
    expect(accepted.message).toMatch(/^Alert ingested\. \d+ playbooks? triggered\.$/);
    const runs = (await world.as("viewer", "GET", `/alerts/${accepted.alert_id}/runs`)).body.runs;
    const run = await finished(runs.find((each: { playbook: { slug: string } }) => each.playbook.slug === "first-look").id);
    expect([run.status, run.error]).toEqual(["success", null]);
    const { activities } = (await world.as("viewer", "GET", `/alerts/${accepted.alert_id}/activities`)).body;
    // Playbooks that other tests published may comment on it too.
    const byStep = activities.find((each: { action: string; run_id: string }) => each.action === "comment" && each.run_id === run.id);
    expect(byStep).toMatchObject({ actor: { kind: "step" }, run_id: run.id, playbook_name: "First look", node_id: "explain" });
    expect(run.steps.map(({ id }: { id: string }) => id)).toContain(byStep.step_id);
  });
});
