/** On what terms a run is given back when nothing of it is in flight. Pure, but for closing steps of a run that ends. */
import { TOP } from "./graph.ts";
import type { Release } from "./journal/writer.ts";
import { plan } from "./plan.ts";
import type { RunState } from "./run-state.ts";

export function releaseOf(state: RunState, { draining, now }: { draining: boolean; now: number }): Release {
  const common = { seenInbox: state.seenInbox, error: null, result: null, final: false, handOver: null, parent: null, frees: state.run.limited ? state.run.playbook_id : null };
  const { ending, run } = state;
  // A run that another one started ends before that one does.
  const backtest = run.backtest_id !== null && run.parent_run_id === null ? { backtest: run.backtest_id } : {};
  const parent = run.parent_run_id !== null && run.parent_step_id !== null ? { runId: run.parent_run_id, stepId: run.parent_step_id } : null;
  if (ending) {
    for (const step of [...state.steps.values()]) {
      if (step.status !== "waiting" && step.loop === undefined) continue;
      const { waitingOn: _waitingOn, next: _next, loop: _loop, ...rest } = step;
      state.put({ ...rest, status: "cancelled", finishedAt: now });
    }
    return { ...common, status: ending.status, waitingOn: null, final: true, error: ending.error, result: ending.result, handOver: handOver(state), parent, ...backtest };
  }
  const top = plan(state.version.graph.bodies.get(TOP)!, (id) => state.step(id, ""));
  // Who is told to stop no longer plans, and would end the run without a word about what was skipped.
  if (top.finished && top.skip.length === 0) return { ...common, status: "success", waitingOn: null, final: true, handOver: handOver(state), parent, ...backtest };

  const waits = [...state.steps.values()].flatMap((step) => (step.status === "waiting" && step.waitingOn ? [step.waitingOn] : []));
  // Who stops plans nothing: whether something may start is for the next owner to find out.
  if (draining) return { ...common, status: "running", waitingOn: { kind: "worker", text: "a free worker" }, job: { priority: state.run.priority } };

  const timers = waits.flatMap((wait) => (wait.until === undefined ? [] : [wait])).sort((a, b) => a.until!.localeCompare(b.until!));
  const first = timers[0];
  // What needs a person comes first: a timer passes by itself.
  const shown = waits.find(({ kind }) => kind !== "timer" && kind !== "run" && kind !== "concurrency") ?? waits.find(({ kind }) => kind === "run") ?? waits.find(({ kind }) => kind === "concurrency") ?? first ?? { kind: "worker" as const, text: "a free worker" };
  return {
    ...common,
    status: "waiting",
    waitingOn: shown,
    handOver: handOver(state),
    ...(first ? { job: { priority: state.run.priority, runAt: new Date(first.until!) } } : {}),
  };
}

function handOver({ run }: RunState): Release["handOver"] {
  if (run.sequence_id === null || (run.sequence_position ?? 0) >= (run.sequence_total ?? 0)) return null;
  // Only a cancel brings a run here before its turn.
  return run.was_waiting_on?.kind === "sequence" ? { before: run.was_waiting_on.run_id } : "next";
}
