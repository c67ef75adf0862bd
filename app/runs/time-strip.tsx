import clsx from "clsx";
import { useMemo } from "react";
import { STATUS_TONE, STATUS_WORD } from "#app/canvas/look.ts";
import { StatusIcon } from "#app/canvas/status-icon.tsx";
import type { StepWire } from "#app/models/wire.ts";
import { duration, useNow } from "#app/ui/time.tsx";
import { levelsOf, loopKey, type LoopView } from "./iterations.ts";
import { timeScale } from "./time-scale.ts";

interface StripProps { steps: StepWire[]; loops: ReadonlyMap<string, LoopView>; titles: ReadonlyMap<string, string>; startedAt: string | null; finishedAt: string | null; chosen: string | null; onChoose(stepId: string): void }

/** When each step ran and waited: one line a step, bars on a common scale, earlier attempts as separate bars. What is in a loop is indented below it. */
export function TimeStrip({ steps, loops, titles, startedAt, finishedAt, chosen, onChoose }: StripProps) {
  const now = useNow();
  const rows = useMemo(() => steps.filter(({ started_at }) => started_at !== null), [steps]);
  /** Of each loop the iteration that is shown. */
  const shown = useMemo(() => new Map(steps.flatMap(({ item }) => levelsOf(item).map((level) => [loopKey(level), level.index] as const))), [steps]);
  const last = rows.reduce((end, { finished_at }) => Math.max(end, finished_at === null ? 0 : Date.parse(finished_at)), 0);
  const from = startedAt === null ? (rows[0] ? Date.parse(rows[0].started_at!) : 0) : Date.parse(startedAt);
  const to = finishedAt === null ? Math.max(now ?? 0, last) : Math.max(Date.parse(finishedAt), last);
  const scale = timeScale(from, to);

  if (rows.length === 0) return <p className="p-3 text-fg-3">No step has started yet.</p>;
  return (
    <div className="relative">
      <div aria-hidden className="sticky top-0 z-10 flex h-5 border-b border-line bg-surface pl-[216px] text-2xs text-fg-3">
        <div className="relative mr-20 flex-1">{scale.ticks.map((tick) => <span key={tick} className={clsx("absolute whitespace-nowrap", tick > 0 && (scale.at(from + tick) > 94 ? "-translate-x-full" : "-translate-x-1/2"))} style={{ left: `${scale.at(from + tick)}%` }}>{duration(tick)}</span>)}</div>
      </div>
      <ol aria-label="Steps in time order">
        {rows.map((step) => {
          const bars = barsOf(step, to);
          const key = loopKey({ container: step.node_id, outer: step.item });
          const loop = loops.get(key);
          const index = shown.get(key);
          return (
            <li key={step.id}>
              <button
                type="button"
                aria-current={step.id === chosen ? "step" : undefined}
                data-strip={step.id}
                onClick={() => onChoose(step.id)}
                className={clsx("flex h-6 w-full items-center text-left focus-visible:outline-offset-[-2px]", step.id === chosen ? "bg-selected" : "hover:bg-hover")}
              >
                <span className="flex w-[216px] shrink-0 items-center gap-1.5 pr-3" style={{ paddingLeft: 12 + levelsOf(step.item).length * 14 }}>
                  <StatusIcon status={step.status} className="size-3.5" />
                  <span className="min-w-0 truncate">{titles.get(step.node_id) ?? step.node_id}</span>
                  {loop && index !== undefined && <span className="ml-auto shrink-0 text-2xs text-fg-3">{index + 1} of {loop.total ?? loop.iterations.length}</span>}
                </span>
                <span className="relative h-full min-w-0 flex-1">
                  {scale.ticks.map((tick) => <span key={tick} aria-hidden className="absolute inset-y-0 border-l border-line" style={{ left: `${scale.at(from + tick)}%` }} />)}
                  {bars.map((bar, index) => (
                    <span
                      key={index}
                      data-tone={bar.tone}
                      title={bar.title}
                      className={clsx("absolute top-1.5 h-3 min-w-[3px] rounded-[2px]", bar.gap ? "border border-dashed border-tone bg-tone-bg" : "bg-fill")}
                      style={{ left: `${scale.at(bar.from)}%`, width: `${Math.max(0, scale.at(bar.to) - scale.at(bar.from))}%` }}
                    />
                  ))}
                </span>
                <span className="w-20 shrink-0 pr-3 text-right text-xs text-fg-2"><span className="sr-only">{STATUS_WORD[step.status]}, </span>{duration(step.duration_ms)}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

interface Bar { from: number; to: number; tone: string; gap: boolean; title: string }

/** `gap` is time in which nothing worked on the step: between attempts, or while it waits. */
function barsOf(step: StepWire, now: number): Bar[] {
  const end = step.finished_at === null ? now : Date.parse(step.finished_at);
  const tone = STATUS_TONE[step.status];
  const word = STATUS_WORD[step.status];
  if (step.attempts.length === 0) return [{ from: Date.parse(step.started_at!), to: end, tone, gap: step.status === "waiting", title: `${word}, ${duration(step.duration_ms)}` }];
  const bars = step.attempts.map((attempt): Bar => ({
    from: Date.parse(attempt.started_at),
    to: attempt.finished_at === null ? end : Date.parse(attempt.finished_at),
    tone: attempt.outcome === "success" ? "green" : attempt.outcome === "held" ? "violet" : attempt.outcome === null ? tone : attempt.outcome === "cancelled" ? "gray" : attempt.outcome === "ambiguous" ? "yellow" : "red",
    gap: attempt.finished_at === null && step.status === "waiting",
    title: `Attempt ${attempt.number}${attempt.error === null ? "" : `: ${attempt.error.message}`}`,
  }));
  const worked = bars.at(-1)!.to;
  return end > worked ? [...bars, { from: worked, to: end, tone, gap: step.status === "waiting" || step.status === "pending", title: word }] : bars;
}
