import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Json } from "#sdk";
import { EngineWorld } from "#tests/support/engine.ts";
import { Probe } from "#tests/support/probe-nodes.ts";
import { preview } from "./payloads.ts";

let world: EngineWorld;
let probe: Probe;
beforeEach(async () => {
  probe = new Probe();
  world = await EngineWorld.create(probe.nodes());
});
afterEach(() => world.close());

const rows: Json = Array.from({ length: 5_000 }, (_, at) => ({ at, text: `event ${at} ${"x".repeat(80)}` }));
const graph = {
  nodes: { big: { type: "probe.read" }, ask: { type: "core.ask", config: { answers: [{ port: "yes", label: "Yes" }] }, input: { question: { value: "Well?" } } }, count: { type: "probe.none", input: { value: { expr: "steps.big.rows.length" } } }, pass: { type: "probe.none", input: { value: { expr: "steps.big" } } } },
  edges: ["trigger -> big", "big -> ask", "ask:yes -> count", "count -> pass"],
};

describe("what is too large for the journal", () => {
  it("lies apart, once per run; the run goes on with all of it after a wait, the trace previews it, and it is given whole when asked for", async () => {
    probe.script("big", { do: "return", data: { rows, total: 5_000 } });
    const id = await world.run("large", graph);
    const worker = await world.startWorker();
    await world.until(id, (row) => row.status === "waiting");
    await worker.stop();
    const [wait] = (await world.trace(id)).waits;
    await world.engine.reply({ tenantId: world.tenantId, runId: id, waitId: wait!.id, role: "admin", value: { choice: "yes", values: {}, reason: null }, actor: { id: null, name: "ann" } });
    await world.startWorker();
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect((await world.step(id, "count")).output).toEqual({ value: 5_000 });

    const big = await world.step(id, "big");
    expect(big.apart).toEqual({ output: JSON.stringify({ rows, total: 5_000 }).length });
    expect(big.output).toMatchObject({ total: 5_000, rows: expect.arrayContaining(["… (5000 items)"]) });
    const pass = await world.step(id, "pass");
    expect(Object.keys(pass.apart ?? {})).toEqual(["input", "output"]);
    const whole = (stepId: string, part: "input" | "output") => world.engine.readPayload({ tenantId: world.tenantId, runId: id, stepId, part });
    expect(await whole(big.id, "output")).toEqual({ value: { rows, total: 5_000 } });
    expect(await whole(pass.id, "input")).toEqual({ value: { value: { rows, total: 5_000 } } });
    expect(await whole((await world.step(id, "count")).id, "output")).toEqual({ value: { value: 5_000 } });
    expect(await world.engine.readPayload({ tenantId: id, runId: id, stepId: big.id, part: "output" })).toBeNull();
    // The input and output of `pass` are the same.
    expect((await world.pool.query("SELECT FROM payloads")).rowCount).toBe(2);
    const { rows: sizes } = await world.pool.query<{ length: number }>("SELECT length(body) FROM segments");
    expect(Math.max(...sizes.map(({ length }) => length))).toBeLessThan(20_000);
  });

  it("shows its shape in a preview", () => {
    expect(preview({ a: "x".repeat(1_000), b: [1, 2, 3, 4, 5, 6], c: { d: { e: { f: { g: 1 } } } }, n: null })).toEqual({ a: `${"x".repeat(300)}… (1000 characters)`, b: [1, 2, 3, 4, 5, "… (6 items)"], c: { d: { e: { f: "…" } } }, n: null });
  });
});
