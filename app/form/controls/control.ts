import type { Json } from "../bindings.ts";
import type { Shape } from "../fields.ts";

/** What every control of a literal takes. `undefined` is "not set", and not the same as null or an empty text. */
export interface ControlProps {
  value: Json | undefined;
  onChange(value: Json | undefined): void;
  /** Its label is the element `${id}-label`. */
  id: string;
  /** For controls inside a control, which no label of their own stands beside. */
  label: string;
  invalid: boolean;
  describedBy: string | undefined;
  placeholder?: string | undefined;
}

/** The attributes of a control that is one element. */
export const attributes = ({ id, invalid, describedBy }: ControlProps) => ({ id, "aria-invalid": invalid || undefined, "aria-describedby": describedBy });

/** Those of one that is several: a group that has the field's label. */
export const groupAttributes = ({ id, describedBy }: ControlProps) => ({ id, role: "group", "aria-labelledby": `${id}-label`, "aria-describedby": describedBy });

export const isRecord = (value: Json | undefined): value is Record<string, Json> => typeof value === "object" && value !== null && !Array.isArray(value);

/** @param shape where it allows several kinds, a text that could be taken for another is in quotes. */
export const printScalar = (value: Json, shape: Shape): string => (typeof value === "string" && (shape.kind !== "any" || readScalar(value) === value) ? value : JSON.stringify(value));

/** Where several kinds are allowed, what looks like a number or like true is one; in quotes it is a text. */
export function readScalar(text: string): Json {
  if (!/^(-?\d+(\.\d+)?|true|false|null|".*")$/s.test(text)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
