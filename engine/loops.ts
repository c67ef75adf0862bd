/** What becomes of the iterations of a container. Pure: the driver carries it out. */
import type { Iteration, Json } from "#sdk";
import type { FailureRecord } from "./errors.ts";
import type { Body } from "./graph.ts";
import type { LoopRecord, StepRecord } from "./journal/records.ts";
import { isSettledStep } from "./status.ts";

/** A container's iterations while its run is held. */
export interface Loop {
  /** How many have begun. */
  begun: number;
  readonly open: Set<number>;
  readonly done: Map<number, Iteration>;
  /** One has failed and the others have been told to end. */
  stop: boolean;
}

export type NextOfLoop =
  /** Iterations that may begin now. */
  | { do: "begin"; indices: number[] }
  /** Something is under way; with `stop`, what is under way has to end first. */
  | { do: "wait"; stop: boolean }
  /** All have run, or the first failure has ended the others: the node says what comes of it. */
  | { do: "resume"; iterations: Iteration[] };

export function nextOfLoop(plan: LoopRecord, { begun, open, done }: Loop): NextOfLoop {
  const stop = plan.stopOnFailure && [...done.values()].some(({ status }) => status !== "success");
  if (!stop) {
    const room = Math.min(plan.count - begun, plan.concurrency - open.size);
    if (room > 0) return { do: "begin", indices: Array.from({ length: room }, (_, at) => begun + at) };
  }
  if (open.size > 0) return { do: "wait", stop };
  return { do: "resume", iterations: [...done.values()].sort((a, b) => a.index - b.index) };
}

type StepOf = (nodeId: string) => StepRecord | undefined;

/** An iteration is ending when a step of it failed and nothing caught that, or when it was told to end. */
export function endingOf(body: Body, stepOf: StepOf): { error?: FailureRecord } | null {
  let ending: { error?: FailureRecord } | null = null;
  for (const { node } of body.order) {
    const step = stepOf(node.id);
    if (step?.status === "failed" && step.port === null) return { error: { ...step.error!, node_id: step.error?.node_id ?? node.id } };
    if (step?.status === "cancelled") ending ??= {};
  }
  return ending;
}

/** @param ending of this iteration. @returns null while something of it is under way */
export function outcomeOfIteration(body: Body, stepOf: StepOf, index: number, ending: ReturnType<typeof endingOf>, isPlanFinished: boolean): Iteration | null {
  if (!ending) return isPlanFinished ? { index, status: "success", result: resultOf(body, stepOf) } : null;
  for (const { node } of body.order) {
    const step = stepOf(node.id);
    if (step && !isSettledStep(step.status)) return null;
  }
  const { error } = ending;
  return error ? { index, status: "failed", result: null, error: { kind: error.kind, message: error.message } } : { index, status: "cancelled", result: null };
}

/** What the nodes give that nothing follows: of the only one its output, of several by their ids. */
function resultOf({ order }: Body, stepOf: StepOf): Json {
  const outputOf = (id: string): Json => {
    const step = stepOf(id);
    return step && step.port !== null ? (step.output ?? null) : null;
  };
  const last = order.filter(({ outgoing }) => outgoing.length === 0).map(({ node }) => node.id);
  return last.length === 1 ? outputOf(last[0]!) : Object.fromEntries(last.map((id) => [id, outputOf(id)]));
}
