import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApprovalWire } from "#app/models/wire.ts";
import { createLog } from "#app/server/log.ts";
import { BASE_URL, WebWorld } from "#app/server/testing.ts";
import { startWorker, type WorkerHandle } from "#engine/start-worker.ts";
import { resolveNode } from "#nodes";

let world: WebWorld;
let worker: WorkerHandle;
let alertId: string;

beforeAll(async () => {
  world = await WebWorld.create();
  worker = await startWorker({
    engineUrl: world.database.engineUrl, secretKey: world.secretKey, baseUrl: BASE_URL, concurrency: 4, allowPrivate: true, resolveNode,
    onDeclaredDead: () => undefined, log: createLog("silent"),
  });
  alertId = (await world.request("POST", "/webhooks/alerts/generic", { key: await world.addKey(), body: { title: "Beacon from web-01", severity: "high", hostname: "web-01", source_ip: "203.0.113.9" } })).body.alert_id;
});
afterAll(async () => {
  await worker.stop();
  await world.close();
});

type Node = Record<string, unknown>;

async function publish(slug: string, nodes: Node[], edges: [string, string, string][]): Promise<void> {
  const document = { format: 1, name: slug, trigger: { on: "manual" }, nodes, edges: edges.map(([from, port, to], at) => ({ id: `e${at}`, from, port, to })) };
  const { status, body } = await world.as("admin", "POST", "/playbooks", { slug, document });
  expect([status, body.detail]).toEqual([201, undefined]);
}

async function start(slug: string, body: object = { alert_id: alertId }): Promise<string> {
  const answer = await world.as("analyst", "POST", `/playbooks/${slug}/run`, body);
  expect(answer.status).toBe(202);
  return answer.body.run_id;
}

const read = async (runId: string) => (await world.as("viewer", "GET", `/runs/${runId}`)).body;

async function open(runId: string, count = 1): Promise<ApprovalWire[]> {
  let approvals: ApprovalWire[] = [];
  await expect.poll(async () => (approvals = (await world.as("viewer", "GET", `/approvals?run_id=${runId}`)).body.approvals).length, { timeout: 10_000 }).toBe(count);
  return approvals;
}

const finished = async (runId: string): Promise<string> => {
  let status = "";
  await expect.poll(async () => (status = (await read(runId)).status), { timeout: 10_000 }).toMatch(/^(success|failed|cancelled)$/);
  return status;
};

const reply = (runId: string, body: object, role: "analyst" | "admin" | "viewer" | "playbook_author" = "analyst") => world.as(role, "POST", `/runs/${runId}/reply`, body);

const gate = (over: object = {}): [Node[], [string, string, string][]] => [
  [{ id: "close", type: "alert.resolve", title: "Close the alert", approval: { text: "Is it a server?", timeout: 3600, ...over }, onFailure: "port", input: { determination: { value: "benign" }, reason: { expr: "alert?.hostname ?? null" } } }, { id: "kept", type: "core.set", input: { kept: { value: true } } }],
  [["trigger", "out", "close"], ["close", "failed", "kept"]],
];

describe("an approval", () => {
  it("is listed with exactly what will be done, and goes on when it is given", async () => {
    await publish("gate", ...gate());
    const runId = await start("gate");
    const [approval] = await open(runId);
    expect(approval).toMatchObject({
      kind: "approval", title: "Close the alert", text: "Is it a server?", input: { determination: "benign", reason: "web-01" }, settings: {}, connection: null, roles: null, answer: null,
      run: { id: runId, status: "waiting", mode: "live" }, playbook: { slug: "gate", version: 1 }, alert: { id: alertId, title: "Beacon from web-01", severity: "high" },
      step: { node_id: "close", node_type: "alert.resolve", item: "", effect: "write" }, choices: [{ value: "approve" }, { value: "refuse" }],
    });
    expect(Date.parse(approval!.until!) - Date.parse(approval!.asked_at)).toBeGreaterThan(3_590_000);
    const run = await read(runId);
    expect(run).toMatchObject({ waiting_on: { kind: "approval", wait_id: approval!.id, until: approval!.until }, waits: [{ id: approval!.id, kind: "approval", until: approval!.until }], parent: null, children: [] });

    expect((await reply(runId, { wait_id: approval!.id, choice: "perhaps" })).body).toEqual({ detail: [{ loc: ["body", "choice"], msg: "choose one of approve, refuse" }] });
    expect(await reply(runId, { wait_id: approval!.id, choice: "approve", reason: "known" })).toMatchObject({ status: 202, body: { id: runId, wait_id: approval!.id, choice: "approve" } });
    expect(await finished(runId)).toBe("success");
    expect((await world.as("viewer", "GET", `/alerts/${alertId}`)).body).toMatchObject({ status: "resolved" });

    expect((await world.as("viewer", "GET", `/approvals?run_id=${runId}`)).body).toEqual({ approvals: [], total: 0, next_cursor: null });
    const { body: history } = await world.as("viewer", "GET", `/approvals?run_id=${runId}&status=answered`);
    expect(history.approvals).toMatchObject([{ id: approval!.id, answer: { outcome: "answered", choice: "approve", reason: "known", by: expect.stringMatching(/^analyst-/) } }]);
    const { body: audit } = await world.as("admin", "GET", "/audit?action=run_replied");
    expect(audit.entries[0]).toMatchObject({ target: runId, actor: { kind: "user", name: expect.stringMatching(/^analyst-/) }, data: { wait_id: approval!.id, choice: "approve", reason: "known" } });
  });

  it("refused, goes on as the playbook says; a second answer hears whose was the first", async () => {
    await publish("gate-refused", ...gate());
    const runId = await start("gate-refused");
    const [approval] = await open(runId);
    const answers = await Promise.all(["refuse", "refuse", "refuse"].map((choice) => reply(runId, { wait_id: approval!.id, choice })));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.detail).toMatch(/^analyst-\w+ has answered already: refuse$/);
    expect(await finished(runId)).toBe("success");
    expect((await read(runId)).steps.map(({ node_id, status }: { node_id: string; status: string }) => [node_id, status])).toEqual([["close", "failed"], ["kept", "success"]]);
  });

  it("is for the roles it names, and for nobody who may not run playbooks", async () => {
    await publish("gate-roles", ...gate({ roles: ["admin", "playbook_author"] }));
    const runId = await start("gate-roles");
    const [approval] = await open(runId);
    const body = { wait_id: approval!.id, choice: "refuse" };
    expect(await reply(runId, body)).toMatchObject({ status: 403, body: { detail: "Only admin or playbook_author may answer this; your role is analyst" } });
    expect(await reply(runId, body, "viewer")).toMatchObject({ status: 403, body: { detail: "Permission denied: requires playbooks:execute" } });
    expect((await reply(runId, body, "playbook_author")).status).toBe(202);
    expect(await finished(runId)).toBe("success");
  });

  it("is not known to another tenant, nor by another run's id", async () => {
    await publish("gate-tenant", ...gate());
    const runId = await start("gate-tenant");
    const [approval] = await open(runId);
    const { token } = await world.person("admin", world.otherTenantId);
    const body = { wait_id: approval!.id, choice: "approve" };
    expect((await world.request("POST", `/runs/${runId}/reply`, { token, body })).status).toBe(404);
    expect((await world.request("GET", `/approvals?run_id=${runId}`, { token })).body.approvals).toEqual([]);
    expect((await reply(randomUUID(), body)).status).toBe(404);
    expect((await reply(runId, { ...body, wait_id: randomUUID() })).status).toBe(404);
    for (const wrong of [{}, { ...body, wait_id: "x" }, { ...body, choice: 7 }, { ...body, reason: "x".repeat(2001) }, { ...body, values: [] }, { ...body, more: 1 }]) expect((await reply(runId, wrong)).status).toBe(422);
    expect((await reply(runId, { ...body, values: { a: "x".repeat(70_000) } })).body.detail[0].msg).toContain("at most 64 kB");

    await world.as("analyst", "POST", `/runs/${runId}/cancel`);
    expect(await finished(runId)).toBe("cancelled");
    expect(await reply(runId, body)).toMatchObject({ status: 409, body: { detail: "Nobody is asked any more: what asked has ended" } });
    expect((await world.as("viewer", "GET", `/approvals?run_id=${runId}&status=answered`)).body.approvals).toMatchObject([{ answer: { outcome: "withdrawn", choice: null, by: null } }]);
  });
});

describe("a question", () => {
  const asking = (config: object = {}): [Node[], [string, string, string][]] => [
    [
      { id: "ask", type: "core.ask", title: "Ask the owner", config: { answers: [{ port: "block", label: "Block it" }, { port: "leave", label: "Leave it" }], fields: [{ name: "hours", label: "For how long?", type: "number", required: true }], ...config }, input: { question: { expr: "`Block ${alert?.source_ip}?`" } } },
      { id: "end", type: "core.stop", input: { result: { expr: "steps.ask" } } },
    ],
    [["trigger", "out", "ask"], ["ask", "block", "end"]],
  ];

  it("takes a form, and names each field that does not fit", async () => {
    await publish("ask", ...asking());
    const runId = await start("ask");
    const [question] = await open(runId);
    expect(question).toMatchObject({ kind: "question", title: "Block 203.0.113.9?", step: { title: "Ask the owner" }, fields: [{ name: "hours", type: "number", required: true }], choices: [{ value: "block", label: "Block it" }, { value: "leave" }] });
    const { status, body } = await reply(runId, { wait_id: question!.id, choice: "burn", values: { hours: "many", more: 1 } });
    expect([status, body.detail]).toEqual([422, [
      { loc: ["body", "choice"], msg: "choose one of block, leave" }, { loc: ["body", "values", "hours"], msg: "give a number" }, { loc: ["body", "values", "more"], msg: "the question has no such field" },
    ]]);
    expect((await reply(runId, { wait_id: question!.id, choice: "block", values: { hours: 4 }, reason: "seen" })).status).toBe(202);
    expect(await finished(runId)).toBe("success");
    expect((await read(runId)).result).toMatchObject({ result: { answer: "block", values: { hours: 4 }, reason: "seen" } });
  });

  it("that nobody answers in time says so to who comes late", async () => {
    await publish("ask-late", ...asking({ timeout: 0.3 }));
    const runId = await start("ask-late");
    expect(await finished(runId)).toBe("success");
    const { body } = await world.as("viewer", "GET", `/approvals?run_id=${runId}&status=answered`);
    expect(body.approvals).toMatchObject([{ answer: { outcome: "timed_out", choice: null, by: null } }]);
    expect((await reply(runId, { wait_id: body.approvals[0].id, choice: "block", values: { hours: 1 } })).body.detail).toBe("Nobody answered in time: the run has gone on without");
  });

  it("is asked once per item, listed oldest first, page by page", async () => {
    await publish("ask-each", [
      { id: "all", type: "core.each", config: { concurrency: 5 }, input: { items: { value: ["a", "b", "c", "d", "e"] } } },
      { id: "ask", type: "core.ask", in: "all", input: { question: { expr: "item" } } },
    ], [["trigger", "out", "all"]]);
    const runId = await start("ask-each", {});
    const all = await open(runId, 5);
    expect(all.map(({ step }) => step.item).sort()).toEqual([0, 1, 2, 3, 4].map((at) => `all[${at}]`));
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const { body } = await world.as("viewer", "GET", `/approvals?run_id=${runId}&limit=2${cursor && `&cursor=${cursor}`}`);
      expect(body.total).toBe(5);
      seen.push(...body.approvals.map(({ id }: ApprovalWire) => id));
      cursor = body.next_cursor;
    }
    expect(seen).toEqual(all.map(({ id }) => id));
    for (const { id } of all) expect((await reply(runId, { wait_id: id, choice: "no" })).status).toBe(202);
    expect(await finished(runId)).toBe("success");
    const { body: first } = await world.as("viewer", "GET", `/approvals?run_id=${runId}&status=answered&limit=3`);
    const { body: second } = await world.as("viewer", "GET", `/approvals?run_id=${runId}&status=answered&limit=3&cursor=${first.next_cursor}`);
    expect(new Set([...first.approvals, ...second.approvals].map(({ id }: ApprovalWire) => id)).size).toBe(5);
    expect(second.next_cursor).toBeNull();
    expect((await world.as("viewer", "GET", `/approvals?run_id=${runId}&status=answered&kind=approval`)).body.total).toBe(0);
  });

  it("of a test is asked on its own run, and nobody else is bothered", async () => {
    await publish("ask-test", ...asking());
    const before = (await world.as("viewer", "GET", "/approvals")).body.total;
    const { body } = await world.as("analyst", "POST", "/playbooks/ask-test/draft/test", { alert_id: alertId });
    await open(body.run_id);
    expect((await world.as("viewer", "GET", "/approvals")).body.total).toBe(before);
    await world.as("analyst", "POST", `/runs/${body.run_id}/cancel`);
    expect(await finished(body.run_id)).toBe("cancelled");
  });
});

describe("a run that another one started", () => {
  it("knows its parent, which knows it; a cancel takes both", async () => {
    await publish("child-asks", [{ id: "ask", type: "core.ask", input: { question: { value: "Go on?" } } }], [["trigger", "out", "ask"]]);
    await publish("parent", [{ id: "sub", type: "core.run-playbook", config: { playbook: "child-asks" }, input: {} }], [["trigger", "out", "sub"]]);
    const runId = await start("parent");
    await expect.poll(async () => (await read(runId)).children.length, { timeout: 10_000 }).toBe(1);
    const [child] = (await read(runId)).children;
    const { steps: [sub] } = await read(runId);
    expect(child).toMatchObject({ step_id: sub.id, playbook: { slug: "child-asks" } });
    expect((await read(child.run_id)).parent).toMatchObject({ run_id: runId, step_id: sub.id, playbook: { slug: "parent" } });
    await open(child.run_id);
    expect((await read(runId)).waiting_on).toMatchObject({ kind: "run", run_id: child.run_id });
    expect((await world.as("analyst", "POST", `/runs/${runId}/cancel`)).body).toEqual({ id: runId, status: "cancelling", children: 1 });
    expect([await finished(runId), await finished(child.run_id)]).toEqual(["cancelled", "cancelled"]);
  });
});
