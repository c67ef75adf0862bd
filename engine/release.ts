/** On what terms a run is given back when nothing of it is in flight. Pure, but for closing steps of a run that ends. */
import type { Release } from "./journal/writer.ts";
import { plan } from "./plan.ts";
import type { RunState } from "./run-state.ts";
import type { WaitingOn } from "./status.ts";

export function releaseOf(state: RunState, { draining, now }: { draining: boolean; now: number }): Release {
  const common = { seenInbox: state.seenInbox, error: null, result: null, final: false, handOver: null };
  const { ending } = state;
  if (ending) {
    for (const step of [...state.steps.values()]) {
      if (step.status !== "waiting") continue;
      const { waitingOn: _waitingOn, next: _next, ...rest } = step;
      state.put({ ...rest, status: "cancelled", finishedAt: now });
    }
    return { ...common, status: ending.status, waitingOn: null, final: true, error: ending.error, result: ending.result, handOver: handOver(state) };
  }
  const next = plan(state.version.graph, state.steps);
  if (next.finished) return { ...common, status: "success", waitingOn: null, final: true, handOver: handOver(state) };

  const waits = [...state.steps.values()].flatMap((step) => (step.status === "waiting" && step.waitingOn ? [step.waitingOn] : []));
  const startable = next.start.length > 0 || next.unjoinable.length > 0 || waits.length === 0;
  if (draining && startable) return { ...common, status: "running", waitingOn: { kind: "worker", text: "a free worker" }, job: { priority: state.run.priority } };

  const timers = waits.filter((wait): wait is Extract<WaitingOn, { kind: "timer" }> => wait.kind === "timer").sort((a, b) => a.until.localeCompare(b.until));
  // What needs a person comes first: a timer passes by itself.
  const shown = waits.find((wait) => wait.kind !== "timer") ?? timers[0] ?? { kind: "worker" as const, text: "a free worker" };
  const first = timers[0];
  return {
    ...common,
    status: "waiting",
    waitingOn: shown,
    handOver: handOver(state),
    ...(first ? { job: { priority: state.run.priority, runAt: new Date(first.until) } } : {}),
  };
}

function handOver({ run }: RunState): Release["handOver"] {
  if (run.sequence_id === null || (run.sequence_position ?? 0) >= (run.sequence_total ?? 0)) return null;
  // Only a cancel brings a run here before its turn.
  return run.was_waiting_on?.kind === "sequence" ? { before: run.was_waiting_on.run_id } : "next";
}
