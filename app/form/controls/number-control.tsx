import { inputLook } from "#app/ui/field.tsx";
import type { Json } from "../bindings.ts";
import { type Parsed, useTyped } from "../use-typed.ts";
import { attributes, type ControlProps } from "./control.ts";

interface Limits { isWhole: boolean; min: number | null; max: number | null }

export const ANY_NUMBER: Limits = { isWhole: false, min: null, max: null };

export function NumberControl({ limits, ...props }: ControlProps & { limits: Limits }) {
  const typed = useTyped<Json | undefined>(props.value, (value) => (value === undefined || value === null ? "" : String(value)), (text) => parseNumber(text, limits), props.onChange);
  const errorId = `${props.id}-typed`;
  return (
    <>
      <input
        {...attributes(props)}
        inputMode="decimal"
        autoComplete="off"
        value={typed.text}
        placeholder={props.placeholder}
        onChange={(event) => typed.type(event.target.value)}
        aria-invalid={props.invalid || typed.error !== undefined || undefined}
        aria-describedby={typed.error === undefined ? props.describedBy : `${props.describedBy ?? ""} ${errorId}`.trim()}
        className={`${inputLook} tabular-nums`}
      />
      {typed.error !== undefined && <p id={errorId} className="mt-1 text-xs text-red">{typed.error}</p>}
    </>
  );
}

function parseNumber(text: string, { isWhole, min, max }: Limits): Parsed<Json | undefined> {
  const trimmed = text.trim().replace(",", ".");
  if (trimmed === "") return { ok: true, value: undefined };
  const value = Number(trimmed);
  if (!Number.isFinite(value)) return { ok: false, message: "This is not a number" };
  if (isWhole && !Number.isInteger(value)) return { ok: false, message: "Whole numbers only" };
  if (min !== null && value < min) return { ok: false, message: `At least ${min}` };
  if (max !== null && value > max) return { ok: false, message: `At most ${max}` };
  return { ok: true, value };
}
