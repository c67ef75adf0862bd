import { useState } from "react";
import type { ApprovalWire } from "#app/models/wire.ts";
import { Button } from "#app/ui/button.tsx";
import { CheckField, SelectField, TextArea, TextField } from "#app/ui/field.tsx";
import { Notice } from "#app/ui/state.tsx";
import { useReply, useWhyNot } from "./use-reply.ts";

type Field = ApprovalWire["fields"][number];

/** What is typed, as the question wants it; what is left empty is no value. */
function valueOf({ type }: Field, typed: string | boolean | undefined): unknown {
  if (type === "boolean") return typed === true;
  if (typeof typed !== "string" || typed.trim() === "") return undefined;
  // A number that is none goes as it was typed: the server says what is wrong with it, at its field.
  return type === "number" && Number.isFinite(Number(typed)) ? Number(typed) : typed;
}

/** The question's form and its answers: each answer is a button that sends all of it. */
export function QuestionForm({ approval }: { approval: ApprovalWire }) {
  const { send, busy, errors } = useReply(approval);
  const whyNot = useWhyNot(approval);
  const [typed, setTyped] = useState<Record<string, string | boolean>>({});
  const [reason, setReason] = useState("");
  const { fields, choices } = approval;
  const others = Object.entries(errors).filter(([name]) => !fields.some((field) => field.name === name));
  const answer = (choice: string | null) => send({ choice, reason, values: Object.fromEntries(fields.flatMap((field) => {
    const value = valueOf(field, typed[field.name]);
    return value === undefined ? [] : [[field.name, value]];
  })) });
  return (
    <div className="flex flex-col gap-3">
      {fields.length > 0 && (
        <div className="grid max-w-3xl grid-cols-[repeat(auto-fill,minmax(220px,1fr))] gap-3">
          {fields.map((field) => <FieldControl key={field.name} field={field} value={typed[field.name]} error={errors[field.name]} disabled={whyNot !== undefined} onChange={(value) => setTyped({ ...typed, [field.name]: value })} />)}
        </div>
      )}
      <div className="flex flex-wrap items-end gap-2">
        <div className="max-w-md min-w-40 flex-1"><TextField label={`Reason, about ${approval.title}`} hideLabel placeholder="Reason" value={reason} maxLength={2000} disabled={whyNot !== undefined} onChange={(event) => setReason(event.target.value)} /></div>
        {choices.length === 0
          ? <Button variant="primary" busy={busy} reason={whyNot} onClick={() => answer(null)}>Answer</Button>
          : choices.map(({ value, label }) => <Button key={value} busy={busy} reason={whyNot} onClick={() => answer(value)}>{label}</Button>)}
        {whyNot !== undefined && <span className="self-center text-xs text-fg-3">{whyNot}</span>}
      </div>
      {others.length > 0 && <Notice>{others.map(([, message]) => message).join(" ")}</Notice>}
    </div>
  );
}

function FieldControl({ field, value, error, disabled, onChange }: { field: Field; value: string | boolean | undefined; error: string | undefined; disabled: boolean; onChange(value: string | boolean): void }) {
  const label = field.required && field.type !== "boolean" ? `${field.label} (needed)` : field.label;
  const text = typeof value === "string" ? value : "";
  switch (field.type) {
    case "boolean": return <div className="self-end pb-1.5"><CheckField label={label} checked={value === true} disabled={disabled} onChange={(event) => onChange(event.target.checked)} /></div>;
    case "choice": return (
      <SelectField label={label} error={error} value={text} disabled={disabled} onChange={(event) => onChange(event.target.value)}>
        <option value="" />
        {field.choices?.map((choice) => <option key={choice}>{choice}</option>)}
      </SelectField>
    );
    case "number": return <TextField label={label} error={error} inputMode="decimal" value={text} disabled={disabled} onChange={(event) => onChange(event.target.value)} />;
    case "text": return <TextArea label={label} error={error} rows={1} className="!min-h-8" maxLength={10_000} value={text} disabled={disabled} onChange={(event) => onChange(event.target.value)} />;
    default: return field.type satisfies never;
  }
}
