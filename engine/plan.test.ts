import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDocument, type PlaybookNode } from "#format";
import { type Graph, prepareGraph, TOP } from "./graph.ts";
import { plan as planBody, type PlannedStep } from "./plan.ts";

const plan = (graph: Graph, steps: ReadonlyMap<string, PlannedStep>) => planBody(graph.bodies.get(TOP)!, (id) => steps.get(id));

type Edge = [from: string, to: string, port?: string];

function graph(nodes: (string | Partial<PlaybookNode> & { id: string })[], edges: Edge[]) {
  return prepareGraph(parseDocument({
    format: 1,
    name: "test",
    nodes: nodes.map((node) => ({ type: "core.set", ...(typeof node === "string" ? { id: node } : node) })),
    edges: edges.map(([from, to, port], at) => ({ id: `e${at}`, from, to, ...(port ? { port } : {}) })),
  }));
}

const steps = (entries: Record<string, string | null>): Map<string, PlannedStep> =>
  new Map(Object.entries(entries).map(([id, port]) => [id, port === "running" ? { status: "running", port: null } : port === null ? { status: "skipped", port: null } : { status: "success", port }]));

describe("plan", () => {
  it("starts what the trigger leads to, and all of it", () => {
    expect(plan(graph(["a", "b", "c"], [["trigger", "a"], ["trigger", "b"], ["a", "c"]]), new Map())).toMatchObject({ start: ["a", "b"], skip: [], finished: false });
  });

  it("skips the branch that was not taken, and everything only it leads to, in one pass", () => {
    const g = graph(["test", "yes", "no", "after", "end"], [["trigger", "test"], ["test", "yes", "true"], ["test", "no", "false"], ["no", "after"], ["after", "end"], ["yes", "end"]]);
    expect(plan(g, steps({ test: "true" }))).toMatchObject({ start: ["yes"], skip: ["no", "after"], finished: false });
  });

  it("runs a node behind a diamond once all its edges are settled and one fired", () => {
    const g = graph(["a", "b", "end"], [["trigger", "a"], ["trigger", "b"], ["a", "end"], ["b", "end"]]);
    expect(plan(g, steps({ a: "out", b: "running" })).start).toEqual([]);
    expect(plan(g, steps({ a: "out", b: null })).start).toEqual(["end"]);
    expect(plan(g, steps({ a: null, b: null }))).toMatchObject({ start: [], skip: ["end"], finished: true });
  });

  it("join all fails when a branch was not taken, any starts with the first, first n with the nth", () => {
    const g = (join: PlaybookNode["join"]) => graph(["a", "b", "c", { id: "end", join }], [["trigger", "a"], ["trigger", "b"], ["trigger", "c"], ["a", "end"], ["b", "end"], ["c", "end"]]);
    expect(plan(g("all"), steps({ a: "out", b: "out", c: "running" })).start).toEqual([]);
    expect(plan(g("all"), steps({ a: "out", b: "out", c: "out" })).start).toEqual(["end"]);
    expect(plan(g("all"), steps({ a: "out", b: "out", c: null })).unjoinable).toEqual([{ nodeId: "end", message: "this join waits for all 3 of its 3 incoming branches, but only 2 came this way" }]);
    expect(plan(g("any"), steps({ a: "running", b: "out", c: "running" })).start).toEqual(["end"]);
    expect(plan(g({ first: 2 }), steps({ a: "out", b: "running", c: "running" })).start).toEqual([]);
    expect(plan(g({ first: 2 }), steps({ a: "out", b: "running", c: "out" })).start).toEqual(["end"]);
    expect(plan(g("all"), steps({ a: null, b: null, c: null })).skip).toEqual(["end"]);
  });

  it("follows the failed port of a failed step", () => {
    const g = graph(["a", "ok", "sorry"], [["trigger", "a"], ["a", "ok"], ["a", "sorry", "failed"]]);
    expect(plan(g, new Map([["a", { status: "failed", port: "failed" }]]))).toMatchObject({ start: ["sorry"], skip: ["ok"] });
  });

  it("never runs a node that nothing leads to", () => {
    expect(plan(graph(["lonely"], []), new Map())).toMatchObject({ start: [], skip: ["lonely"], finished: true });
  });

  it("refuses a circle", () => {
    expect(() => graph(["a", "b"], [["a", "b"], ["b", "a"]])).toThrow(/circle/);
  });

  it("comes to an end on any graph, with every node settled exactly once", () => {
    const anyGraph = fc.integer({ min: 1, max: 14 }).chain((size) =>
      fc.record({
        size: fc.constant(size),
        edges: fc.array(fc.tuple(fc.integer({ min: -1, max: size - 2 }), fc.integer({ min: 0, max: size - 1 }), fc.constantFrom("a", "b")), { maxLength: 40 }),
        joins: fc.array(fc.constantFrom(undefined, "all" as const, "any" as const, { first: 2 }), { minLength: size, maxLength: size }),
        ports: fc.array(fc.constantFrom("a", "b"), { minLength: size, maxLength: size }),
      }));
    fc.assert(fc.property(anyGraph, ({ size, edges, joins, ports }) => {
      const name = (at: number) => (at < 0 ? "trigger" : `n${at}`);
      const g = graph(
        Array.from({ length: size }, (_, at) => ({ id: name(at), ...(joins[at] ? { join: joins[at] } : {}) })),
        edges.filter(([from, to]) => from < to).map(([from, to, port]) => [name(from), name(to), from < 0 ? "out" : port]),
      );
      const state = new Map<string, PlannedStep>();
      for (let round = 0; round <= size; round++) {
        const next = plan(g, state);
        if (next.finished) {
          for (const id of next.skip) state.set(id, { status: "skipped", port: null });
          expect(state.size).toBe(size);
          return;
        }
        for (const id of [...next.start, ...next.skip, ...next.unjoinable.map((join) => join.nodeId)]) expect(state.has(id)).toBe(false);
        for (const id of next.skip) state.set(id, { status: "skipped", port: null });
        for (const { nodeId } of next.unjoinable) state.set(nodeId, { status: "failed", port: null });
        for (const id of next.start) state.set(id, { status: "success", port: ports[Number(id.slice(1))]! });
      }
      throw new Error("the plan did not come to an end");
    }), { numRuns: 500 });
  });
});
