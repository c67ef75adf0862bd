import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDocument } from "#format";
import { prepareGraph, TOP } from "../../graph.ts";
import { plan, type PlannedStep } from "../../plan.ts";
import { viewUpstream } from "./upstream.ts";

const PORTS = ["a", "b"];
const JOINS = [undefined, undefined, undefined, "all", "any", { first: 2 }];

/** Edges lead from earlier to later nodes, so that there is no circle; node 0 always starts. */
const graphs = fc.integer({ min: 2, max: 9 }).chain((size) => fc.record({
  joins: fc.array(fc.constantFrom(...JOINS), { minLength: size, maxLength: size }),
  edges: fc.uniqueArray(fc.tuple(fc.nat(size - 1), fc.constantFrom(...PORTS), fc.nat(size - 1)), { minLength: size - 1, maxLength: size * 2, selector: String }),
})).map(({ joins, edges }) => parseDocument({
  format: 1, name: "x",
  nodes: joins.map((join, index) => ({ id: `n${index}`, type: "t.t", ...(join === undefined ? {} : { join }) })),
  edges: [
    { id: "start", from: "trigger", to: "n0" },
    ...edges.filter(([a, , b]) => a !== b).map(([a, port, b], index) => ({ id: `e${index}`, from: `n${Math.min(a, b)}`, port, to: `n${Math.max(a, b)}` })),
  ],
}));

test("whatever a run does, what a node starts with is what the types said", () => {
  fc.assert(fc.property(graphs, fc.infiniteStream(fc.nat(999)), (document, choices) => {
    const views = viewUpstream(document, () => PORTS);
    const graph = prepareGraph(document);
    const steps = new Map<string, PlannedStep>();
    const choose = <T>(from: readonly T[]): T => from[choices.next().value! % from.length]!;
    for (;;) {
      const next = plan(graph.bodies.get(TOP)!, (id) => steps.get(id));
      for (const id of next.skip) steps.set(id, { status: "skipped", port: null });
      if (next.unjoinable.length > 0) return;
      for (const id of next.start) {
        for (const [upstream, sight] of views.get(id)!) {
          const step = steps.get(upstream);
          const port = step?.status === "success" ? step.port : null;
          if (port === null) expect([id, upstream, sight.maybeMissing]).toEqual([id, upstream, true]);
          else expect([id, upstream, [...sight.ports]]).toEqual([id, upstream, expect.arrayContaining([port])]);
        }
        steps.set(id, { status: "running", port: null });
      }
      const running = [...steps].filter(([, { status }]) => status === "running");
      if (running.length === 0) return;
      steps.set(choose(running)[0], { status: "success", port: choose(PORTS) });
    }
  }), { numRuns: 5000 });
});
