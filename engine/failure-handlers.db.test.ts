/** Playbooks that start because a run failed: who is asked, with what, and that none handles itself. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { parseDocument } from "#format";
import { EngineWorld } from "#tests/support/engine.ts";
import { Probe } from "#tests/support/probe-nodes.ts";
import { uuidv7 } from "./ids.ts";

const probe = new Probe();
let world: EngineWorld;

beforeAll(async () => {
  world = await EngineWorld.create(probe.nodes());
  await world.startWorker();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.pool.query("UPDATE playbooks SET enabled = false");
  probe.script("boom", { do: "fail", kind: "rejected", message: "it broke" });
});

const publish = (name: string, trigger: object, over: object = {}) => world.publishDocument(name, parseDocument({
  format: 1, name, trigger, nodes: [{ id: "note", type: "core.set", input: { got: { expr: "trigger" } } }], edges: [{ id: "e", from: "trigger", to: "note" }], ...over,
}));
const breaking = { nodes: [{ id: "boom", type: "probe.read" }], edges: [{ id: "e", from: "trigger", to: "boom" }] };
const start = async (playbookId: string, input: unknown = null, alertId: string | null = null): Promise<string> => {
  const started = await world.engine.start({ tenantId: world.tenantId, playbookId, input, alertId, actor: { id: null, name: "tester" } });
  if ("error" in started) throw new Error(started.error);
  return started.runId;
};
const runsOf = async (playbookId: string) => (await world.pool.query<{ id: string; origin: object; input: unknown; alert_id: string | null; correlation_id: string; priority: number }>(
  "SELECT id, origin, input, alert_id, correlation_id, priority FROM runs WHERE playbook_id = $1 ORDER BY id", [playbookId])).rows;

async function addAlert(): Promise<{ id: string; correlation: string }> {
  const [id, correlation] = [uuidv7(), uuidv7()];
  await world.pool.query(
    "INSERT INTO alerts (id, tenant_id, source, title, severity, tags, techniques, raw_payload, correlation_id, job_id) VALUES ($1, $2, 'test', 'Odd', 'high', '{}', '{}', '{}', $3, $3)", [id, world.tenantId, correlation]);
  return { id, correlation };
}

it("starts who asks for any, for this one, and who is named, each once, on the same alert", async () => {
  const any = await publish("any", { on: "run-failed", priority: "high" });
  const chosen = await publish("chosen", { on: "run-failed", playbooks: ["fails", "other"] });
  const other = await publish("others", { on: "run-failed", playbooks: ["other"] });
  const named = await publish("named", { on: "manual" });
  const off = await publish("off", { on: "run-failed" });
  await world.pool.query("UPDATE playbooks SET enabled = false WHERE id = $1", [off.playbookId]);
  const fails = await publish("fails", { on: "manual" }, { ...breaking, onRunFailed: "named" });
  const alert = await addAlert();
  const runId = await start(fails.playbookId, { host: "web-1" }, alert.id);
  expect((await world.finished(runId)).status).toBe("failed");
  const payload = { run_id: runId, playbook: { id: fails.playbookId, slug: "fails", name: "fails", version: 1 }, error: { kind: "rejected", message: "it broke", node_id: "boom" }, alert_id: alert.id };
  for (const { playbookId } of [any, chosen, named]) {
    const [run, second] = await runsOf(playbookId);
    expect([second, run]).toMatchObject([undefined, { origin: { kind: "run-failed", of: runId }, input: payload, alert_id: alert.id, correlation_id: alert.correlation }]);
    expect((await world.finished(run!.id)).status).toBe("success");
    expect((await world.step(run!.id, "note")).output).toEqual({ got: payload });
  }
  expect((await runsOf(any.playbookId))[0]!.priority).toBe(-10);
  for (const { playbookId } of [other, off]) expect(await runsOf(playbookId)).toEqual([]);
});

it("starts nobody for what succeeds, is cancelled or is a test", async () => {
  const any = await publish("any-2", { on: "run-failed" });
  const fine = await publish("fine", { on: "manual" });
  const fails = await publish("fails-2", { on: "manual" }, breaking);
  await world.finished(await start(fine.playbookId));
  const test = await world.engine.test({ tenantId: world.tenantId, ...fails, input: null, options: { pins: {}, by: "tester" }, actor: { id: null, name: "tester" } });
  if ("error" in test) throw new Error(test.error);
  expect((await world.finished(test.runId)).status).toBe("failed");
  probe.script("boom", { do: "listen" });
  const hanging = await start(fails.playbookId);
  await world.until(hanging, (row) => row.status === "running");
  await world.engine.cancel({ tenantId: world.tenantId, runId: hanging, actor: { id: null, name: "tester" } });
  expect((await world.finished(hanging)).status).toBe("cancelled");
  expect(await runsOf(any.playbookId)).toEqual([]);
});

it("handles no handler's failure, nor that of what a handler started, nor their re-runs", async () => {
  const child = await publish("child", { on: "manual" }, breaking);
  const handler = await publish("handler", { on: "run-failed" }, { nodes: [{ id: "call", type: "core.run-playbook", config: { playbook: "child" } }], edges: [{ id: "e", from: "trigger", to: "call" }] });
  const named = await publish("named-handler", { on: "manual" }, { ...breaking, onRunFailed: "named-handler" });
  const fails = await publish("fails-3", { on: "manual" }, { ...breaking, onRunFailed: "named-handler" });
  await world.finished(await start(fails.playbookId));
  const handled = async () => ({ handler: (await runsOf(handler.playbookId)).length, named: (await runsOf(named.playbookId)).length, child: (await runsOf(child.playbookId)).length });
  const [first] = await runsOf(handler.playbookId);
  expect((await world.finished(first!.id)).status).toBe("failed");
  await world.finished((await runsOf(named.playbookId))[0]!.id);
  await world.finished((await runsOf(child.playbookId))[0]!.id);
  for (const playbookId of [handler.playbookId, named.playbookId]) {
    const again = await world.engine.rerun({ tenantId: world.tenantId, runId: (await runsOf(playbookId))[0]!.id, actor: { id: null, name: "tester" } });
    if ("error" in again) throw new Error(again.error);
    await world.finished(again.runId);
  }
  await sleep(300);
  expect(await handled()).toEqual({ handler: 2, named: 2, child: 2 });
});

it("leaves a run that another one waits for to that one, unless it is chosen", async () => {
  const any = await publish("any-4", { on: "run-failed" });
  const chosen = await publish("chosen-4", { on: "run-failed", playbooks: ["child-4"] });
  await publish("child-4", { on: "manual" }, breaking);
  const parent = await publish("parent-4", { on: "manual" }, {
    nodes: [{ id: "call", type: "core.run-playbook", config: { playbook: "child-4" }, onFailure: "port" }], edges: [{ id: "e", from: "trigger", to: "call" }],
  });
  expect((await world.finished(await start(parent.playbookId))).status).toBe("success");
  expect([await runsOf(any.playbookId), (await runsOf(chosen.playbookId)).length]).toEqual([[], 1]);
});

it("refuses to be started by hand without a failure", async () => {
  const { playbookId } = await publish("by-hand", { on: "run-failed" });
  expect(await world.engine.start({ tenantId: world.tenantId, playbookId, actor: { id: null, name: "tester" } })).toMatchObject({ error: "invalid", wrong: [{ field: "" }] });
});

it("checks what a playbook is given by another one, against its form", async () => {
  const form = [{ name: "host", type: "text", required: true }, { name: "hours", type: "number", default: 24 }];
  const asked = await publish("asked", { on: "manual", form });
  const call = (name: string, input: object) => publish(name, { on: "manual" }, {
    nodes: [{ id: "call", type: "core.run-playbook", config: { playbook: "asked" }, input: { input: { value: input } } }], edges: [{ id: "e", from: "trigger", to: "call" }],
  });
  const wrong = await world.finished(await start((await call("calls-wrong", { hours: "1" })).playbookId));
  expect(wrong).toMatchObject({ status: "failed", error: { message: expect.stringContaining('the playbook "asked" cannot start with this input: host: this is needed; hours: give a number') } });
  expect((await world.finished(await start((await call("calls-right", { host: "web-1" })).playbookId))).status).toBe("success");
  expect((await runsOf(asked.playbookId)).map((run) => run.input)).toEqual([{ host: "web-1", hours: 24 }]);
});
