import { X } from "lucide-react";
import { useId, useState } from "react";
import { ListControl } from "#app/form/controls/list-control.tsx";
import { AnyControl } from "#app/form/controls/any-control.tsx";
import { ANY_NUMBER, NumberControl } from "#app/form/controls/number-control.tsx";
import type { Json } from "#app/form/bindings.ts";
import { IconButton } from "#app/ui/button.tsx";
import { inputLook } from "#app/ui/field.tsx";
import { unknownField } from "#format";
import { OPERATOR_WORDS } from "./condition-words.ts";
import { ALERT_FIELDS, fieldOf, type Operator, operatorsFor, type Scalar, valueKind, type Value } from "./trigger-fields.ts";
import { type BuilderProps, NotMark, PartTools, placeOf } from "./trigger-group.tsx";
import { changeRow, removePart, replacePart, type Row } from "./trigger-tree.ts";

/** One comparison: a field of the alert, how, and with what. */
export function ConditionRow({ row, ...props }: BuilderProps & { row: Row }) {
  const { root, path, set } = props;
  const id = useId();
  const field = fieldOf(row.field);
  const known = operatorsFor(field);
  const operators = known.includes(row.op) ? known : [row.op, ...known];
  const name = `condition ${placeOf(path)}`;
  const change = (next: Row, what: string) => set(`Change ${name}`, replacePart(root, path, next), `${path.join(".")}.${what}`);
  const trouble = unknownField(row.field);
  return (
    <div role="group" aria-label={`Condition ${placeOf(path)}`} data-path={path.join(".")} className="rounded-md border border-line bg-surface p-1.5">
      <div className="flex items-center gap-1">
        {row.not && <NotMark />}
        <FieldPicker id={`${id}-field`} name={name} value={row.field} trouble={trouble} onChange={(next) => change(changeRow(row, { field: next }, operatorsFor(fieldOf(next))), "field")} />
        <PartTools {...props} part={row} name={name} />
        <IconButton label={`Remove ${name}`} className="!size-6" onClick={() => set(`Remove ${name}`, removePart(root, path))}><X aria-hidden className="size-3.5" /></IconButton>
      </div>
      {trouble !== undefined && <p id={`${id}-field-trouble`} className="mt-1 text-xs break-words text-yellow">{trouble}</p>}
      <div className="mt-1 flex items-start gap-1">
        <select aria-label={`Operator of ${name}`} value={row.op} onChange={(event) => change(changeRow(row, { op: event.target.value as Operator }, operators), "op")} className={`${inputLook} !w-32 shrink-0 pr-1 text-xs`}>
          {operators.map((op) => <option key={op} value={op}>{field.type === "list" && op === "in" ? "has one of" : OPERATOR_WORDS[op]}</option>)}
        </select>
        <div className="min-w-0 flex-1"><RowValue id={`${id}-value`} name={name} row={row} onChange={(value) => change({ ...row, value }, "value")} /></div>
      </div>
    </div>
  );
}

/** A known field by name, or the path of any other: it counts as soon as it is one. */
function FieldPicker({ id, name, value, trouble, onChange }: { id: string; name: string; value: string; trouble: string | undefined; onChange(field: string): void }) {
  const [typed, setTyped] = useState<{ text: string; of: string }>();
  const text = typed?.of === value ? typed.text : value;
  return (
    <>
      <input
        aria-label={`Field of ${name}`}
        aria-describedby={trouble === undefined ? undefined : `${id}-trouble`}
        list={`${id}-fields`}
        value={text}
        spellCheck={false}
        autoComplete="off"
        placeholder="field"
        onChange={(event) => {
          const next = event.target.value.trim();
          setTyped({ text: event.target.value, of: next === "" ? value : next });
          if (next !== "" && next !== value) onChange(next);
        }}
        onBlur={() => setTyped(undefined)}
        className={`${inputLook} !h-7 font-mono !text-xs`}
      />
      <datalist id={`${id}-fields`}>
        {ALERT_FIELDS.map((field) => <option key={field.name} value={field.name}>{field.label}</option>)}
        <option value="raw_data.">What the source sent</option>
        <option value="normalized_data.">What was read from it</option>
      </datalist>
    </>
  );
}

const isScalar = (value: Json): value is Scalar => ["string", "number", "boolean"].includes(typeof value);

function RowValue({ id, name, row, onChange }: { id: string; name: string; row: Row; onChange(value: Value): void }) {
  const field = fieldOf(row.field);
  const kind = valueKind(field, row.op);
  const label = `Value of ${name}`;
  const shared = { id, label, invalid: false, describedBy: undefined };
  switch (kind) {
    case "none": return null;
    case "presence": return <select aria-label={label} value={row.value === false ? "absent" : "present"} onChange={(event) => onChange(event.target.value === "present")} className={`${inputLook} pr-1`}><option value="present">Yes</option><option value="absent">No, it is absent</option></select>;
    case "number": return <><label htmlFor={id} className="sr-only">{label}</label><NumberControl {...shared} value={row.value} limits={ANY_NUMBER} onChange={(value) => typeof value === "number" && onChange(value)} /></>;
    case "choice": return (
      <select aria-label={label} value={String(row.value ?? "")} onChange={(event) => onChange(event.target.value)} className={`${inputLook} pr-1`}>
        {!field.choices?.includes(String(row.value)) && <option value={String(row.value ?? "")}>{String(row.value ?? "")} (not a value it has)</option>}
        {field.choices?.map((choice) => <option key={choice} value={choice}>{choice}</option>)}
      </select>
    );
    case "list": return <><span id={`${id}-label`} className="sr-only">{label}</span><ListControl {...shared} item={field.type === "number" ? { kind: "number", isWhole: false, min: null, max: null } : field.type === "unknown" ? { kind: "any" } : { kind: "text", isLong: false, example: null }} suggestions={field.choices ?? []} value={row.value} onChange={(value) => onChange(Array.isArray(value) ? value.filter(isScalar) : [])} /></>;
    case "text": return <input aria-label={label} value={String(row.value ?? "")} autoComplete="off" spellCheck={false} onChange={(event) => onChange(event.target.value)} className={inputLook} />;
    case "any": return <><label htmlFor={id} className="sr-only">{label}</label><AnyControl {...shared} kinds={["text", "number", "boolean"]} value={row.value} onChange={(value) => onChange(typeof value === "object" ? "" : value)} /></>;
    default: return kind satisfies never;
  }
}
