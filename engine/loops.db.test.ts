/** Containers on the real engine: items, rounds, what each sees, and what one failure does to the others. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { EngineWorld } from "#tests/support/engine.ts";
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

const statuses = async (runId: string) => Object.fromEntries((await world.trace(runId)).steps.map(({ node_id, item, status }) => [item === "" ? node_id : `${node_id}@${item}`, status]));

describe("each", () => {
  it("runs its body per item, in order, and gives what each came to", async () => {
    const id = await world.run("each", {
      nodes: {
        all: { type: "core.each", input: { items: { expr: "trigger.ips" } } },
        look: { type: "probe.read", in: "all", input: { value: { expr: "({ ip: item, at: steps.all.index, of: steps.all.total })" } } },
        score: { type: "core.set", in: "all", input: { points: { expr: "steps.look.value.ip.length + trigger.bonus" } } },
        end: { type: "core.stop", input: { result: { expr: "steps.all.items.map((one) => one.result.points)" } } },
      },
      edges: ["trigger -> all", "look -> score", "all -> end"],
    }, { ips: ["a", "bb", "ccc"], bonus: 10 });
    expect(await world.finished(id)).toMatchObject({ status: "success", result: { result: [11, 12, 13] } });
    expect(probe.callsOf("look").map(({ input }) => input)).toEqual([{ value: { ip: "a", at: 0, of: 3 } }, { value: { ip: "bb", at: 1, of: 3 } }, { value: { ip: "ccc", at: 2, of: 3 } }]);
    expect((await world.step(id, "all")).output).toMatchObject({ succeeded: 3, failed: 0, items: [{ index: 0, item: "a", status: "success", result: { points: 11 } }, { index: 1 }, { index: 2 }] });
    expect(await statuses(id)).toMatchObject({ "look@all[0]": "success", "score@all[2]": "success", all: "success", end: "success" });
  });

  it("works on as many at a time as it is told, and no more", async () => {
    probe.script("slow", { do: "return", afterMs: 100 });
    const started = performance.now();
    const id = await world.run("each-parallel", {
      nodes: { all: { type: "core.each", config: { concurrency: 5 }, input: { items: { value: Array.from({ length: 10 }, (_, at) => at) } } }, slow: { type: "probe.read", in: "all" } },
      edges: ["trigger -> all"],
    });
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    const { steps } = await world.trace(id);
    const spans = steps.filter(({ node_id }) => node_id === "slow").map(({ started_at, finished_at }) => [Date.parse(started_at!), Date.parse(finished_at!)] as const);
    const atOnce = spans.map(([at]) => spans.filter(([from, to]) => from <= at && at < to).length);
    expect(Math.max(...atOnce)).toBe(5);
    expect(performance.now() - started).toBeGreaterThan(190);
  });

  it("does nothing for an empty list, and skips an empty body", async () => {
    const id = await world.run("each-empty", {
      nodes: { none: { type: "core.each", input: { items: { value: [] } } }, never: { type: "probe.write", in: "none" }, hollow: { type: "core.each", input: { items: { value: [1, 2] } } } },
      edges: ["trigger -> none", "none -> hollow"],
    });
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect((await world.step(id, "none")).output).toEqual({ items: [], succeeded: 0, failed: 0 });
    expect((await world.step(id, "hollow")).output).toMatchObject({ succeeded: 2 });
    expect(probe.callsOf("never")).toEqual([]);
  });

  it("nests: an inner body sees its own item, its outer loop's place and the steps around it", async () => {
    const id = await world.run("each-nested", {
      nodes: {
        hosts: { type: "core.each", input: { items: { expr: "trigger.hosts" } } },
        name: { type: "core.set", in: "hosts", input: { upper: { expr: "item.name.toUpperCase()" } } },
        ports: { type: "core.each", in: "hosts", input: { items: { expr: "item.ports" } } },
        probe: { type: "core.set", in: "ports", input: { text: { expr: "`${steps.name.upper}:${item} (${steps.hosts.item.name}, ${steps.ports.index + 1}/${steps.ports.total})`" } } },
        end: { type: "core.stop", input: { result: { expr: "steps.hosts.items.map((host) => host.result.items.map((port) => port.result.text))" } } },
      },
      edges: ["trigger -> hosts", "name -> ports", "hosts -> end"],
    }, { hosts: [{ name: "a", ports: [22, 80] }, { name: "b", ports: [443] }] });
    expect(await world.finished(id)).toMatchObject({ status: "success", result: { result: [["A:22 (a, 1/2)", "A:80 (a, 2/2)"], ["B:443 (b, 1/1)"]] } });
    expect(await statuses(id)).toMatchObject({ "probe@hosts[0]/ports[1]": "success", "probe@hosts[1]/ports[0]": "success" });
  });

  it("branches inside: an iteration is over when its own nodes are settled", async () => {
    const id = await world.run("each-branch", {
      nodes: {
        all: { type: "core.each", input: { items: { value: [1, 7] } } },
        test: { type: "core.condition", in: "all", input: { test: { expr: "item > 5" } } },
        big: { type: "core.set", in: "all", input: { size: { value: "big" } } },
        end: { type: "core.stop", input: { result: { expr: "steps.all.items.map((one) => one.result)" } } },
      },
      edges: ["trigger -> all", "test:true -> big", "all -> end"],
    });
    expect(await world.finished(id)).toMatchObject({ result: { result: [null, { size: "big" }] } });
    expect(await statuses(id)).toMatchObject({ "big@all[0]": "skipped", "big@all[1]": "success" });
  });

  const failing = (onItemFailure: string, more: Record<string, unknown> = {}) => ({
    nodes: {
      all: { type: "core.each", config: { onItemFailure, ...more }, input: { items: { value: [1, 2, 3] } } },
      check: { type: "core.condition", in: "all", input: { test: { expr: "item === 2 ? JSON.parse('{') : true" } } },
      after: { type: "probe.none", in: "all" },
      end: { type: "core.stop", input: { result: { expr: "steps.all.items.map((one) => one.status)" } } },
    },
    edges: ["trigger -> all", "check:true -> after", "all -> end"],
  });

  it("stop: the first failed item ends the loop, and the step fails naming it", async () => {
    const id = await world.run("each-stop", failing("stop"));
    expect(await world.finished(id)).toMatchObject({ status: "failed", error: { node_id: "all", kind: "rejected", message: expect.stringContaining("item 2 of 3 failed") } });
    expect(await statuses(id)).toMatchObject({ "after@all[0]": "success", "check@all[1]": "failed", all: "failed" });
    expect(await statuses(id)).not.toHaveProperty("check@all[2]");
  });

  it("continue: a failed item is listed, the others run, the step succeeds", async () => {
    const id = await world.run("each-continue", failing("continue"));
    expect(await world.finished(id)).toMatchObject({ status: "success", result: { result: ["success", "failed", "success"] } });
  });

  it("collect: all run, then the step fails with what failed", async () => {
    const id = await world.run("each-collect", failing("collect"));
    expect(await world.finished(id)).toMatchObject({ status: "failed", error: { message: expect.stringContaining("item 2 of 3"), details: { failed: [{ index: 1 }] } } });
    expect(await statuses(id)).toMatchObject({ "after@all[2]": "success" });
  });

  it("a failure that a node of the body catches is no failure of the item", async () => {
    probe.script("risky", { do: "fail", kind: "rejected" }, { do: "return", data: { ok: true } });
    const id = await world.run("each-caught", {
      nodes: { all: { type: "core.each", input: { items: { value: [1, 2] } } }, risky: { type: "probe.read", in: "all", onFailure: "port" }, sorry: { type: "probe.none", in: "all" } },
      edges: ["trigger -> all", "risky:failed -> sorry"],
    });
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect(await statuses(id)).toMatchObject({ "risky@all[0]": "failed", "sorry@all[0]": "success", "sorry@all[1]": "skipped" });
  });

  it("stop with others under way: reads are ended, writes that have left are awaited, nothing new begins", async () => {
    probe.script("fails", { do: "fail", kind: "rejected" });
    probe.script("reads", { do: "listen" });
    probe.script("writes", { do: "return", afterMs: 300, data: { done: true } });
    const id = await world.run("each-siblings", {
      nodes: {
        all: { type: "core.each", config: { concurrency: 3 }, input: { items: { value: ["read", "write", "fail"] } } },
        which: { type: "core.switch", in: "all", config: { cases: [{ port: "read", when: { op: "==", value: "read" } }, { port: "write", when: { op: "==", value: "write" } }] }, input: { value: { expr: "item" } } },
        reads: { type: "probe.read", in: "all" }, writes: { type: "probe.write", in: "all" }, pause: { type: "core.delay", in: "all", input: { seconds: { value: 0.1 } } }, fails: { type: "probe.none", in: "all" }, later: { type: "probe.none", in: "all" },
      },
      edges: ["trigger -> all", "which:read -> reads", "which:write -> writes", "which:default -> pause", "pause -> fails", "writes -> later"],
    });
    expect(await world.finished(id)).toMatchObject({ status: "failed", error: { node_id: "all" } });
    expect(await statuses(id)).toMatchObject({ "reads@all[0]": "cancelled", "writes@all[1]": "success", "fails@all[2]": "failed", all: "failed" });
    expect(await statuses(id)).not.toHaveProperty("later@all[1]");
  });

  it("waits inside without holding a worker, and goes on where it was", async () => {
    const id = await world.run("each-waits", {
      nodes: { all: { type: "core.each", config: { concurrency: 2 }, input: { items: { value: [1, 2, 3] } } }, pause: { type: "core.delay", in: "all", input: { seconds: { value: 0.4 } } }, then: { type: "probe.write", in: "all", input: { value: { expr: "item" } } } },
      edges: ["trigger -> all", "pause -> then"],
    });
    await world.until(id, ({ status, owner, waiting_on }) => status === "waiting" && owner === null && waiting_on?.kind === "timer");
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect(probe.callsOf("then").map(({ input }) => input)).toEqual([{ value: 1 }, { value: 2 }, { value: 3 }]);
    expect(new Set(probe.callsOf("then").map(({ key }) => key)).size).toBe(3);
  });

  it("an ambiguous write in one item asks, while the others go on; the answer lets the loop end", async () => {
    probe.script("maybe", { do: "return" }, { do: "fail", kind: "ambiguous" }, { do: "return" });
    const id = await world.run("each-asks", {
      nodes: { all: { type: "core.each", input: { items: { value: [1, 2, 3] } } }, maybe: { type: "probe.write", in: "all" } },
      edges: ["trigger -> all"],
    });
    await world.until(id, ({ waiting_on }) => waiting_on?.kind === "decision");
    expect(await world.engine.answer({ tenantId: world.tenantId, runId: id, decision: "happened", actor: { id: null, name: "ana" } })).toBe("answered");
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect(probe.callsOf("maybe")).toHaveLength(3);
  });

  it("a cancel ends it inside an item", async () => {
    const id = await world.run("each-cancel", { nodes: { all: { type: "core.each", input: { items: { value: [1, 2] } } }, pause: { type: "core.delay", in: "all", input: { seconds: { value: 60 } } } }, edges: ["trigger -> all"] });
    await world.until(id, ({ status }) => status === "waiting");
    await world.engine.cancel({ tenantId: world.tenantId, runId: id, actor: { id: null, name: "ana" } });
    expect(await world.finished(id)).toMatchObject({ status: "cancelled" });
    expect(await statuses(id)).toEqual({ all: "cancelled", "pause@all[0]": "cancelled" });
  });

  it("takes a thousand items", async () => {
    const id = await world.run("each-many", {
      nodes: { all: { type: "core.each", config: { concurrency: 20 }, input: { items: { expr: "Array.from({ length: 1000 }, (_, at) => at)" } } }, double: { type: "core.set", in: "all", input: { n: { expr: "item * 2" } } }, end: { type: "core.stop", input: { result: { expr: "steps.all.items.reduce((sum, one) => sum + one.result.n, 0)" } } } },
      edges: ["trigger -> all", "all -> end"],
    });
    expect(await world.finished(id, 60_000)).toMatchObject({ status: "success", result: { result: 999_000 } });
  });
});

describe("repeat", () => {
  const polling = (until: object, config: object = {}) => ({
    nodes: {
      poll: { type: "core.repeat", config, until },
      ask: { type: "probe.read", in: "poll", input: { value: { expr: "item" } } },
      end: { type: "core.stop", input: { result: { expr: "steps.poll.rounds" } } },
      gaveUp: { type: "core.stop", config: { outcome: "failed" }, input: { message: { expr: "`gave up after ${steps.poll.rounds}`" } } },
    },
    edges: ["trigger -> poll", "poll:done -> end", "poll:limit -> gaveUp"],
  });

  it("goes on until its condition holds, which sees the round's own steps", async () => {
    probe.script("ask", { do: "return", data: { state: "queued" } }, { do: "return", data: { state: "running" } }, { do: "return", data: { state: "done" } });
    const id = await world.run("repeat", polling({ expr: "steps.ask.state === 'done'" }));
    expect(await world.finished(id)).toMatchObject({ status: "success", result: { result: 3 } });
    expect((await world.step(id, "poll")).output).toEqual({ rounds: 3, result: { state: "done" } });
    expect(await statuses(id)).toMatchObject({ "ask@poll[0]": "success", "ask@poll[2]": "success" });
  });

  it("is ended by a code file, too, which sees the same", async () => {
    probe.script("ask", { do: "return", data: { state: "queued" } }, { do: "return", data: { state: "done" } });
    const id = await world.run("repeat-file", { ...polling({ file: "code/done.ts" }), files: { "code/done.ts": "export default ({ steps, item }: any) => steps.ask.state === 'done' && item === 1;" } });
    expect(await world.finished(id)).toMatchObject({ status: "success", result: { result: 2 } });
  });

  it("leaves by its limit when it never holds", async () => {
    probe.script("ask", { do: "return", data: {} });
    const id = await world.run("repeat-limit", polling({ value: false }, { limit: 4 }));
    expect(await world.finished(id)).toMatchObject({ status: "failed", error: { message: "gave up after 4" } });
  });

  it("pauses between rounds without a worker", async () => {
    probe.script("ask", { do: "return", data: { state: "queued" } }, { do: "return", data: { state: "done" } });
    const id = await world.run("repeat-pause", polling({ expr: "steps.ask.state === 'done'" }, { pause: 0.5 }));
    await world.until(id, ({ status, waiting_on }) => status === "waiting" && waiting_on?.kind === "timer" && waiting_on.text.includes("next round"));
    expect(await world.finished(id)).toMatchObject({ status: "success", result: { result: 2 } });
  });

  it("fails with the round that failed, and with a condition that is neither true nor false", async () => {
    probe.script("ask", { do: "fail", kind: "rejected", message: "no such scan" });
    const failed = await world.run("repeat-fails", polling({ value: false }));
    expect(await world.finished(failed)).toMatchObject({ status: "failed", error: { node_id: "poll", message: "round 1 failed (no such scan)" } });
    probe.script("ask", { do: "return", data: { state: "x" } });
    const vague = await world.run("repeat-vague", polling({ expr: "steps.ask.state" }));
    expect(await world.finished(vague)).toMatchObject({ status: "failed", error: { message: expect.stringContaining('has to be true or false; it was "x"') } });
  });
});

describe("a takeover in a loop", () => {
  it("goes on with the iterations that are left, and repeats none that were journalled", async () => {
    probe.script("step", { do: "return", afterMs: 60 });
    const first = await world.startWorker();
    const id = await world.run("takeover", { nodes: { all: { type: "core.each", config: { concurrency: 3 }, input: { items: { value: Array.from({ length: 30 }, (_, at) => at) } } }, step: { type: "probe.write", in: "all", input: { value: { expr: "item" } } } }, edges: ["trigger -> all"] });
    for (let round = 0; round < 3; round++) {
      await new Promise((resolve) => setTimeout(resolve, 120));
      // Stops at a step boundary and hands the run on: the next owner knows it from the journal alone.
      await first.stop();
    }
    expect(await world.finished(id, 30_000)).toMatchObject({ status: "success" });
    expect(probe.callsOf("step").map(({ input }) => (input as { value: number }).value).sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, at) => at));
  });
});
