import type { Json } from "../bindings.ts";
import { type Parsed, useTyped } from "../use-typed.ts";
import { attributes, type ControlProps, isRecord } from "./control.ts";
import { GrowingText } from "./text-control.tsx";

/** What is not JSON yet is kept in the field and nowhere else. */
export function JsonControl({ only, ...props }: ControlProps & { only?: "object" | "list" }) {
  const parse = (text: string): Parsed<Json | undefined> => {
    if (text.trim() === "") return { ok: true, value: undefined };
    try {
      const value = JSON.parse(text) as Json;
      if (only === "object" && !isRecord(value)) return { ok: false, message: "Not an object: write {\"name\": …}" };
      if (only === "list" && !Array.isArray(value)) return { ok: false, message: "Not a list: write […]" };
      return { ok: true, value };
    } catch (error) {
      return { ok: false, message: error instanceof Error ? `Not JSON yet: ${error.message}` : "Not JSON yet" };
    }
  };
  const typed = useTyped<Json | undefined>(props.value, (value) => (value === undefined ? "" : JSON.stringify(value, null, 2)), parse, props.onChange);
  const errorId = `${props.id}-typed`;
  return (
    <>
      <GrowingText
        {...attributes(props)}
        value={typed.text}
        spellCheck={false}
        placeholder={props.placeholder ?? (only === "object" ? '{"name": "value"}' : only === "list" ? "[…]" : "JSON")}
        onChange={(event) => typed.type(event.target.value)}
        aria-invalid={props.invalid || typed.error !== undefined || undefined}
        aria-describedby={typed.error === undefined ? props.describedBy : `${props.describedBy ?? ""} ${errorId}`.trim()}
        className="font-mono !text-xs"
      />
      {typed.error !== undefined && <p id={errorId} className="mt-1 text-xs text-red">{typed.error}</p>}
    </>
  );
}
