import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { EngineWorld } from "#tests/support/engine.ts";
import { Probe } from "#tests/support/probe-nodes.ts";

const actor = { id: null, name: "alice" };
const fastRetry = { attempts: 3, backoff: "fixed", base: 0.05, max: 1, jitter: false };

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

describe("a run", () => {
  it("binds literals, expressions and code, and records every step with input and output", async () => {
    const id = await world.run("bind", {
      nodes: {
        facts: { type: "core.set", input: { host: { expr: "trigger.host.toUpperCase()" }, tries: { value: 3 } } },
        score: { type: "core.code", input: { result: { file: "code/score.ts" } } },
        end: { type: "core.stop", input: { message: { expr: "`${steps.facts.host} scored ${steps.score.points}`" } } },
      },
      edges: ["trigger -> facts", "facts -> score", "score -> end"],
      files: { "code/score.ts": "export default ({ steps }: { steps: { facts: { tries: number } } }) => { console.log('scoring'); return { points: steps.facts.tries * 10 }; };" },
    }, { host: "web-1" });
    const row = await world.finished(id);
    expect(row).toMatchObject({ status: "success", owner: null, waiting_on: null, error: null, result: { message: "WEB-1 scored 30" } });
    const { steps, trigger } = await world.trace(id);
    expect(trigger).toEqual({ host: "web-1" });
    expect(steps.map((step) => [step.node_id, step.status, step.port])).toEqual([["facts", "success", "out"], ["score", "success", "out"], ["end", "success", "stop"]]);
    expect(steps[0]).toMatchObject({ input: { host: "WEB-1", tries: 3 }, output: { host: "WEB-1", tries: 3 }, attempt: 1, duration_ms: expect.any(Number) });
    expect(steps[1]).toMatchObject({ input: { steps: { facts: { host: "WEB-1", tries: 3 } } }, output: { points: 30 }, logs: [{ level: "info", text: "scoring" }] });
  });

  it("takes text that PostgreSQL refuses, as input and as output", async () => {
    const id = await world.run("hostile-text", { nodes: { a: { type: "core.set", input: { got: { expr: "trigger.text" }, made: { expr: "'\\ud800 \\0'" } } }, end: { type: "core.stop", input: { result: { expr: "steps.a.made" } } } }, edges: ["trigger -> a", "a -> end"] }, { text: "a\0b\ud800" });
    expect(await world.finished(id)).toMatchObject({ status: "success" });
  });

  it("takes one branch and marks the other skipped", async () => {
    const id = await world.run("branch", {
      nodes: { test: { type: "core.condition", input: { test: { expr: "trigger.n > 5" } } }, yes: { type: "probe.none" }, no: { type: "probe.none" } },
      edges: ["trigger -> test", "test:true -> yes", "test:false -> no"],
    }, { n: 7 });
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect(await world.step(id, "yes")).toMatchObject({ status: "success" });
    expect(await world.step(id, "no")).toMatchObject({ status: "skipped", port: null });
  });

  it("runs 20 branches at the same time and records all of them", async () => {
    const names = Array.from({ length: 20 }, (_, at) => `b${at}`);
    for (const name of names) probe.script(name, { do: "return", afterMs: 150 });
    const started = performance.now();
    const id = await world.run("parallel", { nodes: { ...Object.fromEntries(names.map((name) => [name, { type: "probe.read" }])), join: { type: "probe.none", join: "all" } }, edges: names.flatMap((name) => [`trigger -> ${name}`, `${name} -> join`]) });
    await world.finished(id);
    expect(performance.now() - started).toBeLessThan(20 * 150);
    const { steps } = await world.trace(id);
    expect(steps.filter((step) => step.status === "success")).toHaveLength(21);
  });

  it("says which expression failed", async () => {
    const id = await world.run("bad-expression", { nodes: { a: { type: "probe.none", input: { value: { expr: "trigger.missing.deep" } } } }, edges: ["trigger -> a"] }, {});
    const row = await world.finished(id);
    expect(row).toMatchObject({ status: "failed", error: { kind: "invalid-input", node_id: "a" } });
    expect(row.error!.message).toMatch(/"value".*undefined/s);
  });

  it("shows a step that is still running", async () => {
    probe.script("slow", { do: "return", afterMs: 1_500 });
    const id = await world.run("live", { nodes: { first: { type: "probe.none" }, slow: { type: "probe.read" } }, edges: ["trigger -> first", "first -> slow"] });
    await world.until(id, (row) => row.status === "running");
    await expect.poll(async () => (await world.trace(id)).steps.map((step) => step.status), { timeout: 1_200 }).toEqual(["success", "running"]);
    await world.finished(id);
    expect(await world.step(id, "slow")).toMatchObject({ status: "success" });
  });
});

describe("failures", () => {
  it("tries again by policy, one row per attempt", async () => {
    probe.script("flaky", { do: "fail", kind: "unavailable" }, { do: "fail", kind: "rate-limited" }, { do: "return", data: { ok: true } });
    const id = await world.run("retry", { nodes: { flaky: { type: "probe.read", retry: fastRetry } }, edges: ["trigger -> flaky"] });
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    const step = await world.step(id, "flaky");
    expect(step).toMatchObject({ attempt: 3, output: { ok: true }, error: null });
    expect(step.attempts.map((attempt) => [attempt.number, attempt.outcome, attempt.error?.kind])).toEqual([[1, "failed", "unavailable"], [2, "failed", "rate-limited"], [3, "success", undefined]]);
  });

  it("a waiting attempt names its time and holds no worker", async () => {
    probe.script("later", { do: "fail", kind: "unavailable", message: "connection refused" }, { do: "return" });
    const id = await world.run("retry-wait", { nodes: { later: { type: "probe.read", retry: { ...fastRetry, base: 1 } } }, edges: ["trigger -> later"] });
    const row = await world.until(id, (candidate) => candidate.status === "waiting");
    expect(row).toMatchObject({ owner: null, waiting_on: { kind: "timer", text: expect.stringContaining("attempt 2 of 3") } });
    expect(await world.finished(id)).toMatchObject({ status: "success" });
  });

  it("one failing step fails the run, stops reads beside it and awaits writes", async () => {
    probe.script("pause", { do: "return", afterMs: 200 });
    probe.script("bad", { do: "fail", kind: "rejected", message: "no such host" });
    probe.script("reading", { do: "listen" });
    probe.script("writing", { do: "return", afterMs: 400, data: { done: true } });
    const id = await world.run("fail-run", { nodes: { pause: { type: "probe.none" }, bad: { type: "probe.read" }, reading: { type: "probe.read" }, writing: { type: "probe.write" }, never: { type: "probe.none" } }, edges: ["trigger -> reading", "trigger -> writing", "trigger -> pause", "pause -> bad", "writing -> never"] });
    expect(await world.finished(id)).toMatchObject({ status: "failed", error: { kind: "rejected", message: "no such host", node_id: "bad" } });
    expect(await world.step(id, "reading")).toMatchObject({ status: "cancelled" });
    expect(await world.step(id, "writing")).toMatchObject({ status: "success", output: { done: true } });
    expect((await world.trace(id)).steps.map((step) => step.node_id)).not.toContain("never");
  });

  it("goes by the failed port, or on with a default, where the node says so", async () => {
    probe.script("caught", { do: "fail", kind: "unauthorized", message: "bad key" });
    probe.script("shrugged", { do: "fail", kind: "rejected" });
    const id = await world.run("ports", {
      nodes: { caught: { type: "probe.read", onFailure: "port" }, sorry: { type: "probe.none", input: { value: { expr: "steps.caught.message" } } }, shrugged: { type: "probe.read", onFailure: { port: "out", data: { score: 0 } } }, after: { type: "probe.none", input: { value: { expr: "steps.shrugged.score" } } } },
      edges: ["trigger -> caught", "caught:failed -> sorry", "trigger -> shrugged", "shrugged -> after"],
    });
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect(await world.step(id, "caught")).toMatchObject({ status: "failed", port: "failed", output: { kind: "unauthorized", message: "bad key", attempts: 1 } });
    expect(await world.step(id, "sorry")).toMatchObject({ input: { value: "bad key" } });
    expect(await world.step(id, "after")).toMatchObject({ status: "success", input: { value: 0 } });
  });

  it("a step that does not come back is timed out", async () => {
    probe.script("slow", { do: "hang" });
    const started = performance.now();
    const id = await world.run("timeout", { nodes: { slow: { type: "probe.read", timeout: 0.5 } }, edges: ["trigger -> slow"] });
    expect(await world.finished(id)).toMatchObject({ status: "failed", error: { message: "timed out after 0.5 s" } });
    expect(performance.now() - started).toBeLessThan(4_000);
  });

  it("user code that never ends fails its own step alone", async () => {
    const id = await world.run("endless", { nodes: { spin: { type: "core.code", timeout: 0.5, input: { result: { file: "code/spin.ts" } } } }, edges: ["trigger -> spin"], files: { "code/spin.ts": "export default () => { for (;;); };" } });
    const fine = await world.run("beside", { nodes: { a: { type: "core.set", input: { x: { expr: "1 + 1" } } } }, edges: ["trigger -> a"] });
    expect(await world.finished(fine)).toMatchObject({ status: "success" });
    expect(await world.finished(id)).toMatchObject({ status: "failed", error: { kind: "rejected", message: expect.stringContaining("timed out after 0.5 s (code/spin.ts:1)") } });
  });

  it("code in the Node profile is a step like any other, and its failure names the line", async () => {
    const files = { "code/hash.ts": 'import { createHash } from "node:crypto";\nexport default ({ steps }) => createHash("sha256").update(steps.a.x).digest("hex").slice(0, 4);', "code/open.ts": 'import { readFileSync } from "fs";\nexport default () =>\n  readFileSync("/etc/passwd", "utf8");' };
    const code = (file: string) => ({ type: "core.code", config: { profile: "node" }, input: { result: { file } } });
    const id = await world.run("node-profile", { nodes: { a: { type: "core.set", input: { x: { value: "a" } } }, hash: code("code/hash.ts"), open: code("code/open.ts") }, edges: ["trigger -> a", "a -> hash", "hash -> open"], files });
    expect(await world.finished(id)).toMatchObject({ status: "failed", error: { kind: "rejected", node_id: "open", message: expect.stringContaining("(code/open.ts line 3)") } });
    expect(await world.step(id, "hash")).toMatchObject({ status: "success", output: "ca97" });
  });
});

describe("waiting", () => {
  it("a delay gives the worker back and goes on when it is due", async () => {
    const id = await world.run("delay", { nodes: { wait: { type: "core.delay", input: { seconds: { value: 1 } } }, after: { type: "probe.none" } }, edges: ["trigger -> wait", "wait -> after"] });
    const row = await world.until(id, (candidate) => candidate.status === "waiting");
    expect(row).toMatchObject({ owner: null, waiting_on: { kind: "timer" } });
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect(await world.step(id, "wait")).toMatchObject({ status: "success", attempt: 1, output: { resumed_at: expect.any(String) } });
  });

  it("the runs of one alert go in order; a failed or a waiting one does not hold up the next", async () => {
    probe.script("boom", { do: "fail", kind: "rejected" });
    const failing = await world.publish("seq-1", { nodes: { boom: { type: "probe.read" } }, edges: ["trigger -> boom"] });
    const waiting = await world.publish("seq-2", { nodes: { wait: { type: "core.delay", input: { seconds: { value: 600 } } } }, edges: ["trigger -> wait"] });
    const last = await world.publish("seq-3", { nodes: { ok: { type: "probe.none" } }, edges: ["trigger -> ok"] });
    const [a, b, c] = await world.sequence([failing, waiting, last]);
    expect(await world.finished(c!)).toMatchObject({ status: "success" });
    expect(await world.row(a!)).toMatchObject({ status: "failed" });
    expect(await world.row(b!)).toMatchObject({ status: "waiting" });
    expect(await world.engine.cancel({ tenantId: world.tenantId, runId: b!, actor })).toBe("cancelling");
    await world.finished(b!);
  });

  it("a cancelled run of a sequence does not let the one after it overtake the one before", async () => {
    const slow = await world.publish("seq-slow", { nodes: { slow: { type: "probe.read" } }, edges: ["trigger -> slow"] });
    const quick = await world.publish("seq-quick", { nodes: { ok: { type: "probe.none" } }, edges: ["trigger -> ok"] });
    probe.script("slow", { do: "return", afterMs: 1_200 });
    const [a, b, c] = await world.sequence([slow, quick, quick]);
    await world.engine.cancel({ tenantId: world.tenantId, runId: b!, actor });
    expect(await world.finished(b!)).toMatchObject({ status: "cancelled" });
    expect(await world.row(a!)).toMatchObject({ status: "running" });
    expect(await world.row(c!)).toMatchObject({ status: "pending" });
    expect(await world.finished(c!)).toMatchObject({ status: "success" });
    expect(await world.row(a!)).toMatchObject({ status: "success" });
  });
});

describe("an ambiguous step", () => {
  const graph = (type: string) => ({ nodes: { act: { type, ...(type === "probe.repeatable" ? { retry: fastRetry } : {}) }, after: { type: "probe.none", input: { value: { expr: "steps.act" } } } }, edges: ["trigger -> act", "act -> after"] });
  const parked = async (name: string, type = "probe.contain") => {
    probe.script("act", { do: "throw", error: new Error("socket hang up") }, { do: "return", data: { action: 2 } });
    const id = await world.run(name, graph(type));
    const row = await world.until(id, (candidate) => candidate.status === "waiting");
    expect(row.waiting_on).toMatchObject({ kind: "decision", text: expect.stringContaining("may or may not have happened") });
    const [wait] = (await world.trace(id)).waits;
    return { id, stepId: wait!.step_id, calls: probe.callsOf("act").length };
  };
  const answer = (runId: string, stepId: string, decision: "happened" | "again" | "fail", more = {}) => world.engine.answer({ tenantId: world.tenantId, runId, stepId, decision, actor, ...more });

  it("waits for a person and is not repeated; 'it happened' goes on", async () => {
    const { id, stepId, calls } = await parked("happened");
    expect(await answer(id, stepId, "happened", { data: { action: 1 }, reason: "seen in the console" })).toBe("answered");
    expect(await answer(id, stepId, "fail")).toBe("already-answered");
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect(probe.callsOf("act")).toHaveLength(calls);
    expect(await world.step(id, "after")).toMatchObject({ input: { value: { action: 1 } } });
    expect((await world.step(id, "act")).logs.at(-1)!.text).toBe("alice said: it happened (seen in the console)");
  });

  it("'do it again' takes a new idempotency key, and a reason for a containment", async () => {
    const { id, stepId } = await parked("again");
    expect(await answer(id, stepId, "again")).toBe("reason-required");
    expect(await answer(id, stepId, "again", { reason: "the console shows nothing" })).toBe("answered");
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    const [first, second] = probe.callsOf("act").slice(-2);
    expect(second!.key).not.toBe(first!.key);
    expect(await world.step(id, "act")).toMatchObject({ attempt: 2, output: { action: 2 }, ambiguous: false });
  });

  it("'fail' fails it", async () => {
    const { id, stepId } = await parked("fail");
    await answer(id, stepId, "fail");
    expect(await world.finished(id)).toMatchObject({ status: "failed", error: { kind: "ambiguous", node_id: "act" } });
  });

  it("is repeated with the same key where the node says that is harmless", async () => {
    probe.script("act", { do: "throw", error: new Error("socket hang up") }, { do: "return" });
    const id = await world.run("repeatable", graph("probe.repeatable"));
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    const [first, second] = probe.callsOf("act").slice(-2);
    expect(second!.key).toBe(first!.key);
  });

  it("another tenant can neither see nor answer it", async () => {
    const { id, stepId } = await parked("foreign");
    const stranger = "00000000-0000-7000-8000-000000000000";
    expect(await world.engine.answer({ tenantId: stranger, runId: id, stepId, decision: "happened", actor })).toBe("not-found");
    expect(await world.engine.cancel({ tenantId: stranger, runId: id, actor })).toBe("not-found");
    expect(await world.engine.readTrace({ tenantId: stranger, runId: id })).toBeNull();
    await world.engine.cancel({ tenantId: world.tenantId, runId: id, actor });
    expect(await world.finished(id)).toMatchObject({ status: "cancelled" });
    expect(await world.step(id, "act")).toMatchObject({ status: "cancelled", ambiguous: true });
    // Still listed for a person; the answer is kept and the finished run stays as it is.
    expect(await answer(id, stepId, "happened")).toBe("answered");
    expect(await world.row(id)).toMatchObject({ status: "cancelled" });
  });
});

describe("cancel", () => {
  it("stops a read within a second, and says who did it", async () => {
    probe.script("stuck", { do: "hang" });
    const id = await world.run("cancel-read", { nodes: { stuck: { type: "probe.read" }, after: { type: "probe.none" } }, edges: ["trigger -> stuck", "stuck -> after"] });
    await world.until(id, (row) => row.status === "running");
    const started = performance.now();
    expect(await world.engine.cancel({ tenantId: world.tenantId, runId: id, actor, reason: "false alarm" })).toBe("cancelling");
    const row = await world.finished(id);
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(row).toMatchObject({ status: "cancelled", error: { kind: "cancelled", message: "cancelled by alice: false alarm" } });
    expect(await world.step(id, "stuck")).toMatchObject({ status: "cancelled" });
    expect(await world.engine.cancel({ tenantId: world.tenantId, runId: id, actor })).toBe("already-finished");
  });

  it("stops endless user code within a second", async () => {
    const id = await world.run("cancel-code", { nodes: { spin: { type: "core.code", input: { result: { file: "code/spin.ts" } } } }, edges: ["trigger -> spin"], files: { "code/spin.ts": "export default () => { for (;;); };" } });
    await world.until(id, (row) => row.status === "running");
    const started = performance.now();
    await world.engine.cancel({ tenantId: world.tenantId, runId: id, actor });
    expect(await world.finished(id)).toMatchObject({ status: "cancelled" });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it("waits for the receipt of a call that has left, and keeps it", async () => {
    probe.script("leaving", { do: "return", afterMs: 700, data: { action: 9 } });
    const id = await world.run("cancel-write", { nodes: { leaving: { type: "probe.contain" }, after: { type: "probe.none" } }, edges: ["trigger -> leaving", "leaving -> after"] });
    await expect.poll(() => probe.callsOf("leaving").length).toBe(1);
    await world.engine.cancel({ tenantId: world.tenantId, runId: id, actor });
    expect(await world.row(id)).toMatchObject({ status: "cancelling" });
    expect(await world.finished(id)).toMatchObject({ status: "cancelled" });
    expect(await world.step(id, "leaving")).toMatchObject({ status: "success", output: { action: 9 } });
    expect((await world.trace(id)).steps).toHaveLength(1);
  });

  it("ends a waiting run", async () => {
    const id = await world.run("cancel-wait", { nodes: { wait: { type: "core.delay", input: { seconds: { value: 900 } } } }, edges: ["trigger -> wait"] });
    await world.until(id, (row) => row.status === "waiting");
    await world.engine.cancel({ tenantId: world.tenantId, runId: id, actor });
    expect(await world.finished(id, 2_000)).toMatchObject({ status: "cancelled" });
  });
});
