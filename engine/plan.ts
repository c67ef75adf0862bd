/** Decides what happens next in one body of a run, from the graph and what its steps say. Pure: no clock, no I/O. */
import type { Body, GraphNode } from "./graph.ts";
import { isSettledStep, type StepStatus } from "./status.ts";

/** What planning needs to know of a step. No entry means the step has not been thought of yet. */
export interface PlannedStep {
  status: StepStatus;
  /** The port it left by; null for skipped and cancelled ones. */
  port: string | null;
}

export interface Plan {
  /** Nodes that may start now. */
  start: string[];
  /** Nodes that are certain not to run: none of their edges fired. */
  skip: string[];
  /** Joins that can no longer be satisfied. */
  unjoinable: { nodeId: string; message: string }[];
  /** Nothing is running, waiting or startable any more. */
  finished: boolean;
}

type EdgeState = "open" | "fired" | "skipped";

/**
 * One pass in topological order suffices: a skip is visible to every later node within the same pass.
 * Costs O(nodes + edges) of the body.
 * @param stepOf of this body, in the iteration that is planned
 */
export function plan(body: Body, stepOf: (nodeId: string) => PlannedStep | undefined): Plan {
  const result: Plan = { start: [], skip: [], unjoinable: [], finished: true };
  const skipped = new Set<string>();

  const edgeState = (from: string, port: string): EdgeState => {
    if (from === "trigger") return "fired";
    if (skipped.has(from)) return "skipped";
    const step = stepOf(from);
    if (!step || !isSettledStep(step.status)) return "open";
    return step.port === port ? "fired" : "skipped";
  };

  for (const entry of body.order) {
    const step = stepOf(entry.node.id);
    if (step) {
      if (!isSettledStep(step.status)) result.finished = false;
      continue;
    }
    let fired = 0;
    let open = 0;
    for (const edge of entry.incoming) {
      const state = edgeState(edge.from, edge.port);
      if (state === "fired") fired++;
      else if (state === "open") open++;
    }
    switch (readiness(entry, fired, open)) {
      case "start":
        result.start.push(entry.node.id);
        result.finished = false;
        break;
      case "skip":
        skipped.add(entry.node.id);
        result.skip.push(entry.node.id);
        break;
      case "unjoinable":
        result.unjoinable.push({ nodeId: entry.node.id, message: unjoinableText(entry, fired) });
        result.finished = false;
        break;
      case "later":
        result.finished = false;
        break;
    }
  }
  return result;
}

function readiness(entry: GraphNode, fired: number, open: number): "start" | "skip" | "unjoinable" | "later" {
  const total = entry.incoming.length;
  if (entry.begins) return "start";
  if (open === 0 && fired === 0) return "skip";
  switch (entry.join.kind) {
    case "settled":
      return open === 0 ? "start" : "later";
    case "all":
      if (fired === total) return "start";
      return open === 0 ? "unjoinable" : "later";
    case "count":
      if (fired >= entry.join.count) return "start";
      return open === 0 ? "unjoinable" : "later";
  }
}

function unjoinableText(entry: GraphNode, fired: number): string {
  const wanted = entry.join.kind === "count" ? `${entry.join.count}` : `all ${entry.incoming.length}`;
  return `this join waits for ${wanted} of its ${entry.incoming.length} incoming branches, but only ${fired} came this way`;
}
