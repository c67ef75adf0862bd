import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { useId } from "react";
import type { Json } from "#app/form/bindings.ts";
import { ListControl } from "#app/form/controls/list-control.tsx";
import { LiteralControl } from "#app/form/controls/literal-control.tsx";
import { FieldFrame } from "#app/form/field-frame.tsx";
import { useTyped } from "#app/form/use-typed.ts";
import { Button, IconButton } from "#app/ui/button.tsx";
import { CheckField, inputLook } from "#app/ui/field.tsx";
import { type FormField, formFieldName } from "#format";
import { shapeOfField } from "./form-shape.ts";
import { useTrigger } from "./use-trigger.ts";

const TYPES: Record<FormField["type"], string> = { text: "Text", number: "Number", boolean: "Yes or no", choice: "One of several", list: "List of texts" };

/** What a person is asked who starts the playbook. Without any field it takes what it is given. */
export function TriggerAsk() {
  const { trigger, set } = useTrigger();
  const fields = trigger.form ?? [];
  const change = (label: string, next: readonly FormField[], merge?: string) => set(label, { form: next.length === 0 ? null : [...next] }, merge ?? "form");
  return (
    <div data-field="form" className="space-y-2">
      {fields.length === 0 && <p className="text-xs text-fg-3">It asks for nothing. What is asked for here is in <code className="font-mono">trigger</code> under its name, with its type.</p>}
      <ol className="space-y-2">
        {fields.map((field, at) => (
          <AskedField
            key={at} field={field} at={at} count={fields.length}
            onChange={(label, next, part) => change(label, fields.with(at, next), `form.${at}.${part}`)}
            onRemove={() => change(`Stop asking for ${field.name}`, fields.toSpliced(at, 1))}
            onMove={(by) => change(`Move ${field.name}`, fields.toSpliced(at, 1).toSpliced(at + by, 0, field))}
          />
        ))}
      </ol>
      <Button size="sm" variant="ghost" onClick={() => change("Ask for something", [...fields, { name: freeName(fields), type: "text", required: true }])}><Plus aria-hidden className="size-3" /> Ask for something</Button>
    </div>
  );
}

function freeName(fields: readonly FormField[]): string {
  let number = fields.length + 1;
  while (fields.some(({ name }) => name === `field${number}`)) number++;
  return `field${number}`;
}

interface AskedFieldProps {
  field: FormField;
  at: number;
  count: number;
  onChange(label: string, next: FormField, part: string): void;
  onRemove(): void;
  onMove(by: number): void;
}

function AskedField({ field, at, count, onChange, onRemove, onMove }: AskedFieldProps) {
  const { problemsOf } = useTrigger();
  const id = useId();
  const { name, label, type, choices, required } = field;
  const say = `Change ${name}`;
  const put = (part: keyof FormField, value: Json | undefined) => {
    const { [part]: _, ...rest } = field;
    onChange(say, (value === undefined ? rest : { ...rest, [part]: value }) as FormField, part);
  };
  // Half a name is none: the draft keeps the last one.
  const typed = useTyped(name, (value) => value, (text) => (formFieldName.safeParse(text).success ? { ok: true, value: text } : { ok: false, message: "A lower-case letter, then letters, digits and _" }), (value) => put("name", value));
  return (
    <li aria-label={label ?? name} className="flex items-start gap-1 rounded-md border border-line p-2">
      <div className="min-w-0 flex-1 space-y-2">
        <div className="grid grid-cols-2 gap-2">
          <FieldFrame id={`${id}-name`} name={`form.${at}.name`} label="Name" problems={typed.error === undefined ? problemsOf(`form.${at}.name`) : [{ severity: "error", code: "typed", message: typed.error }]}>
            <input id={`${id}-name`} value={typed.text} maxLength={63} autoComplete="off" spellCheck={false} aria-invalid={typed.error !== undefined || undefined} onChange={(event) => typed.type(event.target.value)} className={`${inputLook} font-mono`} />
          </FieldFrame>
          <FieldFrame id={`${id}-type`} name={`form.${at}.type`} label="Kind">
            {/* A default of another kind would not fit. */}
            <select id={`${id}-type`} value={type} onChange={(event) => onChange(say, { name, ...(label === undefined ? {} : { label }), type: event.target.value as FormField["type"], required }, "type")} className={`${inputLook} pr-1`}>
              {Object.entries(TYPES).map(([value, words]) => <option key={value} value={value}>{words}</option>)}
            </select>
          </FieldFrame>
        </div>
        <FieldFrame id={`${id}-label`} name={`form.${at}.label`} label="Label">
          <input id={`${id}-label`} value={label ?? ""} maxLength={120} placeholder={name} autoComplete="off" onChange={({ target: { value } }) => put("label", value === "" ? undefined : value)} className={inputLook} />
        </FieldFrame>
        {type === "choice" && (
          <FieldFrame id={`${id}-choices`} name={`form.${at}.choices`} label="To choose from" problems={problemsOf(`form.${at}.choices`)}>
            <ListControl id={`${id}-choices`} item={{ kind: "text", isLong: false, example: null }} label="To choose from" value={choices ?? []} invalid={false} describedBy={undefined} onChange={(value) => put("choices", value)} />
          </FieldFrame>
        )}
        <FieldFrame id={`${id}-default`} name={`form.${at}.default`} label="Begins with" problems={problemsOf(`form.${at}.default`)}>
          <LiteralControl id={`${id}-default`} shape={shapeOfField(field)} label="Begins with" value={field.default} invalid={false} describedBy={undefined} onChange={(value) => put("default", value)} />
        </FieldFrame>
        {type !== "boolean" && <CheckField label="Needed" checked={required} onChange={(event) => put("required", event.target.checked)} />}
      </div>
      <div className="flex shrink-0 flex-col">
        <IconButton label={`Stop asking for ${name}`} className="!size-6" onClick={onRemove}><X aria-hidden className="size-3.5" /></IconButton>
        {at > 0 && <IconButton label={`${name} up`} className="!size-6" onClick={() => onMove(-1)}><ArrowUp aria-hidden className="size-3.5" /></IconButton>}
        {at < count - 1 && <IconButton label={`${name} down`} className="!size-6" onClick={() => onMove(1)}><ArrowDown aria-hidden className="size-3.5" /></IconButton>}
      </div>
    </li>
  );
}
