import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLog } from "#app/server/log.ts";
import { BASE_URL, WebWorld } from "#app/server/testing.ts";
import { startWorker, type WorkerHandle } from "#engine/start-worker.ts";
import { resolveNode } from "#nodes";
import { startSlack, type SlackSimulator } from "#tests/simulators/slack.ts";

let world: WebWorld;
let worker: WorkerHandle;
let slack: SlackSimulator;
let alertId: string;

beforeAll(async () => {
  world = await WebWorld.create();
  slack = await startSlack();
  worker = await startWorker({
    engineUrl: world.database.engineUrl, secretKey: world.secretKey, baseUrl: BASE_URL, concurrency: 4, allowPrivate: true, resolveNode,
    onDeclaredDead: () => undefined, log: createLog("silent"),
  });
  const connection = await world.as("admin", "POST", "/integrations", { type: "slack", name: "slack", allow_private: true, settings: { bot_token: slack.token, api_url: slack.apiUrl, default_channel: "#alerts" } });
  expect(connection.status).toBe(201);
  const answer = await world.request("POST", "/webhooks/alerts/generic", { key: await world.addKey(), body: { title: "Stored alert", severity: "high", source_ip: "203.0.113.9" } });
  alertId = answer.body.alert_id;
});
afterAll(async () => {
  await worker.stop();
  await slack.close();
  await world.close();
});

const nodes = [
  { id: "score", type: "core.code", input: { result: { file: "code/score.ts" } } },
  { id: "high", type: "core.condition", input: { test: { expr: "steps.score.points > 10" } } },
  { id: "tell", type: "slack.post-message", input: { text: { expr: "`${alert.title} scored ${steps.score.points}`" } } },
  { id: "close", type: "alert.resolve", input: { determination: { value: "benign" } } },
  { id: "sum", type: "core.set", input: { points: { expr: "steps.score.points" }, told: { expr: "steps.tell !== undefined" }, status: { expr: "steps.close?.status ?? 'nothing'" } } },
];
const document = (name: string, over: object = {}) => ({
  format: 1, name, nodes,
  edges: [["trigger", "out", "score"], ["score", "out", "high"], ["high", "true", "tell"], ["tell", "out", "close"], ["close", "out", "sum"], ["high", "false", "sum"]].map(([from, port, to], at) => ({ id: `e${at}`, from, port, to })),
  ...over,
});
const files = { "code/score.ts": "export default ({ alert }: any) => ({ points: alert?.severity === 'high' ? 20 : 1 });" };

/** Straight into the draft: an editor would get there by operations. */
async function draft(slug: string, content: object = document(slug), code: Record<string, string> = files): Promise<string> {
  const { rows } = await world.owner.query<{ id: string }>("INSERT INTO playbooks (id, tenant_id, slug, name) VALUES ($1, $2, $3, $3) ON CONFLICT (tenant_id, slug) DO UPDATE SET name = $3 RETURNING id", [randomUUID(), world.tenantId, slug]);
  await world.owner.query("INSERT INTO playbook_drafts (playbook_id, tenant_id, document, layout, files) VALUES ($1, $2, $3, '{}', $4) ON CONFLICT (playbook_id) DO UPDATE SET document = $3, files = $4", [rows[0]!.id, world.tenantId, content, code]);
  return slug;
}

const start = (slug: string, body: object, role: "analyst" | "viewer" = "analyst") => world.as(role, "POST", `/playbooks/${slug}/draft/test`, body);

async function tested(slug: string, body: object) {
  const answer = await start(slug, body);
  expect([answer.status, answer.body]).toEqual([202, { run_id: expect.any(String) }]);
  const path = `/runs/${answer.body.run_id}`;
  await expect.poll(async () => (await world.as("viewer", "GET", path)).body.status, { timeout: 15_000 }).toMatch(/^(success|failed|cancelled)$/);
  const { body: run } = await world.as("viewer", "GET", path);
  return { run, statuses: Object.fromEntries(run.steps.map((step: { node_id: string; status: string }) => [step.node_id, step.status])), step: (id: string) => run.steps.find((step: { node_id: string }) => step.node_id === id) };
}

describe("testing a draft", () => {
  it("runs it on a stored alert, with writes held, and counts for nothing", async () => {
    await draft("counted");
    const before = (await world.as("viewer", "GET", `/alerts/${alertId}`)).body;
    const { run, statuses, step } = await tested("counted", { alert_id: alertId });
    expect(run).toMatchObject({ status: "success", mode: "test", alert_id: alertId, playbook: { slug: "counted", version: null }, test: { only: null, upto: null, pins: [], is_pasted: false, by: expect.stringMatching(/^analyst/) }, trigger: { title: "Stored alert" } });
    expect(statuses).toEqual({ score: "success", high: "success", tell: "held", close: "held", sum: "success" });
    expect(step("tell")).toMatchObject({ effect: "write", port: "out", input: { text: "Stored alert scored 20" }, output: { channel: null } });
    expect(step("sum").output).toEqual({ points: 20, told: true, status: "resolved" });
    expect(slack.messages).toEqual([]);

    expect((await world.as("viewer", "GET", `/alerts/${alertId}`)).body).toEqual(before);
    const { body: history } = await world.as("viewer", "GET", `/alerts/${alertId}/activities`);
    expect(history.activities.map(({ action }: { action: string }) => action)).toEqual(["created"]);
    for (const path of [`/alerts/${alertId}/runs`, `/runs?alert_id=${alertId}`, "/runs?playbook=counted"]) expect((await world.as("viewer", "GET", path)).body.total).toBe(0);
    expect((await world.as("viewer", "GET", "/runs?playbook=counted&mode=test")).body.runs.map(({ id }: { id: string }) => id)).toEqual([run.id]);
    expect((await world.as("viewer", "GET", "/playbooks/counted")).body).toMatchObject({ version: null, versions: [], runs: { total: 0 } });
    expect((await world.as("admin", "GET", "/audit")).body.entries[0]).toMatchObject({ action: "playbook_tested", data: { run_id: run.id } });
  });

  it("makes one snapshot of the same content, and none of them is a version", async () => {
    await draft("snapshots");
    await Promise.all([start("snapshots", {}), start("snapshots", {}), start("snapshots", { only: "score" })]);
    await draft("snapshots", document("snapshots"), { "code/score.ts": `${files["code/score.ts"]}// changed` });
    await start("snapshots", {});
    const { rows } = await world.owner.query("SELECT v.number FROM playbook_versions v JOIN playbooks p ON p.id = v.playbook_id WHERE p.slug = 'snapshots'");
    expect(rows).toEqual([{ number: null }, { number: null }]);
    const published = await world.as("playbook_author", "POST", "/playbooks", { slug: "snapshots", document: { format: 1, name: "S", nodes: [], edges: [] } });
    expect([published.status, published.body.version]).toEqual([201, 1]);
    await start("snapshots", {});
    expect((await world.as("viewer", "GET", "/playbooks/snapshots")).body.versions.map(({ number }: { number: number }) => number)).toEqual([1]);
  });

  it("goes up to a node, or runs one on what is pinned or an earlier run recorded", async () => {
    await draft("parts");
    const whole = await tested("parts", { alert_id: alertId });
    const upto = await tested("parts", { alert_id: alertId, upto: "high" });
    expect(upto.statuses).toEqual({ score: "success", high: "success" });
    expect(upto.run.test).toMatchObject({ upto: "high" });

    const pinned = await tested("parts", { only: "sum", pins: { score: { port: "out", data: { points: 3 } } } });
    expect(pinned.statuses).toEqual({ score: "success", sum: "success" });
    expect(pinned.step("score")).toMatchObject({ pinned: true });
    expect(pinned.step("sum").output).toEqual({ points: 3, told: false, status: "nothing" });
    expect(pinned.run.test).toMatchObject({ only: "sum", pins: ["score"] });

    const recorded = await tested("parts", { only: "sum", from_run: whole.run.id, pins: { score: { port: "out", data: { points: 4 } } } });
    expect(recorded.step("sum").output).toEqual({ points: 4, told: true, status: "resolved" });
    expect(recorded.run).toMatchObject({ alert_id: alertId, test: { pins: ["close", "high", "score", "tell"] } });
  });

  it("repeats a test as a test", async () => {
    await draft("repeated");
    const { run } = await tested("repeated", { alert_id: alertId, upto: "tell" });
    const again = await world.as("analyst", "POST", `/runs/${run.id}/rerun`);
    expect(again.status).toBe(202);
    expect((await world.as("viewer", "GET", `/runs/${again.body.run_id}`)).body).toMatchObject({ mode: "test", test: { upto: "tell" }, playbook: { version: null } });
    expect(slack.messages).toEqual([]);
  });
});

describe("a pasted payload", () => {
  const wazuh = readFileSync("bin/sample-alert.json", "utf8");

  it("is the alert that it would become, and is stored nowhere", async () => {
    await draft("pasted", document("pasted", { nodes: [...nodes, { id: "look", type: "alert.get" }], edges: [{ id: "a", from: "trigger", to: "look" }] }));
    const count = async () => (await world.owner.query("SELECT count(*)::int AS n FROM alerts")).rows[0].n;
    const before = await count();
    for (const payload of [wazuh, JSON.parse(wazuh)]) {
      const { run, step } = await tested("pasted", { payload });
      expect(run).toMatchObject({ status: "success", alert_id: null, alert_title: expect.any(String), test: { is_pasted: true }, trigger: JSON.parse(wazuh) });
      expect(step("look").output).toMatchObject({ source: "wazuh", title: run.alert_title, status: "new" });
    }
    const asGeneric = await tested("pasted", { payload: { title: "T", severity: "high" }, source: "generic" });
    expect(asGeneric.step("look").output).toMatchObject({ title: "T", source: "generic" });
    const again = await tested("pasted", { only: "look", from_run: asGeneric.run.id });
    expect(again.step("look").output).toMatchObject({ title: "T" });
    expect(await count()).toBe(before);
  });

  it("is the input of a playbook that people start, unless its source is named", async () => {
    await draft("manual", document("manual", { trigger: { on: "manual" }, nodes: [{ id: "show", type: "core.set", input: { n: { expr: "(trigger as any).n" }, title: { expr: "alert?.title ?? null" } } }], edges: [{ id: "a", from: "trigger", to: "show" }] }));
    expect((await tested("manual", { payload: { n: 1, title: "T" } })).step("show").output).toEqual({ n: 1, title: null });
    expect((await tested("manual", { payload: "{\"n\":2,\"title\":\"T\"}", source: "generic" })).step("show").output).toEqual({ n: 2, title: "T" });
  });

  it("is what the trigger of the draft gives", async () => {
    const show = { nodes: [{ id: "show", type: "core.set", input: { got: { expr: "trigger as any" } } }], edges: [{ id: "a", from: "trigger", to: "show" }] };
    const got = async (slug: string, trigger: object, body: object) => {
      await draft(slug, document(slug, { trigger, ...show }));
      return (await tested(slug, body)).step("show").output.got;
    };
    const form = [{ name: "host", type: "text", required: true }, { name: "hours", type: "number", default: 24 }];
    expect(await got("by-form", { on: "manual", form }, { payload: { host: "web-1" } })).toEqual({ host: "web-1", hours: 24 });
    expect(await got("by-schedule", { on: "schedule", schedule: { cron: "0 6 * * *" } }, {})).toEqual({ scheduled_for: expect.any(String), fired_at: expect.any(String) });
    expect(await got("by-hook", { on: "webhook" }, { payload: "not JSON" })).toBe("not JSON");
    expect(await start("by-form", { payload: { hours: "1" } })).toMatchObject({ status: 422, body: { detail: [{ loc: ["body", "payload", "host"], msg: "this is needed" }, { loc: ["body", "payload", "hours"], msg: "give a number" }] } });
    await draft("by-failure", document("by-failure", { trigger: { on: "run-failed" }, ...show }));
    expect(await start("by-failure", {})).toMatchObject({ status: 422, body: { detail: [{ loc: ["body", "payload"] }] } });
  });

  it.each([
    ["text that is not JSON", { payload: "{title:" }, "the payload is not JSON"],
    ["a list", { payload: [1] }, "an alert is a JSON object, not a list"],
    ["nothing", { payload: null }, "an alert is a JSON object, not null"],
    ["an unknown source", { payload: {}, source: "nosuch" }, "there is no source \"nosuch\""],
    ["a deep one", { payload: `{"a":${"[".repeat(200)}${"]".repeat(200)}}` }, "nested more than 100 levels"],
  ])("refuses %s", async (_name, body, message) => {
    await draft("refused");
    const answer = await start("refused", body);
    expect([answer.status, answer.body.detail[0].msg]).toEqual([422, expect.stringContaining(message)]);
  });
});

describe("what a test refuses", () => {
  it("lists what is wrong with the nodes that take part, and with no other", async () => {
    const wrong = { ...document("wrong"), nodes: [...nodes, { id: "gone", type: "vendor.gone" }, { id: "empty", type: "core.condition" }, { id: "syntax", type: "core.set", input: { a: { expr: "1 +" } } }, { id: "types", type: "core.set", input: { a: { expr: "alert.nosuch" } } }] };
    await draft("wrong", { ...wrong, edges: [...wrong.edges, ...["gone", "empty", "syntax"].map((to) => ({ id: to, from: "sum", to })), { id: "types", from: "trigger", to: "types" }] });
    const whole = await start("wrong", { alert_id: alertId });
    expect(whole.status).toBe(422);
    expect(whole.body.detail).toEqual([
      { loc: ["nodes", "gone"], msg: expect.stringContaining("no node of type vendor.gone") },
      { loc: ["nodes", "empty", "input", "test"], msg: "\"test\" needs a value" },
    ]);
    expect((await start("wrong", { only: "syntax" })).body.detail).toEqual([{ loc: ["nodes", "syntax", "input", "a"], msg: expect.stringContaining("line 1") }]);
    expect((await tested("wrong", { alert_id: alertId, upto: "sum" })).run.status).toBe("success");
    expect((await tested("wrong", { alert_id: alertId, only: "types" })).run.status).toBe("success");
    expect((await tested("wrong", { alert_id: alertId, upto: "sum", pins: { score: { port: "out", data: { points: 1 } } } })).statuses).toMatchObject({ tell: "skipped", sum: "success" });
  });

  it("a circle in what takes part, but not elsewhere", async () => {
    await draft("circle", { ...document("circle"), edges: [...document("circle").edges, { id: "back", from: "sum", port: "out", to: "high" }] });
    expect((await start("circle", { alert_id: alertId })).body.detail[0].msg).toContain("circle");
    expect((await tested("circle", { alert_id: alertId, upto: "score" })).run.status).toBe("success");
    expect((await tested("circle", { alert_id: alertId, only: "sum", pins: { score: { port: "out", data: { points: 1 } } } })).run.status).toBe("success");
  });

  it.each([
    [{ only: "nosuch" }, ["body", "only"]],
    [{ upto: "nosuch" }, ["body", "upto"]],
    [{ only: "sum", upto: "sum" }, ["body", "upto"]],
    [{ alert_id: randomUUID(), payload: {} }, ["body", "payload"]],
    [{ pins: { nosuch: { port: "out", data: 1 } } }, ["body", "pins", "nosuch"]],
    [{ pins: { high: { port: "maybe", data: 1 } } }, ["body", "pins", "high", "port"]],
    [{ only: "sum", pins: { sum: { port: "out", data: 1 } } }, ["body", "pins", "sum"]],
    [{ pins: { high: { port: "true" } } }, ["body", "pins", "high", "data"]],
    [{ document: {} }, ["body"]],
  ])("%j", async (body, loc) => {
    await draft("asked");
    const answer = await start("asked", body);
    expect([answer.status, answer.body.detail[0].loc]).toEqual([422, loc]);
  });

  it("what is not there, is another playbook's, or another tenant's", async () => {
    await draft("mine");
    await draft("other");
    const { run } = await tested("other", { alert_id: alertId });
    expect((await start("mine", { from_run: run.id })).body.detail).toEqual([{ loc: ["body", "from_run"], msg: "this is a run of another playbook" }]);
    expect((await start("nosuch", {})).status).toBe(404);
    expect((await start("mine", { alert_id: randomUUID() })).status).toBe(404);
    expect((await start("mine", { from_run: randomUUID() })).status).toBe(404);

    const { token } = await world.person("admin", world.otherTenantId);
    const foreign = (path: string, body: object) => world.request("POST", path, { token, body });
    expect((await foreign("/playbooks/mine/draft/test", {})).status).toBe(404);
    expect((await foreign("/playbooks", { slug: "theirs", document: { format: 1, name: "Theirs", nodes: [{ id: "a", type: "core.set" }], edges: [] } })).status).toBe(201);
    expect((await foreign("/playbooks/theirs/draft/test", { alert_id: alertId })).status).toBe(404);
    expect((await foreign("/playbooks/theirs/draft/test", { only: "a", from_run: run.id })).status).toBe(404);
    expect((await foreign("/playbooks/theirs/draft/test", {})).status).toBe(202);
  });

  it("who may not run playbooks", async () => {
    await draft("viewed");
    const answer = await start("viewed", {}, "viewer");
    expect([answer.status, answer.body.detail]).toEqual([403, "Permission denied: requires playbooks:execute"]);
  });
});
