import type { Shape } from "../fields.ts";
import { AnyControl } from "./any-control.tsx";
import { CasesControl } from "./cases-control.tsx";
import { attributes, type ControlProps } from "./control.ts";
import { JsonControl } from "./json-control.tsx";
import { ListControl } from "./list-control.tsx";
import { NumberControl } from "./number-control.tsx";
import { PairsControl } from "./pairs-control.tsx";
import { PlaybookControl } from "./playbook-control.tsx";
import { RowsControl } from "./rows-control.tsx";
import { TextControl } from "./text-control.tsx";
import { inputLook } from "#app/ui/field.tsx";

/** The control for a value of this shape. @param emptyLabel what the field is when nothing is chosen. */
export function LiteralControl({ shape, emptyLabel = "Not set", ...props }: ControlProps & { shape: Shape; emptyLabel?: string }) {
  switch (shape.kind) {
    case "text": return shape.picks === "playbook" ? <PlaybookControl {...props} /> : <TextControl {...props} isLong={shape.isLong} placeholder={props.placeholder ?? shape.example ?? undefined} />;
    case "number": return <NumberControl {...props} limits={shape} />;
    case "boolean": return <Select {...props} emptyLabel={emptyLabel} choices={[["true", "Yes"], ["false", "No"]]} onChoose={(text) => props.onChange(text === "" ? undefined : text === "true")} />;
    case "choice": return <Select {...props} emptyLabel={emptyLabel} choices={shape.choices.map((choice) => [choice, choice])} onChoose={(text) => props.onChange(text === "" ? undefined : text)} />;
    case "list": return <ListControl {...props} item={shape.item} />;
    case "pairs": return <PairsControl {...props} shape={shape.value} />;
    case "cases": return <CasesControl {...props} operators={shape.operators} />;
    case "rows": return <RowsControl {...props} fields={shape.fields} />;
    case "json": return <JsonControl {...props} only={shape.only} />;
    case "any": return <AnyControl {...props} />;
    default: return shape satisfies never;
  }
}

function Select({ choices, emptyLabel, onChoose, ...props }: ControlProps & { choices: readonly (readonly [value: string, label: string])[]; emptyLabel: string; onChoose(text: string): void }) {
  const text = props.value === undefined || props.value === null ? "" : String(props.value);
  const isKnown = text === "" || choices.some(([value]) => value === text);
  return (
    <select {...attributes(props)} value={text} onChange={(event) => onChoose(event.target.value)} className={`${inputLook} pr-1 ${text === "" ? "text-fg-3" : ""}`}>
      <option value="">{emptyLabel}</option>
      {choices.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
      {!isKnown && <option value={text}>{text} (not a choice)</option>}
    </select>
  );
}
