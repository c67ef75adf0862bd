import type { Shape } from "#app/form/fields.ts";
import type { FormField } from "#format";

const TEXT: Shape = { kind: "text", isLong: false, example: null };

/** How a value of this field is edited. */
export function shapeOfField({ type, choices = [] }: Pick<FormField, "type" | "choices">): Shape {
  switch (type) {
    case "text": return TEXT;
    case "number": return { kind: "number", isWhole: false, min: null, max: null };
    case "boolean": return { kind: "boolean" };
    case "choice": return { kind: "choice", choices };
    case "list": return { kind: "list", item: TEXT };
    default: return type satisfies never;
  }
}
