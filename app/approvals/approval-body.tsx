import clsx from "clsx";
import type { ReactNode } from "react";
import { effectTone, effectWords } from "#app/canvas/look.ts";
import type { ApprovalWire } from "#app/models/wire.ts";
import { Badge } from "#app/ui/badge.tsx";
import { JsonView } from "#app/ui/json-view.tsx";
import { Time, useNow } from "#app/ui/time.tsx";
import { ApproveForm, type Verdict } from "./approve-form.tsx";
import { DecisionForm } from "./decision-form.tsx";
import { inputFacts, visible } from "./input-facts.ts";
import { QuestionForm } from "./question-form.tsx";

interface BodyProps {
  approval: ApprovalWire;
  /** What the step does, in its type's words, with the input filled in. */
  sentence: string;
  /** The title, as a heading of the right level or a button. */
  heading: ReactNode;
  armed?: Verdict | null;
  onDisarm?(): void;
}

const EMPHASIS: Record<ApprovalWire["kind"], string> = { approval: "Allow this?", question: "Question", decision: "A decision is needed." };

/** What is asked, with all that one needs to know to answer, and the answer: the same on the list and on a run's page. */
export function ApprovalBody({ approval, sentence, heading, armed = null, onDisarm = () => undefined }: BodyProps) {
  const { kind, text, failure, step } = approval;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="text-xs font-semibold text-yellow">{EMPHASIS[kind]}</span>
        {kind !== "question" && <Badge tone={effectTone(step.effect)} title={effectWords(step.effect)}>{step.effect}</Badge>}
        <span className="min-w-0 text-base font-semibold break-words">{heading}</span>
        <span className="ml-auto flex shrink-0 gap-3 text-xs text-fg-3"><span>asked <Time at={approval.asked_at} suffix=" ago" /></span><TimeLeft approval={approval} /></span>
      </div>
      {kind === "decision" && <p className="max-w-3xl text-fg-2">It was sent, but its answer never came: it may have happened, or not. Look at the other side, then say what is true.{failure !== null && <> <span className="text-fg-3">({failure})</span></>}</p>}
      {kind !== "question" && sentence !== "" && <p className="max-w-3xl break-words text-fg-2"><bdi>{visible(sentence)}</bdi></p>}
      {text !== null && <p className="max-w-3xl border-l-2 border-line-strong pl-3 break-words whitespace-pre-wrap">{text}</p>}
      {kind !== "question" && <CallPanel approval={approval} />}
      {kind === "approval" ? <ApproveForm approval={approval} armed={armed} onDisarm={onDisarm} /> : kind === "question" ? <QuestionForm approval={approval} /> : <DecisionForm approval={approval} />}
    </div>
  );
}

/** Characters beyond which a value takes the whole line. */
const LONG = 34;

/** What is called with what: the resolved input by name, then what the playbook's author chose; all of it as JSON where somebody wants it. */
function CallPanel({ approval: { input, settings, connection, step } }: Pick<BodyProps, "approval">) {
  const [resolved, chosen] = [inputFacts(input), inputFacts({ ...settings, ...(connection === null ? {} : { connection }) })];
  const facts = [...resolved.facts, ...chosen.facts];
  const isWhole = resolved.isWhole && chosen.isWhole;
  return (
    <div className="max-w-4xl rounded-md border border-line bg-surface">
      {facts.length > 0 && (
        <dl className="grid max-h-[max(8rem,24vh)] grid-cols-[repeat(auto-fill,minmax(300px,1fr))] gap-x-6 gap-y-1 overflow-y-auto px-3 py-2">
          {facts.map(({ name, path, value, isExact }, index) => (
            <div key={index} className={clsx("grid grid-cols-[minmax(88px,auto)_minmax(0,1fr)] gap-x-3", value.length > LONG && "col-span-full")}>
              <dt title={path} className="text-fg-3">{name}</dt>
              <dd className={clsx("max-h-24 overflow-y-auto break-words whitespace-pre-wrap", isExact && "font-mono text-xs leading-5")}><bdi>{value}</bdi></dd>
            </div>
          ))}
        </dl>
      )}
      <details className={clsx(facts.length > 0 && "border-t border-line")}>
        <summary className="cursor-pointer px-3 py-1 text-xs text-fg-2">{isWhole ? "As JSON" : "All of it, as JSON"}</summary>
        <div className="border-t border-line"><JsonView value={{ input: input ?? {}, settings, ...(connection === null ? {} : { connection }) }} label={`what ${step.title} is called with`} /></div>
      </details>
    </div>
  );
}

/** Seconds before the end from which on it is said in red. */
const URGENT_S = 600;
const GIVEN_UP: Record<ApprovalWire["kind"], string> = { approval: "refused", question: "given up", decision: "given up" };

function TimeLeft({ approval: { kind, until } }: { approval: ApprovalWire }) {
  const now = useNow();
  if (until === null) return null;
  const urgent = now !== null && Date.parse(until) - now < URGENT_S * 1000;
  return <span className={clsx(urgent && "font-medium text-red")}>{GIVEN_UP[kind]} <Time at={until} /></span>;
}
