import { ChevronDown, ChevronLeft, ChevronRight } from "lucide-react";
import clsx from "clsx";
import { useState } from "react";
import { StatusIcon } from "#app/canvas/status-icon.tsx";
import type { StepWire } from "#app/models/wire.ts";
import { IconButton } from "#app/ui/button.tsx";
import { IterationList } from "./iteration-list.tsx";
import { type IterationView, type Level, levelsOf, loopKey, type LoopView, pathOf } from "./iterations.ts";

interface PickerProps {
  step: StepWire;
  /** Of the same node, in all iterations. */
  siblings: readonly StepWire[];
  loops: ReadonlyMap<string, LoopView>;
  titles: ReadonlyMap<string, string>;
  onChoose(stepId: string): void;
}

/** In which iteration of which loops a step is, outermost first, and the way to the others. */
export function IterationPicker({ step, siblings, loops, titles, onChoose }: PickerProps) {
  const levels = levelsOf(step.item);
  if (levels.length === 0) return null;
  return (
    <div className="mt-2 flex flex-col gap-1">
      {levels.map((level, depth) => {
        const loop = loops.get(loopKey(level));
        return loop && <LevelPicker key={loopKey(level)} loop={loop} level={level} title={titles.get(level.container) ?? level.container} onPick={(iteration) => {
          const to = sameStepIn(iteration, siblings, step, depth) ?? iteration.stepId;
          if (to !== null) onChoose(to);
        }} />;
      })}
    </div>
  );
}

/** The same node in another iteration, as deep in the same place as there is one. */
function sameStepIn({ path }: IterationView, siblings: readonly StepWire[], step: StepWire, depth: number): string | null {
  const inside = siblings.filter(({ item }) => item === path || item.startsWith(`${path}/`));
  const rest = levelsOf(step.item).slice(depth + 1);
  const samePlace = rest.reduce((outer, level) => pathOf({ ...level, outer }), path);
  return (inside.find(({ item }) => item === samePlace) ?? inside.find(({ status }) => status === "failed") ?? inside[0])?.id ?? null;
}

function LevelPicker({ loop, level: { index }, title, onPick }: { loop: LoopView; level: Level; title: string; onPick(iteration: IterationView): void }) {
  const [open, setOpen] = useState(false);
  const { iterations, total } = loop;
  const at = iterations.findIndex((iteration) => iteration.index === index);
  const current = iterations[at];
  const go = (by: number) => {
    const next = iterations[at + by];
    if (next) onPick(next);
  };
  return (
    <div className="rounded-md border border-line">
      <div className="flex items-center">
        <IconButton label={`Previous of ${title}`} disabled={at <= 0} onClick={() => go(-1)}><ChevronLeft aria-hidden className="size-4" /></IconButton>
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)} className="flex h-7 min-w-0 flex-1 items-center gap-2 rounded-sm px-1 text-left text-xs hover:bg-hover">
          {current && <StatusIcon status={current.status} className="size-3.5" />}
          <span className="min-w-0 truncate"><span className="text-fg-3">{title}</span> <span className="font-medium">{index + 1} of {total ?? iterations.length}</span>{current?.label != null && <span className="text-fg-2">: {current.label}</span>}</span>
          <ChevronDown aria-hidden className={clsx("ml-auto size-3.5 shrink-0 text-fg-3 transition-transform", open && "rotate-180")} />
        </button>
        <IconButton label={`Next of ${title}`} disabled={at < 0 || at >= iterations.length - 1} onClick={() => go(1)}><ChevronRight aria-hidden className="size-4" /></IconButton>
      </div>
      {open && <div className="border-t border-line"><IterationList loop={loop} chosen={index} onChoose={(iteration) => { setOpen(false); onPick(iteration); }} /></div>}
    </div>
  );
}
