import type { Json } from "../bindings.ts";
import { inputLook } from "#app/ui/field.tsx";
import { attributes, type ControlProps } from "./control.ts";
import { JsonControl } from "./json-control.tsx";
import { ANY_NUMBER, NumberControl } from "./number-control.tsx";
import { TextControl } from "./text-control.tsx";

type Kind = "text" | "number" | "boolean" | "json" | "null";

const KINDS: readonly (readonly [Kind, string])[] = [["text", "Text"], ["number", "Number"], ["boolean", "Yes or no"], ["json", "JSON"], ["null", "Nothing (null)"]];

export function kindOf(value: Json | undefined): Kind {
  if (value === null) return "null";
  if (typeof value === "object") return "json";
  return typeof value === "number" ? "number" : typeof value === "boolean" ? "boolean" : "text";
}

/** The nearest value of another kind. */
function toKind(value: Json | undefined, kind: Kind): Json {
  const text = value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
  switch (kind) {
    case "text": return text;
    case "number": return Number.isFinite(Number(text)) ? Number(text) : 0;
    case "boolean": return text === "true" || text === "1";
    case "json": {
      try {
        const parsed = JSON.parse(text) as Json;
        return typeof parsed === "object" && parsed !== null ? parsed : [parsed];
      } catch {
        return {};
      }
    }
    case "null": return null;
    default: return kind satisfies never;
  }
}

/** A value of any kind: one says which, then edits it. @param kinds those that are allowed here; absent: all. */
export function AnyControl({ kinds, ...props }: ControlProps & { kinds?: readonly Kind[] }) {
  const kind = kindOf(props.value);
  // The one kind that an emptied box leaves: a text of no characters is a value here.
  const keepEmpty = (value: Json | undefined) => props.onChange(value ?? "");
  return (
    <div className="flex items-start gap-1">
      <select aria-label={`Kind of ${props.label}`} value={kind} onChange={(event) => props.onChange(toKind(props.value, event.target.value as Kind))} className={`${inputLook} !w-28 shrink-0 pr-1 text-xs`}>
        {KINDS.filter(([value]) => kinds === undefined || kinds.includes(value) || value === kind).map(([value, label]) => <option key={value} value={value}>{label}</option>)}
      </select>
      <div className="min-w-0 flex-1">
        {kind === "text" && <TextControl {...props} onChange={keepEmpty} isLong={false} />}
        {kind === "number" && <NumberControl {...props} onChange={(value) => props.onChange(value ?? "")} limits={ANY_NUMBER} />}
        {kind === "boolean" && <select {...attributes(props)} value={String(props.value)} onChange={(event) => props.onChange(event.target.value === "true")} className={`${inputLook} pr-1`}><option value="true">Yes</option><option value="false">No</option></select>}
        {kind === "json" && <JsonControl {...props} onChange={(value) => props.onChange(value ?? null)} />}
        {kind === "null" && <p id={props.id} className="flex h-8 items-center text-fg-3">null</p>}
      </div>
    </div>
  );
}
