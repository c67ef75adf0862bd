import { Plus, X } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "#app/ui/button.tsx";
import { inputLook } from "#app/ui/field.tsx";
import type { Json } from "../bindings.ts";
import type { Shape } from "../fields.ts";
import { type ControlProps, groupAttributes, isRecord, printScalar, readScalar } from "./control.ts";

type Pair = readonly [name: string, value: Json];

/** Names that the author chooses, with a value each. A row whose name is empty or taken waits in the form until it has one. */
export function PairsControl({ shape, ...props }: ControlProps & { shape: Shape }) {
  const key = JSON.stringify(props.value);
  const [typed, setTyped] = useState<{ rows: readonly Pair[]; key: string | undefined }>();
  const rows: readonly Pair[] = typed !== undefined && typed.key === key ? typed.rows : isRecord(props.value) ? Object.entries(props.value) : [];
  const set = (next: readonly Pair[]) => {
    const named = next.filter(([name], index) => name !== "" && next.findIndex(([other]) => other === name) === index);
    const value = named.length === 0 ? undefined : Object.fromEntries(named);
    setTyped({ rows: next, key: JSON.stringify(value) });
    if (JSON.stringify(value) !== key) props.onChange(value);
  };
  const change = (at: number, pair: Pair) => set(rows.with(at, pair));
  return (
    <div {...groupAttributes(props)}>
      <ul className="space-y-1">
        {rows.map(([name, value], index) => {
          const isTaken = name !== "" && rows.findIndex(([other]) => other === name) !== index;
          return (
            <li key={index}>
              <div className="flex items-center gap-1">
                <input aria-label={`Name ${index + 1} of ${props.label}`} aria-invalid={isTaken || undefined} value={name} placeholder="name" spellCheck={false} autoComplete="off" onChange={(event) => change(index, [event.target.value, value])} className={`${inputLook} !w-2/5`} />
                <input aria-label={`Value of ${name === "" ? `row ${index + 1}` : name}`} value={printScalar(value, shape)} placeholder="value" spellCheck={false} autoComplete="off" onChange={(event) => change(index, [name, shape.kind === "text" ? event.target.value : readScalar(event.target.value)])} className={inputLook} />
                <IconButton label={`Remove ${name === "" ? `row ${index + 1}` : name}`} onClick={() => set(rows.toSpliced(index, 1))}><X aria-hidden className="size-3.5" /></IconButton>
              </div>
              {isTaken && <p role="alert" className="mt-0.5 text-xs text-red">There is a “{name}” already: this row does not count</p>}
            </li>
          );
        })}
      </ul>
      <Button size="sm" variant="ghost" className={rows.length > 0 ? "mt-1" : ""} aria-label={`Add to ${props.label}`} onClick={() => set([...rows, ["", ""]])}><Plus aria-hidden className="size-3" /> Add</Button>
    </div>
  );
}
