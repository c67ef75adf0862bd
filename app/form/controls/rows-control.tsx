import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { Button, IconButton } from "#app/ui/button.tsx";
import type { Json } from "../bindings.ts";
import type { FormField } from "../fields.ts";
import { type ControlProps, groupAttributes, isRecord } from "./control.ts";
import { LiteralControl } from "./literal-control.tsx";
import { PortInput } from "./port-input.tsx";

/** Where a row is a way out, this names its port. */
const PORT = "port";

/** Things of the same fields, in an order: a small form each. */
export function RowsControl({ fields, ...props }: ControlProps & { fields: readonly FormField[] }) {
  const rows = Array.isArray(props.value) ? props.value.filter(isRecord) : [];
  const set = (next: Record<string, Json>[]) => props.onChange(next.length === 0 ? undefined : next);
  const change = (at: number, name: string, value: Json | undefined) => {
    const { [name]: _, ...rest } = rows[at]!;
    // In the order of the schema, so that a diff shows what changed and no more.
    const given: Record<string, Json | undefined> = { ...rest, [name]: value };
    set(rows.with(at, Object.fromEntries(fields.flatMap((field) => (given[field.name] === undefined ? [] : [[field.name, given[field.name]!]])))));
  };
  const move = (at: number, by: number) => set(rows.toSpliced(at, 1).toSpliced(at + by, 0, rows[at]!));
  return (
    <div {...groupAttributes(props)}>
      <ol className="space-y-2">
        {rows.map((row, index) => (
          <li key={index} className="flex items-start gap-1 rounded-md border border-line p-2">
            <div className="grid min-w-0 flex-1 grid-cols-2 gap-x-2 gap-y-1.5">
              {fields.map((field) => <Cell key={field.name} id={`${props.id}-${index}-${field.name}`} field={field} taken={rows.filter((_, other) => other !== index).map((other) => String(other[field.name]))} of={`${props.label} ${index + 1}`} value={row[field.name]} onChange={(value) => change(index, field.name, value)} />)}
            </div>
            <div className="flex shrink-0 flex-col">
              <IconButton label={`Remove ${props.label} ${index + 1}`} className="!size-6" onClick={() => set(rows.toSpliced(index, 1))}><X aria-hidden className="size-3.5" /></IconButton>
              {index > 0 && <IconButton label={`${props.label} ${index + 1} up`} className="!size-6" onClick={() => move(index, -1)}><ArrowUp aria-hidden className="size-3.5" /></IconButton>}
              {index < rows.length - 1 && <IconButton label={`${props.label} ${index + 1} down`} className="!size-6" onClick={() => move(index, 1)}><ArrowDown aria-hidden className="size-3.5" /></IconButton>}
            </div>
          </li>
        ))}
      </ol>
      <Button size="sm" variant="ghost" aria-label={`Add to ${props.label}`} className={rows.length > 0 ? "mt-1" : ""} onClick={() => set([...rows, newRow(fields, rows)])}><Plus aria-hidden className="size-3" /> Add</Button>
    </div>
  );
}

interface CellProps { id: string; field: FormField; of: string; /** What other rows have here. */ taken: readonly string[]; value: Json | undefined; onChange(value: Json | undefined): void }

function Cell({ id, field, of, taken, value, onChange }: CellProps) {
  const initial = field.initial as Json | undefined;
  return (
    <div className="min-w-0">
      <label id={`${id}-label`} htmlFor={id} className="mb-0.5 block truncate text-2xs text-fg-3"><span className="sr-only">{of}: </span>{field.label}</label>
      {field.name === PORT ? <PortInput id={id} value={String(value ?? "")} taken={taken} onChange={onChange} /> : <LiteralControl id={id} shape={field.shape} label={`${of}: ${field.label}`} value={value ?? (field.shape.kind === "boolean" || field.shape.kind === "choice" ? initial : undefined)} onChange={onChange} invalid={false} describedBy={undefined} emptyLabel={initial === undefined ? "Not set" : `Default: ${String(initial)}`} />}
    </div>
  );
}

/** What a new thing is called until it is named: its texts may not be empty. */
function newRow(fields: readonly FormField[], rows: readonly Record<string, Json>[]): Record<string, Json> {
  const isTaken = (number: number) => rows.some((row) => Object.values(row).some((value) => typeof value === "string" && value.endsWith(String(number))));
  let number = rows.length + 1;
  while (isTaken(number)) number++;
  const texts = fields.filter(({ isRequired, shape }) => isRequired && shape.kind === "text");
  return Object.fromEntries(texts.map(({ name, label }) => [name, name === "label" ? `${label} ${number}` : `${name}${number}`]));
}
