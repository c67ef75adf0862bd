/** Random playbooks of all control nodes, and the probe nodes that they are made of. */
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { z } from "zod";
import { parseDocument, type PlaybookDocument, type PlaybookNode } from "#format";
import { type AnyNode, defineNode, type Effect, Failure } from "#sdk";
import type { Behaviour } from "./interpreter.ts";

type Outcome = "ok" | "rejected" | "unavailable";
const OUTCOMES: readonly Outcome[] = ["ok", "rejected", "unavailable"];

/** Mostly well, or hardly anything deep is ever reached. */
const outcomes = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Outcome[]>(["ok"]) },
  { weight: 2, arbitrary: fc.constant<Outcome[]>(["unavailable", "ok"]) },
  { weight: 1, arbitrary: fc.constant<Outcome[]>(["rejected"]) },
  { weight: 1, arbitrary: fc.constant<Outcome[]>(["unavailable"]) },
);

interface Plant {
  kind: "none" | "read" | "write" | "condition" | "delay" | "each" | "repeat";
  scripts: Outcome[][];
  parity: boolean;
  count: number;
  rounds: number;
  policy: "stop" | "continue" | "collect";
  concurrency: number;
  onFailure: PlaybookNode["onFailure"];
  join: PlaybookNode["join"];
  attempts: number;
  body: Garden;
}

/** Nodes of one body; an edge leads from an earlier node to a later one. */
interface Garden { plants: Plant[]; edges: [number, number, number][] }

const onFailure = fc.oneof({ weight: 2, arbitrary: fc.constant("fail" as const) }, { weight: 3, arbitrary: fc.constant("port" as const) }, { weight: 1, arbitrary: fc.constant({ port: "out", data: {} }) });
const join = fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constantFrom("all" as const, "any" as const, { first: 2 }) });

const garden = (depth: number): fc.Arbitrary<Garden> => fc.integer({ min: 1, max: depth === 0 ? 6 : 3 }).chain((size) => fc.record({
  plants: fc.array(plant(depth), { minLength: size, maxLength: size }),
  edges: fc.array(fc.tuple(fc.integer({ min: depth === 0 ? -1 : 0, max: size - 1 }), fc.nat(size - 1), fc.nat(3)), { minLength: depth === 0 ? 2 : 0, maxLength: size * 2 + 1 }),
}));

const plant = (depth: number): fc.Arbitrary<Plant> => fc.record({
  kind: fc.constantFrom<Plant["kind"]>("none", "read", "write", "write", "condition", "condition", "delay", ...(depth < 2 ? ["each" as const, "each" as const, "repeat" as const] : [])),
  scripts: fc.array(outcomes, { minLength: 1, maxLength: 3 }),
  parity: fc.boolean(),
  count: fc.nat(4),
  rounds: fc.integer({ min: 1, max: 4 }),
  policy: fc.constantFrom("stop" as const, "continue" as const, "collect" as const),
  concurrency: fc.integer({ min: 1, max: 3 }),
  onFailure,
  join,
  attempts: fc.integer({ min: 1, max: 3 }),
  body: depth < 2 ? garden(depth + 1) : fc.constant<Garden>({ plants: [], edges: [] }),
});

const PORTS: Record<Plant["kind"], readonly string[]> = {
  none: ["out", "failed"], read: ["out", "failed"], write: ["out", "failed"], condition: ["true", "false"], delay: ["out"], each: ["out", "failed"], repeat: ["done", "limit"],
};

const item = "(typeof item === 'number' ? item : 0)";

function grow(garden: Garden, container: string | undefined, prefix: string, nodes: object[], edges: object[]): void {
  const id = (at: number): string => `${prefix}${at}`;
  garden.plants.forEach((plant, at) => {
    const { kind, onFailure, join } = plant;
    const common = { id: id(at), onFailure, ...(join === undefined ? {} : { join }), ...(container === undefined ? {} : { in: container }) };
    switch (kind) {
      case "condition": nodes.push({ ...common, type: "core.condition", input: { test: { expr: `${item} % 2 === ${plant.parity ? 0 : 1}` } } }); break;
      case "delay": nodes.push({ ...common, type: "core.delay", input: { seconds: { value: 0.03 } } }); break;
      case "each": nodes.push({ ...common, type: "core.each", config: { concurrency: plant.concurrency, onItemFailure: plant.policy }, input: { items: { value: Array.from({ length: plant.count }, (_, index) => index) } } }); break;
      case "repeat": nodes.push({ ...common, type: "core.repeat", config: { limit: 3 }, until: { expr: `item + 1 === ${plant.rounds}` } }); break;
      default: nodes.push({ ...common, type: `model.${kind}`, config: { scripts: plant.scripts }, input: { item: { expr: item } }, retry: { attempts: plant.attempts, backoff: "fixed", base: 0.01, max: 1, jitter: false } });
    }
    if (kind === "each" || kind === "repeat") grow(plant.body, id(at), `${id(at)}x`, nodes, edges);
  });
  const seen = new Set<string>();
  for (const [a, b, port] of garden.edges) {
    const from = Math.min(a, b);
    const to = Math.max(a, b);
    if (from === to) continue;
    const ports = from < 0 ? ["out"] : PORTS[garden.plants[from]!.kind];
    const edge = { from: from < 0 ? "trigger" : id(from), port: ports[port % ports.length]!, to: id(to) };
    const key = JSON.stringify(edge);
    if (seen.has(key)) continue;
    seen.add(key);
    edges.push({ ...edge, id: `e${edges.length}` });
  }
}

export const playbooks: fc.Arbitrary<PlaybookDocument> = garden(0).map((top) => {
  const nodes: object[] = [];
  const edges: object[] = [];
  grow(top, undefined, "n", nodes, edges);
  return parseDocument({ format: 1, name: "model", nodes, edges });
});

const scriptsOf = (node: PlaybookNode): Outcome[][] => node.config["scripts"] as Outcome[][];

/** What the nodes above do, read off the document. */
export const behaviour: Behaviour = {
  outcomes: (node, index) => scriptsOf(node)[index % scriptsOf(node).length]!,
  test: ({ input }, index) => index % 2 === Number((input["test"] as { expr: string }).expr.at(-1)),
  items: ({ input }) => ((input["items"] as { value: unknown[] }).value).length,
  rounds: ({ until }) => Number((until as { expr: string }).expr.split(" ").at(-1)),
};

/** The calls of probes: "run node item attempt" → how many. */
export class Calls {
  readonly #counts = new Map<string, number>();

  count(runId: string, stepId: string, attempt: number): number {
    return this.#counts.get(`${runId} ${stepId} ${attempt}`) ?? 0;
  }

  nodes(): AnyNode[] {
    const probe = (effect: Effect): AnyNode => defineNode({
      type: `model.${effect}`, version: 1, ui: { title: effect, category: "control", icon: "x", summary: "" },
      config: z.object({ scripts: z.array(z.array(z.enum(OUTCOMES))) }), input: z.object({ item: z.number() }), outputs: { out: z.object({}) },
      effect, timeout: 30,
      simulate: () => ({ port: "out" as const, data: {} }),
      run: async ({ config, input, run, step, signal }) => {
        const key = `${run.id} ${step.id} ${step.attempt}`;
        this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
        // Long enough for others to be under way meanwhile.
        await sleep((step.attempt * 7 + input.item * 3) % 11, undefined, effect === "write" ? {} : { signal });
        const script = config.scripts[input.item % config.scripts.length]!;
        const outcome = script[Math.min(step.attempt, script.length) - 1]!;
        if (outcome !== "ok") throw new Failure(outcome, `scripted ${outcome}`);
        return { port: "out" as const, data: {} };
      },
    });
    return [probe("none"), probe("read"), probe("write")];
  }
}
