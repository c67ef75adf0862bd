import { ChevronDown, ChevronUp } from "lucide-react";
import { useMemo, useState } from "react";
import { ApprovalPanel } from "#app/approvals/approval-panel.tsx";
import { sentenceOf } from "#app/approvals/place.ts";
import { PictureFrame } from "#app/canvas/picture.tsx";
import { project, type CardType } from "#app/canvas/project.ts";
import type { ApprovalWire, RunDetail } from "#app/models/wire.ts";
import { useReason } from "#app/shell/permission.ts";
import { IconButton } from "#app/ui/button.tsx";
import type { StepChange } from "./changes.ts";
import { Inspector } from "./inspector.tsx";
import { pathWords, stepsAround } from "./iterations.ts";
import { frameNotes, loopNotes } from "./loop-notes.ts";
import { type RerunFrom, sourceOf, stuckSteps } from "./rerun.ts";
import { RerunDialog } from "./rerun-dialog.tsx";
import { RunHeader } from "./run-header.tsx";
import { TimeStrip } from "./time-strip.tsx";
import { useStepChoice } from "./use-step-choice.ts";

interface ViewProps { run: RunDetail; types: CardType[]; approvals: ApprovalWire[]; changes: StepChange[]; published: number | null }

/** One run: the graph as it was executed above, its steps in time below, the chosen step beside. */
export function RunView({ run, types, approvals, changes, published }: ViewProps) {
  const { nodeId, step, loops, shown, chooseStep, chooseNode } = useStepChoice(run.steps);
  const [rerun, setRerun] = useState<RerunFrom | null>(null);
  const [strip, setStrip] = useState(true);
  const reason = useReason()("playbooks:execute");
  const place = step?.item ?? "";
  const notes = useMemo(() => loopNotes(run.steps, loops), [run, loops]);
  const source = sourceOf(run);
  const picture = useMemo(() => {
    const { cards, lines, frames } = project(run.document, run.layout, types, stepsAround(run.steps, place));
    const iterations = frameNotes(loops, place);
    return { lines, cards: cards.map((card) => ({ ...card, note: notes.get(card.id) ?? null, reused: card.pinned && source !== null })), frames: frames.map((frame) => ({ ...frame, note: iterations.get(frame.container) })) };
  }, [run, types, place, notes, loops, source]);
  const titles = useMemo(() => new Map(picture.cards.map(({ id, title }) => [id, title])), [picture]);
  const card = picture.cards.find(({ id }) => id === nodeId);
  const where = pathWords(place, titles);

  return (
    <>
      <RunHeader run={run} titles={titles} onShowStep={chooseStep} onShowNode={chooseNode} onRerun={() => setRerun(stuckSteps(run.steps).length > 0 ? "failed" : "start")} />
      {rerun !== null && <RerunDialog run={run} titles={titles} published={published} from={rerun} onClose={() => setRerun(null)} />}
      <ApprovalPanel approvals={approvals} stepId={step?.id ?? null} sentenceOf={(approval) => sentenceOf(approval, run, types)} onShow={chooseStep} />
      <div className="flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col">
          <div className="relative min-h-40 flex-1">
            <PictureFrame picture={picture} traced chosen={nodeId} label={`Graph of ${run.playbook.name} as it was executed`} onChoose={chooseNode} />
            {where !== "" && <p className="pointer-events-none absolute top-2 left-3 z-10 max-w-[60%] truncate rounded-sm border border-line bg-raised px-2 py-0.5 text-xs text-fg-2">Shown: {where}</p>}
          </div>
          <section aria-label="Time strip" className="flex min-h-0 shrink-0 flex-col border-t border-line bg-surface">
            <header className="flex h-8 shrink-0 items-center justify-between pr-1 pl-3">
              <h2 className="text-xs font-medium text-fg-2">Steps in time <span className="ml-2 font-normal text-fg-3">arrow keys move, Esc closes{loops.size > 0 && "; of each loop one iteration is shown"}</span></h2>
              <IconButton label={strip ? "Hide steps" : "Show steps"} onClick={() => setStrip(!strip)}>{strip ? <ChevronDown aria-hidden className="size-4" /> : <ChevronUp aria-hidden className="size-4" />}</IconButton>
            </header>
            {strip && <div className="scroll-y max-h-[28vh] border-t border-line"><TimeStrip steps={shown} loops={loops} titles={titles} startedAt={run.started_at} finishedAt={run.finished_at} chosen={step?.id ?? null} onChoose={chooseStep} /></div>}
          </section>
        </div>
        {card?.kind === "node" && (
          <aside aria-label="Step" className="w-[400px] shrink-0 border-l border-line bg-surface 2xl:w-[520px]">
            <Inspector
              card={card}
              step={step}
              siblings={run.steps.filter(({ node_id }) => node_id === card.id)}
              loops={loops}
              titles={titles}
              childRuns={run.children}
              changes={changes.filter(({ step_id }) => step_id === step?.id)}
              alertId={run.alert_id}
              source={source}
              rerun={run.test === null ? { reason: reason ?? (run.finished_at === null ? "The run has not finished yet" : undefined), from: setRerun } : null}
              onChoose={chooseStep}
              onClose={() => chooseNode(null)}
            />
          </aside>
        )}
      </div>
    </>
  );
}
