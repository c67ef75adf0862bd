import { ChevronDown, ChevronUp } from "lucide-react";
import { useMemo, useState } from "react";
import { PictureFrame } from "#app/canvas/picture.tsx";
import { project, type CardType } from "#app/canvas/project.ts";
import type { RunDetail } from "#app/models/wire.ts";
import { IconButton } from "#app/ui/button.tsx";
import type { StepChange } from "./changes.ts";
import { DecisionPanel } from "./decision.tsx";
import { Inspector } from "./inspector.tsx";
import { RunHeader } from "./run-header.tsx";
import { TimeStrip } from "./time-strip.tsx";
import { useStepChoice } from "./use-step-choice.ts";

/** One run: the graph as it was executed above, its steps in time below, the chosen step beside. */
export function RunView({ run, types, changes }: { run: RunDetail; types: CardType[]; changes: StepChange[] }) {
  const { nodeId, step, chooseStep, chooseNode } = useStepChoice(run.steps);
  const [strip, setStrip] = useState(true);
  const picture = useMemo(() => project(run.document, run.layout, types, run.steps), [run, types]);
  const titles = useMemo(() => new Map(picture.cards.map(({ id, title }) => [id, title])), [picture]);
  const card = picture.cards.find(({ id }) => id === nodeId);
  const decisions = run.waits.filter(({ kind }) => kind === "decision");
  const stepOf = (id: string) => run.steps.find((candidate) => candidate.id === id);

  return (
    <>
      <RunHeader run={run} titles={titles} onShowStep={chooseStep} onShowNode={chooseNode} />
      {decisions.map((wait) => {
        const asked = stepOf(wait.step_id);
        return <DecisionPanel key={wait.id} wait={wait} title={titles.get(asked?.node_id ?? "") ?? "A step"} contain={asked?.effect === "contain"} onShow={() => chooseStep(wait.step_id)} />;
      })}
      <div className="flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col">
          <div className="min-h-40 flex-1"><PictureFrame picture={picture} traced chosen={nodeId} label={`Graph of ${run.playbook.name} as it was executed`} onChoose={chooseNode} /></div>
          <section aria-label="Time strip" className="flex min-h-0 shrink-0 flex-col border-t border-line bg-surface">
            <header className="flex h-8 shrink-0 items-center justify-between pr-1 pl-3">
              <h2 className="text-xs font-medium text-fg-2">Steps in time <span className="ml-2 font-normal text-fg-3">arrow keys move, Esc closes</span></h2>
              <IconButton label={strip ? "Hide steps" : "Show steps"} onClick={() => setStrip(!strip)}>{strip ? <ChevronDown aria-hidden className="size-4" /> : <ChevronUp aria-hidden className="size-4" />}</IconButton>
            </header>
            {strip && <div className="scroll-y max-h-[28vh] border-t border-line"><TimeStrip steps={run.steps} titles={titles} startedAt={run.started_at} finishedAt={run.finished_at} chosen={step?.id ?? null} onChoose={chooseStep} /></div>}
          </section>
        </div>
        {card?.kind === "node" && (
          <aside aria-label="Step" className="w-[400px] shrink-0 border-l border-line bg-surface 2xl:w-[520px]">
            <Inspector
              card={card}
              step={step}
              siblings={run.steps.filter(({ node_id }) => node_id === card.id)}
              changes={changes.filter(({ step_id }) => step_id === step?.id)}
              alertId={run.alert_id}
              onChoose={chooseStep}
              onClose={() => chooseNode(null)}
            />
          </aside>
        )}
      </div>
    </>
  );
}
