import { useSearchParams } from "@remix-run/react";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { inTimeOrder } from "#app/canvas/project.ts";
import type { StepWire } from "#app/models/wire.ts";
import { levelsOf, type LoopView, loopsOf, type Picks, picksOf, stepsOfPicks } from "./iterations.ts";

export interface Choice {
  nodeId: string | null;
  step: StepWire | undefined;
  /** By their keys (iterations.ts). */
  loops: ReadonlyMap<string, LoopView>;
  /** In time order, of each loop one iteration: the one that was looked at last, or that most needs to be seen. */
  shown: StepWire[];
  chooseStep(stepId: string): void;
  chooseNode(nodeId: string | null): void;
}

/** Where arrow keys have a meaning of their own. */
const OWN_ARROWS = "input, textarea, select, [role=tab], [role=region], [role=menu], [role=dialog], pre, ol[tabindex]";

/**
 * The chosen step lives in the address (?step=, or ?node= and ?item= for one whose id is not known, or that the run did not reach), so that a link shows it.
 * Without either, the step that failed is open. Arrows move through the steps in time order, Escape closes.
 */
export function useStepChoice(steps: StepWire[]): Choice {
  const [params, setParams] = useSearchParams();
  const asked = params.get("step");
  const node = params.get("node");
  const inside = params.get("item") ?? "";
  const untouched = asked === null && node === null;
  const loops = useMemo(() => loopsOf(steps), [steps]);
  // Of a loop that failed, the step in it that did says why.
  const step = untouched ? deepest(steps.filter(({ status, port }) => status === "failed" && port === null)) ?? steps.find(({ status }) => status === "failed") : steps.find(({ id, node_id, item }) => (asked === null ? node_id === node && item === inside : id === asked));
  const place = step?.item ?? "";

  const remembered = useRef<Picks>(new Map());
  const picks = useMemo(() => new Map([...remembered.current, ...picksOf(place)]), [place]);
  remembered.current = picks;
  const shown = useMemo(() => inTimeOrder(stepsOfPicks(steps, loops, picks)), [steps, loops, picks]);
  const ordered = useMemo(() => shown.filter(({ status }) => status !== "skipped"), [shown]);

  const set = useCallback((name: "step" | "node", value: string) => {
    setParams((before) => {
      const next = new URLSearchParams(before);
      next.delete("step");
      next.delete("node");
      next.delete("item");
      next.set(name, value);
      return next;
    }, { replace: true, preventScrollReset: true });
  }, [setParams]);

  const chooseStep = useCallback((stepId: string) => set("step", stepId), [set]);
  const chooseNode = useCallback((nodeId: string | null) => {
    if (nodeId === null) return set("step", "");
    const own = steps.filter(({ node_id }) => node_id === nodeId);
    const first = shown.find(({ node_id }) => node_id === nodeId) ?? own.find(({ status }) => status === "failed") ?? own[0];
    if (first) set("step", first.id);
    else set("node", nodeId);
  }, [set, steps, shown]);

  const latest = useRef({ ordered, step, chooseStep, chooseNode });
  latest.current = { ordered, step, chooseStep, chooseNode };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).closest(OWN_ARROWS)) return;
      const by = event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : event.key === "ArrowLeft" || event.key === "ArrowUp" ? -1 : 0;
      const now = latest.current;
      if (event.key === "Escape" && now.step) now.chooseNode(null);
      if (by === 0 || now.ordered.length === 0) return;
      event.preventDefault();
      const at = now.step ? now.ordered.findIndex(({ id }) => id === now.step?.id) : by === 1 ? -1 : now.ordered.length;
      const next = now.ordered[Math.max(0, Math.min(now.ordered.length - 1, at + by))]!;
      now.chooseStep(next.id);
      document.querySelector(`[data-strip="${next.id}"]`)?.scrollIntoView({ block: "nearest" });
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  return { nodeId: step?.node_id ?? (untouched ? null : node), step, loops, shown, chooseStep, chooseNode };
}

const depth = ({ item }: StepWire): number => levelsOf(item).length;

const deepest = (steps: readonly StepWire[]): StepWire | undefined =>
  steps.reduce<StepWire | undefined>((found, step) => (found === undefined || depth(step) > depth(found) ? step : found), undefined);
