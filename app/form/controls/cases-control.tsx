import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { OPERATOR_WORDS } from "#app/playbooks/condition-words.ts";
import { Button, IconButton } from "#app/ui/button.tsx";
import { inputLook } from "#app/ui/field.tsx";
import type { Json } from "../bindings.ts";
import { AnyControl } from "./any-control.tsx";
import { type ControlProps, groupAttributes, isRecord } from "./control.ts";
import { ListControl } from "./list-control.tsx";
import { ANY_NUMBER, NumberControl } from "./number-control.tsx";
import { PortInput } from "./port-input.tsx";

interface Case { port: string; when: { op: string; value?: Json | undefined } }

const MORE_WORDS: Record<string, string> = { between: "is between", "starts-with": "starts with", "ends-with": "ends with" };
const wordsOf = (op: string): string => (OPERATOR_WORDS as Record<string, string>)[op] ?? MORE_WORDS[op] ?? op;
const NUMERIC: readonly string[] = [">", ">=", "<", "<="];

function readCases(value: Json | undefined): Case[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map(({ port, when }) => ({ port: String(port ?? ""), when: isRecord(when) ? { ...when, op: String(when["op"]) } : { op: "==" } }));
}

/** A way out per case, tried in order; what no case takes leaves by “default”. */
export function CasesControl({ operators, ...props }: ControlProps & { operators: readonly string[] }) {
  const cases = readCases(props.value);
  const set = (next: Case[]) => props.onChange(next.length === 0 ? undefined : (JSON.parse(JSON.stringify(next)) as Json));
  const change = (at: number, next: Case) => set(cases.with(at, next));
  const move = (at: number, by: number) => set(cases.toSpliced(at, 1).toSpliced(at + by, 0, cases[at]!));
  return (
    <div {...groupAttributes(props)}>
      <ol className="space-y-2">
        {cases.map((each, index) => (
          <li key={index} className="rounded-md border border-line p-2">
            <div className="flex items-start gap-1">
              <span className="shrink-0 self-start pt-1 text-xs text-fg-3">Leave by</span>
              <PortInput label={`Port of case ${index + 1}`} value={each.port} taken={cases.filter((_, other) => other !== index).map(({ port }) => port)} onChange={(port) => change(index, { ...each, port })} />
              <IconButton label={`Case ${index + 1} up`} reason={index === 0 ? "It is the first" : undefined} onClick={() => move(index, -1)}><ArrowUp aria-hidden className="size-3.5" /></IconButton>
              <IconButton label={`Case ${index + 1} down`} reason={index === cases.length - 1 ? "It is the last" : undefined} onClick={() => move(index, 1)}><ArrowDown aria-hidden className="size-3.5" /></IconButton>
              <IconButton label={`Remove case ${index + 1}`} onClick={() => set(cases.toSpliced(index, 1))}><X aria-hidden className="size-3.5" /></IconButton>
            </div>
            <div className="mt-1.5 flex items-start gap-1">
              <select aria-label={`Operator of case ${index + 1}`} value={each.when.op} onChange={(event) => change(index, { ...each, when: withOperator(each.when, event.target.value) })} className={`${inputLook} !w-32 shrink-0 pr-1 text-xs`}>
                {operators.map((op) => <option key={op} value={op}>{wordsOf(op)}</option>)}
              </select>
              <div className="min-w-0 flex-1"><CaseValue {...props} id={`${props.id}-${index}`} label={`value of case ${index + 1}`} op={each.when.op} value={each.when.value} onChange={(value) => change(index, { ...each, when: { op: each.when.op, value } })} /></div>
            </div>
          </li>
        ))}
      </ol>
      <Button size="sm" variant="ghost" className="mt-1" onClick={() => set([...cases, { port: freePort(cases), when: { op: "==", value: "" } }])}><Plus aria-hidden className="size-3" /> Add case</Button>
      <p className="mt-1 text-xs text-fg-3">Tried in order; anything else leaves by “default”.</p>
    </div>
  );
}

function CaseValue({ op, ...props }: ControlProps & { op: string }) {
  if (op === "exists") {
    return <select aria-label={props.label} value={props.value === false ? "false" : "true"} onChange={(event) => props.onChange(event.target.value === "true")} className={`${inputLook} pr-1`}><option value="true">Yes</option><option value="false">No, it is absent</option></select>;
  }
  if (op === "in") return <><span id={`${props.id}-label`} className="sr-only">{props.label}</span><ListControl {...props} item={{ kind: "any" }} /></>;
  if (op === "between") {
    const [from = 0, to = 0] = Array.isArray(props.value) ? props.value : [];
    return (
      <div className="flex items-center gap-1">
        <Labelled {...props} id={`${props.id}-from`} label={`${props.label}, from`} value={from} onChange={(value) => props.onChange([value ?? 0, to])} />
        <span className="text-xs text-fg-3">and</span>
        <Labelled {...props} id={`${props.id}-to`} label={`${props.label}, to`} value={to} onChange={(value) => props.onChange([from, value ?? 0])} />
      </div>
    );
  }
  if (NUMERIC.includes(op)) return <Labelled {...props} onChange={(value) => props.onChange(value ?? 0)} />;
  return <><label htmlFor={props.id} className="sr-only">{props.label}</label><AnyControl {...props} /></>;
}

const Labelled = (props: ControlProps) => <div className="min-w-0 flex-1"><label htmlFor={props.id} className="sr-only">{props.label}</label><NumberControl {...props} limits={ANY_NUMBER} /></div>;

function freePort(cases: readonly Case[]): string {
  for (let number = cases.length + 1; ; number++) if (!cases.some(({ port }) => port === `case-${number}`)) return `case-${number}`;
}

/** The value as the next operator wants it. */
function withOperator({ value }: Case["when"], op: string): Case["when"] {
  const first: Json | undefined = Array.isArray(value) ? value[0] : value;
  if (op === "exists") return { op, value: true };
  if (op === "in") return { op, value: Array.isArray(value) ? value : first === undefined || first === "" ? [] : [first] };
  if (op === "between") return { op, value: [0, Number(first) || 0] };
  if (NUMERIC.includes(op)) return { op, value: Number(first) || 0 };
  if (op === "starts-with" || op === "ends-with") return { op, value: String(first ?? "") };
  return { op, value: first ?? "" };
}
