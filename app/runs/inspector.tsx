import { Link, useParams } from "@remix-run/react";
import { History, Pin, RotateCcw, X } from "lucide-react";
import type { ReactNode } from "react";
import { failureWords } from "#app/canvas/describe-failure.ts";
import { NodeIcon } from "#app/canvas/icons.tsx";
import { effectTone, effectWords } from "#app/canvas/look.ts";
import type { Card } from "#app/canvas/project.ts";
import { StatusBadge } from "#app/canvas/status-icon.tsx";
import type { AttemptWire, FailureWire, RunDetail, StepWire } from "#app/models/wire.ts";
import { Badge } from "#app/ui/badge.tsx";
import { Button, IconButton } from "#app/ui/button.tsx";
import { JsonView } from "#app/ui/json-view.tsx";
import { Tabs, type Tab } from "#app/ui/tabs.tsx";
import { duration, Time } from "#app/ui/time.tsx";
import type { StepChange } from "./changes.ts";
import { IterationList } from "./iteration-list.tsx";
import { IterationPicker } from "./iteration-picker.tsx";
import { loopKey, type LoopView } from "./iterations.ts";
import { WaitEnd } from "./wait-end.tsx";

interface InspectorProps {
  card: Card;
  step: StepWire | undefined;
  /** Of the same node. */
  siblings: StepWire[];
  loops: ReadonlyMap<string, LoopView>;
  titles: ReadonlyMap<string, string>;
  /** Runs that this run started. */
  childRuns: RunDetail["children"];
  changes: StepChange[];
  alertId: string | null;
  /** The run that steps were taken over from. */
  source: string | null;
  /** Repeats the run from a step; null: this run cannot be. */
  rerun: { reason: string | undefined; from(stepId: string): void } | null;
  onChoose(stepId: string): void;
  onClose(): void;
}

/** Everything known about one step: what went in, what came out, how often, why not, and what it changed. */
export function Inspector({ card, step, siblings, loops, titles, childRuns, changes, alertId, source, rerun, onChoose, onClose }: InspectorProps) {
  const loop = step && loops.get(loopKey({ container: step.node_id, outer: step.item }));
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="border-b border-line px-3 py-2">
        <div className="flex items-center gap-2">
          <NodeIcon name={card.icon} className="size-4 shrink-0 text-fg-2" />
          <h2 className="min-w-0 flex-1 truncate text-base font-semibold" title={card.title}>{card.title}</h2>
          <IconButton label="Close (Esc)" onClick={onClose}><X aria-hidden className="size-4" /></IconButton>
        </div>
        <p className="mt-0.5 break-words text-fg-2">{card.sentence}</p>
        <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-fg-3">
          {step?.pinned ? <Badge>{source === null ? <><Pin aria-hidden className="size-3.5" /> Pinned</> : <><History aria-hidden className="size-3.5" /> Reused</>}</Badge> : <StatusBadge status={step?.status ?? "idle"} />}
          {card.effect !== "none" && <Badge tone={effectTone(card.effect)} title={effectWords(card.effect)}>{card.effect}</Badge>}
          {step?.port && <span>left by <span className="text-fg">{step.port}</span></span>}
          {step && step.duration_ms !== null && !step.pinned && step.status !== "held" && <span>{duration(step.duration_ms)}</span>}
          {step && step.attempt > 1 && <span>attempt {step.attempt}</span>}
          {step?.started_at && <Time at={step.started_at} suffix=" ago" />}
          <span className="font-mono text-2xs">{card.id}</span>
          {step && rerun && step.status !== "skipped" && <Button size="sm" className="ml-auto" reason={rerun.reason} onClick={() => rerun.from(step.id)}><RotateCcw aria-hidden className="size-3" /> Re-run from here…</Button>}
        </div>
        {step && <IterationPicker step={step} siblings={siblings} loops={loops} titles={titles} onChoose={onChoose} />}
        {step && <ChildRuns runs={childRuns.filter(({ step_id }) => step_id === step.id)} />}
      </header>
      {step === undefined ? <p className="p-3 text-fg-2">The run did not get here.</p> : <StepBody key={step.id} step={step} loop={loop} changes={changes} alertId={alertId} source={source} onChoose={onChoose} />}
    </div>
  );
}

/** Runs of other playbooks that it started: one per attempt. */
function ChildRuns({ runs }: { runs: RunDetail["children"] }) {
  if (runs.length === 0) return null;
  return (
    <ul className="mt-2 flex flex-col gap-1">
      {runs.map(({ run_id, playbook, status }) => (
        <li key={run_id} className="flex items-center gap-2"><StatusBadge status={status} /><Link to={`/runs/${run_id}`} className="min-w-0 truncate link">Run of {playbook.name}</Link></li>
      ))}
    </ul>
  );
}

function StepBody({ step, loop, changes, alertId, source, onChoose }: { step: StepWire; loop: LoopView | undefined; changes: StepChange[]; alertId: string | null; source: string | null; onChoose(stepId: string): void }) {
  const held = step.status === "held";
  const output: Tab = { value: "output", label: held ? "Output, simulated" : "Output", content: step.output === null || step.output === undefined ? <Nothing>{step.status === "skipped" ? "Skipped: no way led here." : step.finished_at === null ? "Nothing yet." : "This step gave nothing."}</Nothing> : <JsonView value={step.output} label="output" /> };
  const input: Tab = { value: "input", label: "Input", content: step.input === null || step.input === undefined ? <Nothing>{step.pinned ? "It was not executed: no input was made." : "This step took no input."}</Nothing> : <JsonView value={step.input} label="input" /> };
  const tabs: Tab[] = [
    ...(loop ? [{ value: "iterations", label: `${loop.total === null ? "Rounds" : "Items"} (${loop.iterations.length})`, content: <IterationList tall loop={loop} chosen={null} onChoose={({ stepId }) => stepId !== null && onChoose(stepId)} /> }] : []),
    // Of a call that was held back, what it would have sent is what one wants to see.
    ...(held ? [input, output] : [output, input]),
    { value: "attempts", label: `Attempts (${Math.max(step.attempts.length, step.started_at === null ? 0 : 1)})`, content: <Attempts step={step} /> },
    { value: "logs", label: `Log (${step.logs.length})`, content: <Logs logs={step.logs} /> },
    { value: "changes", label: `Changes (${changes.length})`, content: <Changes changes={changes} alertId={alertId} /> },
  ];
  return (
    <div className="scroll-y min-h-0 flex-1">
      {step.waiting_on !== null && step.finished_at === null && <p data-tone="yellow" className="border-b border-line bg-tone-bg px-3 py-2 break-words text-tone">{step.waiting_on.text}<WaitEnd wait={step.waiting_on} /></p>}
      {held && <Remark>Held back: this is what it would have sent. The output is simulated, so that the test could go on.</Remark>}
      {step.apart && <Whole stepId={step.id} apart={step.apart} />}
      {step.pinned && (source === null ? <Remark>Pinned: it was not executed, and gave what the test said.</Remark> : <Remark>Reused: it was not executed again, and gave what it gave in <Link to={sameStep(source, step)} className="underline">the run before</Link>.</Remark>)}
      {step.error !== null && <Failure error={step.error} />}
      <Tabs label="Step" tabs={tabs} />
    </div>
  );
}

/** Only a preview of what is large comes with the run. */
function Whole({ stepId, apart }: { stepId: string; apart: NonNullable<StepWire["apart"]> }) {
  const { id } = useParams();
  return (
    <p className="flex flex-wrap gap-x-3 border-b border-line px-3 py-2 text-fg-2">
      Large values are cut here.
      {(["output", "input"] as const).map((part) => apart[part] !== undefined && (
        <a key={part} href={`/api/v1/runs/${id}/steps/${stepId}/payload?part=${part}`} target="_blank" rel="noreferrer" className="link">whole {part} ({Math.ceil(apart[part] / 1024).toLocaleString("en")} KB)</a>
      ))}
    </p>
  );
}

/** A step's id is another one in every run. */
const sameStep = (runId: string, { node_id, item }: StepWire): string => `/runs/${runId}?${new URLSearchParams({ node: node_id, ...(item === "" ? {} : { item }) }).toString()}`;

const Remark = ({ children }: { children: ReactNode }) => <p data-tone="violet" className="border-b border-line bg-tone-bg px-3 py-2 break-words text-tone">{children}</p>;

const Nothing = ({ children }: { children: string }) => <p className="p-3 text-fg-3">{children}</p>;

function Failure({ error }: { error: FailureWire }) {
  return (
    <div data-tone="red" className="border-b border-line bg-tone-bg px-3 py-2">
      <p className="font-medium text-tone">{failureWords(error.kind)} <span className="font-normal">({error.kind})</span></p>
      <p className="mt-0.5 max-h-40 overflow-y-auto break-words whitespace-pre-wrap">{error.message}</p>
      {error.kind === "unauthorized" && <p className="mt-1"><Link to="/settings/connections" className="link">Open connections</Link></p>}
      {error.details !== undefined && error.details !== null && <details className="mt-1"><summary className="cursor-pointer text-xs text-fg-2">Details</summary><JsonView value={error.details} label="error details" /></details>}
    </div>
  );
}

function Attempts({ step }: { step: StepWire }) {
  if (step.started_at === null) return <Nothing>Not started.</Nothing>;
  if (step.pinned) return <Nothing>It was not executed.</Nothing>;
  if (step.attempts.length === 0) return <Nothing>One attempt, without trouble.</Nothing>;
  return <ol className="divide-y divide-line">{step.attempts.map((attempt) => <Attempt key={attempt.number} attempt={attempt} />)}</ol>;
}

function Attempt({ attempt: { number, started_at, finished_at, outcome, error, retry_at } }: { attempt: AttemptWire }) {
  return (
    <li className="px-3 py-2">
      <p className="flex gap-3"><span className="font-medium">Attempt {number}</span><span className="text-fg-2">{outcome ?? "under way"}</span><span className="text-fg-3">{finished_at === null ? "" : duration(Date.parse(finished_at) - Date.parse(started_at))}</span><span className="ml-auto text-xs text-fg-3"><Time at={started_at} suffix=" ago" /></span></p>
      {error !== null && <p className="mt-0.5 break-words text-red">{error.message}</p>}
      {retry_at !== null && <p className="mt-0.5 text-xs text-fg-3">Next attempt due <Time at={retry_at} suffix=" ago" /></p>}
    </li>
  );
}

const LEVEL_TONE: Record<string, string> = { error: "red", warn: "yellow", warning: "yellow" };

function Logs({ logs }: { logs: StepWire["logs"] }) {
  if (logs.length === 0) return <Nothing>Nothing was logged.</Nothing>;
  return (
    <ol tabIndex={0} aria-label="Log" className="max-h-[60vh] overflow-y-auto py-1 font-mono text-xs leading-5">
      {logs.map(({ level, text }, index) => (
        <li key={index} data-tone={LEVEL_TONE[level] ?? "gray"} className="flex gap-2 px-3"><span className="w-10 shrink-0 text-tone">{level}</span><span className="min-w-0 break-words whitespace-pre-wrap">{text}</span></li>
      ))}
    </ol>
  );
}

function Changes({ changes, alertId }: { changes: StepChange[]; alertId: string | null }) {
  if (changes.length === 0) return <Nothing>This step changed no alert.</Nothing>;
  return (
    <ul className="divide-y divide-line">
      {changes.map(({ id, at, text }) => <li key={id} className="flex gap-3 px-3 py-2"><span className="min-w-0 flex-1 break-words">{text}</span><span className="text-xs text-fg-3"><Time at={at} suffix=" ago" /></span></li>)}
      {alertId !== null && <li className="px-3 py-2"><Link to={`/alerts/${alertId}`} className="link">Open the alert</Link></li>}
    </ul>
  );
}
