import clsx from "clsx";
import { effectTone, effectWords } from "#app/canvas/look.ts";
import type { StepWire } from "#app/models/wire.ts";
import { Badge } from "#app/ui/badge.tsx";
import { Button } from "#app/ui/button.tsx";
import { pathWords } from "./iterations.ts";
import { brief, type ReceiptWire } from "./rerun.ts";

type Choice = ReceiptWire["choice"];

const CHOICES: readonly { value: Choice; label: string; title: string }[] = [
  { value: "reuse", label: "Reuse", title: "Its result as it was: nothing is called" },
  { value: "repeat", label: "Repeat", title: "Called again: it happens a second time" },
  { value: "skip", label: "Skip", title: "Neither called nor taken over: what only it leads to is skipped, too" },
];

interface ListProps { receipts: readonly ReceiptWire[]; steps: readonly StepWire[]; titles: ReadonlyMap<string, string>; onChoose(stepIds: readonly string[], choice: Choice): void }

/** The calls that happened, each with what becomes of it. */
export function ReceiptList({ receipts, steps, titles, onChoose }: ListProps) {
  const byId = new Map(steps.map((step) => [step.id, step]));
  return (
    <section aria-label="Calls that happened">
      <header className="mb-1 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="text-xs font-medium text-fg-2">Calls that happened</h3>
        {receipts.length > 1 && (
          <span className="ml-auto flex items-center gap-1 text-xs text-fg-3">
            All: {CHOICES.map(({ value, label, title }) => <Button key={value} size="sm" variant="ghost" title={title} onClick={() => onChoose(receipts.map(({ step_id }) => step_id), value)}>{label}</Button>)}
          </span>
        )}
      </header>
      <ul className="scroll-y max-h-64 divide-y divide-line rounded-md border border-line">
        {receipts.map((receipt) => <Receipt key={receipt.step_id} receipt={receipt} step={byId.get(receipt.step_id)} titles={titles} onChoose={(choice) => onChoose([receipt.step_id], choice)} />)}
      </ul>
    </section>
  );
}

function Receipt({ receipt: { step_id, node_id, item, effect, choice }, step, titles, onChoose }: { receipt: ReceiptWire; step: StepWire | undefined; titles: ReadonlyMap<string, string>; onChoose(choice: Choice): void }) {
  const title = titles.get(node_id) ?? node_id;
  const where = pathWords(item, titles);
  const sent = brief(step?.input);
  return (
    <li className="flex items-center gap-3 px-3 py-2">
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2">
          <span className="truncate font-medium" title={title}>{title}</span>
          <Badge tone={effectTone(effect)} title={effectWords(effect)}>{effect}</Badge>
          {where !== "" && <span className="shrink-0 text-xs text-fg-3">{where}</span>}
        </p>
        {sent !== "" && <p title={sent} className="mt-0.5 truncate text-xs text-fg-2">{sent}</p>}
      </div>
      <fieldset className="flex shrink-0 overflow-hidden rounded-md border border-line-strong">
        <legend className="sr-only">What becomes of {title}{where === "" ? "" : `, ${where}`}</legend>
        {CHOICES.map(({ value, label, title: words }) => (
          <label key={value} title={words} className={clsx("cursor-pointer border-line-strong px-2 py-0.5 text-xs not-first-of-type:border-l has-focus-visible:outline-2 has-focus-visible:outline-offset-[-2px] has-focus-visible:outline-(--focus)", choice === value ? "bg-accent-solid font-medium text-on-accent" : "text-fg-2 hover:bg-hover")}>
            <input type="radio" className="sr-only" name={`receipt-${step_id}`} value={value} checked={choice === value} onChange={() => onChoose(value)} />
            {label}
          </label>
        ))}
      </fieldset>
    </li>
  );
}
