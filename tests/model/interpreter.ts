/**
 * The written semantics of a run (engine/README.md) as plainly as they can be said: no clock, no database, no concurrency. It says what
 * each step comes to if it is reached; which steps are not reached, because something ended the run or the iteration first, is left open.
 */
import type { PlaybookDocument, PlaybookEdge, PlaybookNode } from "#format";

export type Ends = "success" | "failed" | "skipped";

export interface Step {
  ends: Ends;
  port: string | null;
  /** How often its node is called, where it is called at all. */
  calls: number;
}

export interface Expected {
  run: "success" | "failed";
  /** "node" or "node@path" → what it comes to. */
  steps: Map<string, Step>;
  /** Paths of iterations in which a failure was caught by nothing: what else runs in them is a matter of time. "" is the run. */
  ended: Set<string>;
}

/** What the nodes of a model graph do. */
export interface Behaviour {
  /** Of a probe, by the number of the item it runs for: one outcome per attempt, the last repeats. */
  outcomes(node: PlaybookNode, item: number): readonly ("ok" | "rejected" | "unavailable")[];
  test(node: PlaybookNode, item: number): boolean;
  /** Items of an each. */
  items(node: PlaybookNode): number;
  /** Rounds until a repeat's condition holds. */
  rounds(node: PlaybookNode): number;
}

export function interpret(document: PlaybookDocument, behaviour: Behaviour): Expected {
  const steps = new Map<string, Step>();
  const ended = new Set<string>();

  /** @returns whether a failure in it was caught by nothing */
  function body(container: string | undefined, path: string, item: number): boolean {
    const nodes = document.nodes.filter((node) => node.in === container);
    const here = new Map<string, Step>();
    while (here.size < nodes.length) {
      for (const node of nodes) {
        if (here.has(node.id)) continue;
        const step = decide(node, document.edges.filter(({ to }) => to === node.id), here, container !== undefined, () => run(node, path, item));
        if (step) here.set(node.id, step);
      }
    }
    for (const [id, step] of here) steps.set(path === "" ? id : `${id}@${path}`, step);
    const fails = [...here.values()].some(({ ends, port }) => ends === "failed" && port === null);
    if (fails) ended.add(path);
    return fails;
  }

  function run(node: PlaybookNode, path: string, item: number): Step {
    switch (node.type) {
      case "core.condition": return { ends: "success", port: String(behaviour.test(node, item)), calls: 1 };
      case "core.delay": return { ends: "success", port: "out", calls: 1 };
      case "core.each": {
        const count = behaviour.items(node);
        const policy = node.config["onItemFailure"] ?? "stop";
        let failed = 0;
        for (let index = 0; index < count; index++) if (body(node.id, enter(path, node, index), index)) failed++;
        // Which of the others are reached before the first failure ends them is a matter of time.
        if (failed > 0 && policy === "stop") for (let index = 0; index < count; index++) ended.add(enter(path, node, index));
        return failed > 0 && policy !== "continue" ? failure(node, 1) : { ends: "success", port: "out", calls: 1 };
      }
      case "core.repeat": {
        const limit = node.config["limit"] as number;
        for (let round = 0; ; round++) {
          if (body(node.id, enter(path, node, round), round)) return failure(node, 1);
          if (round + 1 === behaviour.rounds(node)) return { ends: "success", port: "done", calls: 1 };
          if (round + 1 === limit) return { ends: "success", port: "limit", calls: 1 };
        }
      }
      default: return probe(node, item);
    }
  }

  function probe(node: PlaybookNode, item: number): Step {
    const outcomes = behaviour.outcomes(node, item);
    const attempts = node.retry?.attempts ?? 1;
    for (let attempt = 1; ; attempt++) {
      const outcome = outcomes[Math.min(attempt, outcomes.length) - 1]!;
      if (outcome === "ok") return { ends: "success", port: "out", calls: attempt };
      if (outcome === "rejected" || attempt === attempts) return failure(node, attempt);
    }
  }

  return { run: body(undefined, "", 0) ? "failed" : "success", steps, ended };
}

const enter = (path: string, { id }: PlaybookNode, index: number): string => `${path === "" ? "" : `${path}/`}${id}[${index}]`;

function failure({ onFailure }: PlaybookNode, calls: number): Step {
  if (onFailure === "fail") return { ends: "failed", port: null, calls };
  return { ends: "failed", port: onFailure === "port" ? "failed" : onFailure.port, calls };
}

/** @returns undefined while too little is known */
function decide(node: PlaybookNode, incoming: readonly PlaybookEdge[], here: ReadonlyMap<string, Step>, inBody: boolean, run: () => Step): Step | undefined {
  if (incoming.length === 0) return inBody ? run() : SKIPPED;
  const states = incoming.map(({ from, port }) => {
    if (from === "trigger") return "fired";
    const step = here.get(from);
    return step === undefined ? "open" : step.port === port ? "fired" : "dead";
  });
  const fired = states.filter((state) => state === "fired").length;
  const open = states.filter((state) => state === "open").length;
  const needed = node.join === undefined ? null : node.join === "all" ? incoming.length : node.join === "any" ? 1 : node.join.first;
  if (needed !== null && fired >= needed) return run();
  if (open > 0) return undefined;
  if (fired === 0) return SKIPPED;
  return needed === null ? run() : failure(node, 0);
}

const SKIPPED: Step = { ends: "skipped", port: null, calls: 0 };
