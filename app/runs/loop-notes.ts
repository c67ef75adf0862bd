import type { StepWire } from "#app/models/wire.ts";
import { levelsOf, loopKey, type LoopView, picksOf } from "./iterations.ts";

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

/** What a container's frame says of its iterations: the one that is shown, or how many are. By node id. @param place the chosen step's `item` */
export function frameNotes(loops: ReadonlyMap<string, LoopView>, place: string): ReadonlyMap<string, string> {
  const notes = new Map<string, string>();
  const picks = picksOf(place);
  for (const { step, total, iterations } of loops.values()) {
    const index = picks.get(loopKey({ container: step.node_id, outer: step.item }));
    if (index === undefined) continue;
    const label = iterations.find((iteration) => iteration.index === index)?.label;
    notes.set(step.node_id, `${total === null ? "round" : "item"} ${index + 1} of ${total ?? iterations.length}${label == null ? "" : `: ${label}`}`);
  }
  const around = (item: string): boolean => levelsOf(item).every((level) => (picks.get(loopKey(level)) ?? level.index) === level.index);
  for (const [id, own] of Map.groupBy(loops.values(), ({ step }) => step.node_id)) {
    if (notes.has(id)) continue;
    const shown = own.filter(({ step }) => around(step.item));
    const count = shown.reduce((sum, { iterations }) => sum + iterations.length, 0);
    const word = shown.some(({ total }) => total === null) ? "round" : "item";
    if (count > 0) notes.set(id, count === 1 ? `1 ${word}` : `all ${count} ${word}s`);
  }
  return notes;
}
