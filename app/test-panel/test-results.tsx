import { useMemo } from "react";
import { Link } from "@remix-run/react";
import { useActions, useEditor } from "#app/canvas/editor-context.tsx";
import { inTimeOrder } from "#app/canvas/project.ts";
import { StatusBadge, StatusIcon } from "#app/canvas/status-icon.tsx";
import type { RunStatus } from "#engine/status.ts";
import { typeOf } from "#app/canvas/shapes.ts";
import type { StepWire } from "#app/models/wire.ts";
import { duration } from "#app/ui/time.tsx";
import { brief } from "./edge-values.ts";

/** What the test did, step by step, and what it would have done. */
export function TestResults() {
  const test = useEditor((state) => state.test);
  if (test === null) return <p className="p-4 text-fg-3">Run the draft to see here, and on the canvas, what each step was given and what it made of it. Reads are real; whatever would change something is held back and shown.</p>;
  return <Results steps={test.steps} status={test.status} runId={test.runId} />;
}

function Results({ steps, status, runId }: { steps: readonly StepWire[]; status: string; runId: string }) {
  const ordered = useMemo(() => inTimeOrder(steps).filter((step) => step.status !== "skipped"), [steps]);
  const held = ordered.filter((step) => step.status === "held").length;
  const skipped = steps.length - ordered.length;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <p role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1.5 text-xs text-fg-2">
        <StatusBadge status={status as RunStatus} />
        <span>{ordered.length} {ordered.length === 1 ? "step" : "steps"}{skipped > 0 ? `, ${skipped} not taken` : ""}</span>
        {held > 0 && <span data-tone="violet" className="text-tone">{held} held back: nothing outside was changed</span>}
        <Link to={`/runs/${runId}`} className="ml-auto link">Open the run</Link>
      </p>
      <ol aria-label="Steps of the test" className="scroll-y min-h-0 flex-1">
        {ordered.map((step) => <Step key={step.id} step={step} />)}
        {ordered.length === 0 && <li className="p-3 text-fg-3">{status === "pending" ? "Waiting for a worker…" : "No step has run."}</li>}
      </ol>
    </div>
  );
}

function Step({ step }: { step: StepWire }) {
  const title = useEditor(({ draft, types }) => {
    const node = draft.document.nodes.find(({ id }) => id === step.node_id);
    return node?.title ?? (node && typeOf(types, node)?.ui.title) ?? step.node_id;
  });
  const chosen = useEditor(({ selection }) => selection.nodes.length === 1 && selection.nodes[0] === step.node_id);
  const { reveal } = useActions();
  return (
    <li>
      <button type="button" aria-pressed={chosen} onClick={() => reveal(step.node_id)} className={`flex min-h-8 w-full items-center gap-2 px-3 py-1 text-left hover:bg-hover focus-visible:outline-offset-[-2px] ${chosen ? "bg-selected" : ""}`}>
        <StatusIcon status={step.status} />
        <span className="w-1/3 min-w-0 truncate font-medium" title={title}>{title}</span>
        <Outcome step={step} />
        <span className="shrink-0 text-xs text-fg-3">{step.port !== null && step.port !== "out" ? `${step.port} · ` : ""}{duration(step.duration_ms)}</span>
      </button>
    </li>
  );
}

function Outcome({ step }: { step: StepWire }) {
  const line = "min-w-0 flex-1 truncate text-xs";
  if (step.error !== null) return <span className={`${line} text-red`} title={step.error.message}>{step.error.message}</span>;
  if (step.status === "held") return <span data-tone="violet" className={`${line} text-tone`}>would have run with {brief(step.input)}</span>;
  if (step.waiting_on !== null && step.finished_at === null) return <span className={`${line} text-fg-2`}>{step.waiting_on.text}</span>;
  return <span className={`${line} font-mono text-fg-2`}>{step.finished_at === null ? "" : brief(step.output)}</span>;
}
