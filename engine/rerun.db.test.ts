/** Runs that repeat runs: from the start, from a step, from inside a loop, on a newer version; with what becomes of calls that happened. */
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { EngineWorld, type ShortPlaybook } from "#tests/support/engine.ts";
import { Probe } from "#tests/support/probe-nodes.ts";

let world: EngineWorld;
const probe = new Probe();

beforeAll(async () => {
  world = await EngineWorld.create(probe.nodes());
  await world.startWorker();
});
afterEach(() => {
  expect(world.errors).toEqual([]);
});
afterAll(() => world.close());

const ana = { id: null, name: "ana" };
const stepIdOf = async (runId: string, node: string, item = "") => (await world.trace(runId)).steps.find((step) => step.node_id === node && step.item === item)!.id;
const statuses = async (runId: string) => Object.fromEntries((await world.trace(runId)).steps.map(({ node_id, item, status, pinned }) => [item === "" ? node_id : `${node_id}@${item}`, pinned ? "reused" : status]));

async function again(runId: string, request: Omit<Parameters<EngineWorld["engine"]["rerun"]>[0], "tenantId" | "runId" | "actor"> = {}): Promise<string> {
  const result = await world.engine.rerun({ tenantId: world.tenantId, runId, actor: ana, ...request });
  if ("error" in result) throw new Error(result.error);
  await world.finished(result.runId);
  return result.runId;
}

const chain = (more: Record<string, Record<string, unknown>> = {}): ShortPlaybook => ({
  nodes: { look: { type: "probe.read" }, ticket: { type: "probe.write" }, block: { type: "probe.contain" }, tell: { type: "probe.write" }, ...more },
  edges: ["trigger -> look", "look -> ticket", "ticket -> block", "block -> tell"],
});
const callsSince = (before: number) => probe.calls.slice(before).map(({ node }) => node);

describe("from the start", () => {
  it("does everything anew, and repeats a containment only for a reason", async () => {
    const id = await world.run("whole", chain());
    await world.finished(id);
    expect(await world.engine.rerun({ tenantId: world.tenantId, runId: id, actor: ana })).toEqual({ error: "reason-required" });
    const before = probe.calls.length;
    const second = await again(id, { reason: "the host came back" });
    expect(callsSince(before)).toEqual(["look", "ticket", "block", "tell"]);
    expect(await world.row(second)).toMatchObject({ status: "success" });
    const keys = probe.callsOf("ticket").map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("reuses, repeats or skips each call that happened, as it is told", async () => {
    const id = await world.run("choices", chain());
    await world.finished(id);
    const [ticket, block] = await Promise.all([stepIdOf(id, "ticket"), stepIdOf(id, "block")]);
    const preview = await world.engine.previewRerun({ tenantId: world.tenantId, runId: id });
    expect(preview).toMatchObject({ needsReason: true, receipts: [{ nodeId: "ticket", effect: "write", choice: "repeat" }, { nodeId: "block", effect: "contain", choice: "repeat" }, { nodeId: "tell" }] });
    const before = probe.calls.length;
    const reused = await again(id, { receipts: { [ticket]: "reuse", [block]: "reuse" } });
    expect(callsSince(before)).toEqual(["look", "tell"]);
    expect(await statuses(reused)).toEqual({ look: "success", ticket: "reused", block: "reused", tell: "success" });
    const skipped = await again(id, { receipts: { [ticket]: "reuse", [block]: "skip" } });
    expect(await statuses(skipped)).toEqual({ look: "success", ticket: "reused", block: "skipped", tell: "skipped" });
  });
});

describe("from a step", () => {
  it("keeps what came before, does what follows anew, and repeats no call that happened unless told", async () => {
    probe.script("look", { do: "return", data: { seen: 1 } }, { do: "return", data: { seen: 2 } });
    const id = await world.run("middle", chain({ ticket: { type: "probe.write", input: { value: { expr: "steps.look.seen" } } } }));
    await world.finished(id);
    probe.script("look", { do: "return" });
    const before = probe.calls.length;
    const kept = await again(id, { from: [await stepIdOf(id, "ticket")] });
    expect(callsSince(before)).toEqual([]);
    expect(await statuses(kept)).toEqual({ look: "reused", ticket: "reused", block: "reused", tell: "reused" });
    const repeated = await again(id, { from: [await stepIdOf(id, "ticket")], receipts: { [await stepIdOf(id, "ticket")]: "repeat", [await stepIdOf(id, "tell")]: "repeat" } });
    expect(callsSince(before)).toEqual(["ticket", "tell"]);
    expect(await world.step(repeated, "ticket")).toMatchObject({ input: { value: 1 } });
  });

  it("a retry begins where it failed", async () => {
    probe.script("flaky", { do: "fail", kind: "rejected" }, { do: "return", data: { ok: true } });
    const id = await world.run("retry", { nodes: { first: { type: "probe.write" }, flaky: { type: "probe.write" }, last: { type: "probe.write" } }, edges: ["trigger -> first", "first -> flaky", "flaky -> last"] });
    expect(await world.finished(id)).toMatchObject({ status: "failed" });
    const before = probe.calls.length;
    const second = await again(id, { from: "failed" });
    expect(callsSince(before)).toEqual(["flaky", "last"]);
    expect(await statuses(second)).toEqual({ first: "reused", flaky: "success", last: "success" });
    expect(await world.engine.rerun({ tenantId: world.tenantId, runId: second, from: "failed", actor: ana })).toEqual({ error: "nothing-failed" });
  });

  it("sees the trigger as the first part saw it", async () => {
    const id = await world.run("origin", { nodes: { a: { type: "probe.read" }, b: { type: "core.stop", input: { result: { expr: "trigger.n" } } } }, edges: ["trigger -> a", "a -> b"] }, { n: 7 });
    await world.finished(id);
    const second = await again(id, { from: [await stepIdOf(id, "b")] });
    expect(await world.row(second)).toMatchObject({ result: { result: 7 } });
  });

  it("inside a loop: one iteration anew, the others as they were, and what follows the loop", async () => {
    probe.script("check", { do: "return" }, { do: "fail", kind: "rejected" }, { do: "return" });
    const id = await world.run("loop", {
      nodes: { all: { type: "core.each", config: { onItemFailure: "collect" }, input: { items: { value: ["a", "b", "c"] } } }, note: { type: "probe.write", in: "all", input: { value: { expr: "item" } } }, check: { type: "probe.write", in: "all" }, end: { type: "core.stop", input: { result: { expr: "steps.all.items.map((one) => one.status)" } } } },
      edges: ["trigger -> all", "note -> check", "all -> end"],
    });
    expect(await world.finished(id)).toMatchObject({ status: "failed" });
    probe.script("check", { do: "return" });
    const before = probe.calls.length;
    const second = await again(id, { from: "failed" });
    expect(callsSince(before)).toEqual(["check"]);
    expect(await world.row(second)).toMatchObject({ status: "success", result: { result: ["success", "success", "success"] } });
    expect(await statuses(second)).toMatchObject({ "note@all[0]": "reused", "check@all[0]": "reused", "note@all[1]": "reused", "check@all[1]": "success", "check@all[2]": "reused", all: "success" });
  });

  it("on the published version: what is still there is kept, what is new runs", async () => {
    const { playbookId } = await world.publish("newer", { nodes: { a: { type: "probe.write" }, b: { type: "probe.none" } }, edges: ["trigger -> a", "a -> b"] });
    const started = await world.engine.start({ tenantId: world.tenantId, playbookId, actor: ana });
    if ("error" in started) throw new Error(started.error);
    await world.finished(started.runId);
    const next = await world.publish("newer-2", { nodes: { a: { type: "probe.write" }, b: { type: "probe.read" }, c: { type: "probe.none" } }, edges: ["trigger -> a", "a -> b", "b -> c"] });
    const owner = new pg.Client({ connectionString: world.db.url });
    await owner.connect();
    await owner.query("UPDATE playbook_versions SET playbook_id = $1, number = 2 WHERE id = $2", [playbookId, next.versionId]);
    await owner.query("UPDATE playbooks SET published_version_id = $2 WHERE id = $1", [playbookId, next.versionId]);
    await owner.end();
    const before = probe.calls.length;
    const second = await again(started.runId, { from: [await stepIdOf(started.runId, "b")], version: "published" });
    expect(callsSince(before)).toEqual(["b", "c"]);
    expect(await statuses(second)).toEqual({ a: "reused", b: "success", c: "success" });
  });
});

describe("refusals", () => {
  it("an unfinished run, an unknown step, another tenant's run", async () => {
    const id = await world.run("waiting", { nodes: { pause: { type: "core.delay", input: { seconds: { value: 60 } } } }, edges: ["trigger -> pause"] });
    await world.until(id, ({ status }) => status === "waiting");
    expect(await world.engine.rerun({ tenantId: world.tenantId, runId: id, actor: ana })).toEqual({ error: "not-finished" });
    await world.engine.cancel({ tenantId: world.tenantId, runId: id, actor: ana });
    await world.finished(id);
    expect(await world.engine.rerun({ tenantId: world.tenantId, runId: id, from: ["00000000-0000-4000-8000-000000000000"], actor: ana })).toEqual({ error: "no-such-step" });
    expect(await world.engine.rerun({ tenantId: "00000000-0000-4000-8000-000000000000", runId: id, actor: ana })).toEqual({ error: "not-found" });
  });
});
