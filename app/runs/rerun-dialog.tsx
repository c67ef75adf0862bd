import { useState } from "react";
import type { RunDetail } from "#app/models/wire.ts";
import { useOutcome } from "#app/shell/use-outcome.ts";
import { Button } from "#app/ui/button.tsx";
import { Dialog } from "#app/ui/dialog.tsx";
import { TextArea } from "#app/ui/field.tsx";
import { Notice, Skeleton } from "#app/ui/state.tsx";
import { pathWords } from "./iterations.ts";
import { ReceiptList } from "./receipt-list.tsx";
import { type Choices, type RerunFrom, rerunSentence, type RerunVersion, stuckSteps } from "./rerun.ts";
import { useRerunPreview } from "./use-rerun-preview.ts";

interface DialogProps {
  run: RunDetail;
  titles: ReadonlyMap<string, string>;
  /** Number of the version that is published now; null: none. */
  published: number | null;
  /** A step's id: it is offered as a place to begin, and chosen. */
  from: RerunFrom;
  onClose(): void;
}

/** Asks where a re-run begins, on which version, and what becomes of calls that happened; says what it will do. Leads to the new run. */
export function RerunDialog({ run, titles, published, from: asked, onClose }: DialogProps) {
  const { fetcher, busy, errors } = useOutcome();
  const [from, setFrom] = useState<RerunFrom>(asked);
  const [version, setVersion] = useState<RerunVersion>("same");
  const [receipts, setReceipts] = useState<Choices>({});
  const [reason, setReason] = useState("");
  const { preview, problem, asking } = useRerunPreview(run.id, { from, version, receipts });

  const stuck = [...new Set(stuckSteps(run.steps).map(({ node_id }) => titles.get(node_id) ?? node_id))];
  const step = run.steps.find(({ id }) => id === asked);
  const isNewer = published !== null && published !== run.playbook.version;
  // What becomes of a call depends on where one begins: other places, other defaults.
  const begin = (next: RerunFrom) => { setFrom(next); setReceipts({}); };
  const lacksReason = preview?.needs_reason === true && reason.trim() === "";
  const blocked = preview === undefined ? "It is not known yet what would happen" : asking ? "Asking what would happen" : lacksReason ? "Repeating a containment needs a reason" : undefined;
  const others = Object.entries(errors).filter(([field]) => field !== "reason").map(([, message]) => message);

  const submit = () => {
    if (preview === undefined) return;
    // Every choice by name: what was seen here is what happens.
    const choices = Object.fromEntries(preview.receipts.map(({ step_id, choice }) => [step_id, choice]));
    fetcher.submit({ intent: "rerun", from, version, receipts: JSON.stringify(choices), reason }, { method: "post" });
  };

  return (
    <Dialog wide open onOpenChange={(open) => open || onClose()} title="Re-run" description="A new run on the same trigger. This one stays as it is.">
      <form className="flex flex-col gap-4" onSubmit={(event) => { event.preventDefault(); if (blocked === undefined) submit(); }}>
        <Options legend="Begin" name="from" value={from} onChange={begin} options={[
          { value: "start", label: "at the start" },
          ...(stuck.length > 0 ? [{ value: "failed", label: "where it failed", detail: stuck.length > 3 ? `${stuck.slice(0, 3).join(", ")} and ${stuck.length - 3} more` : stuck.join(", ") }] : []),
          ...(step ? [{ value: step.id, label: `with “${titles.get(step.node_id) ?? step.node_id}”`, detail: pathWords(step.item, titles) }] : []),
        ]} />
        {isNewer && (
          <Options legend="Version" name="version" value={version} onChange={(next) => setVersion(next as RerunVersion)} options={[
            { value: "same", label: run.playbook.version === null ? "as it ran" : `${run.playbook.version}, as it ran` },
            { value: "published", label: `${published}, published now` },
          ]} />
        )}
        {preview === undefined && problem === undefined && <Skeleton className="h-16 w-full" />}
        {preview !== undefined && preview.receipts.length > 0 && (
          <ReceiptList receipts={preview.receipts} steps={run.steps} titles={titles} onChoose={(ids, choice) => setReceipts({ ...receipts, ...Object.fromEntries(ids.map((id) => [id, choice])) })} />
        )}
        <TextArea label={preview?.needs_reason ? "Reason (needed: a containment is repeated)" : "Reason"} name="reason" value={reason} onChange={(event) => setReason(event.target.value)} maxLength={2000} required={preview?.needs_reason ?? false} error={errors["reason"]} hint="Kept in the audit log." />
        {problem !== undefined && <Notice>{problem}</Notice>}
        {others.length > 0 && <Notice>{[...new Set(others)].join(" ")}</Notice>}
        {/* However many calls there are, what will happen stays in sight. */}
        <div className="sticky -bottom-4 -mx-4 -mb-4 flex items-center justify-end gap-2 rounded-b-lg border-t border-line bg-raised px-4 py-3">
          <p role="status" className="mr-auto min-w-0 text-fg-2">{preview !== undefined && problem === undefined && `${rerunSentence(preview)}.`}</p>
          <Button onClick={onClose}>Back</Button>
          <Button variant="primary" type="submit" busy={busy} reason={blocked}>Re-run</Button>
        </div>
      </form>
    </Dialog>
  );
}

interface Option { value: string; label: string; detail?: string }

/** Nothing to choose, nothing shown. */
function Options({ legend, name, value, options, onChange }: { legend: string; name: string; value: string; options: readonly Option[]; onChange(value: string): void }) {
  if (options.length === 1) return null;
  return (
    <fieldset>
      <legend className="mb-1 text-xs font-medium text-fg-2">{legend}</legend>
      <div className="flex flex-col gap-1">
        {options.map((option) => (
          <label key={option.value} className="flex items-baseline gap-2">
            <input type="radio" name={name} value={option.value} checked={value === option.value} onChange={() => onChange(option.value)} className="translate-y-0.5" />
            <span className="min-w-0">{option.label}{option.detail !== undefined && option.detail !== "" && <span className="ml-2 text-xs text-fg-3">{option.detail}</span>}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
