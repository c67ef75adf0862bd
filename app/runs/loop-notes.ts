import type { StepWire } from "#app/models/wire.ts";
import type { LoopView } from "./iterations.ts";

/** "12 of 30, 1 failed" of a container, "30 times, 1 failed" of a node in its body; by node id. */
export function loopNotes(steps: readonly StepWire[], loops: ReadonlyMap<string, LoopView>): ReadonlyMap<string, string> {
  const counts = new Map<string, { done: number; total: number | null; failed: number; isRound: boolean; over: boolean }>();
  for (const { step, total, iterations } of loops.values()) {
    const count = counts.get(step.node_id) ?? { done: 0, total: 0, failed: 0, isRound: total === null, over: true };
    counts.set(step.node_id, {
      done: count.done + iterations.filter(({ status }) => status === "success" || status === "failed" || status === "cancelled").length,
      total: total === null || count.total === null ? null : count.total + total,
      failed: count.failed + iterations.filter(({ status }) => status === "failed").length,
      isRound: count.isRound,
      over: count.over && step.finished_at !== null,
    });
  }
  const notes = new Map<string, string>();
  for (const [id, { done, total, failed, isRound, over }] of counts) {
    const amount = isRound ? `${done} ${done === 1 ? "round" : "rounds"}` : over && done === total ? `${done} ${done === 1 ? "item" : "items"}` : `${done} of ${total ?? done}`;
    notes.set(id, failed === 0 ? amount : `${amount}, ${failed} failed`);
  }
  for (const [id, own] of Map.groupBy(steps.filter(({ item }) => item !== ""), ({ node_id }) => node_id)) {
    if (counts.has(id)) continue;
    const ran = own.filter(({ status }) => status !== "skipped").length;
    const failed = own.filter(({ status }) => status === "failed").length;
    notes.set(id, `${ran} ${ran === 1 ? "time" : "times"}${failed === 0 ? "" : `, ${failed} failed`}`);
  }
  return notes;
}
