import { Check, X } from "lucide-react";
import type { ConditionTrace } from "#format";

/** Every requirement with whether it holds, down to the row that decided. */
export function Traces({ traces }: { traces: readonly ConditionTrace[] }) {
  return <ul className="text-xs">{traces.map((trace, index) => <Trace key={index} trace={trace} />)}</ul>;
}

function Trace({ trace }: { trace: ConditionTrace }) {
  const Icon = trace.holds ? Check : X;
  return (
    <li>
      <span className="flex items-start gap-1.5"><Icon role="img" aria-label={trace.holds ? "holds" : "does not hold"} className={`mt-0.5 size-3 shrink-0 ${trace.holds ? "text-green" : "text-red"}`} /><span className="min-w-0 break-words">{trace.text}</span></span>
      {trace.parts !== undefined && <ul className="ml-4">{trace.parts.map((part, index) => <Trace key={index} trace={part} />)}</ul>}
    </li>
  );
}
