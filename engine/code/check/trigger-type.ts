/** The type of `trigger`: what the playbook's own trigger gives it, and what `startInput` holds everybody else to. */
import type { FormField, PlaybookTrigger } from "#format";
import { UNTYPED } from "./schema-type.ts";

/** May have several lines. */
export function triggerType({ on, form }: PlaybookTrigger): string {
  switch (on) {
    case "schedule": return "ScheduleTrigger";
    case "run-failed": return "RunFailureTrigger";
    case "manual": return form ? formType(form) : UNTYPED;
    case "alert": case "webhook": return UNTYPED;
    default: return on satisfies never;
  }
}

/** As `readForm` gives it. A description is a JSDoc comment, which TypeScript sees at the start of a line only. */
const formType = (fields: readonly FormField[]): string => `{\n${fields.map((field) => `/** ${(field.label ?? field.name).replace(/\s+/g, " ").replaceAll("*/", "* /")} */\n${field.name}: ${fieldValueType(field)};\n`).join("")}}`;

function fieldValueType({ type, choices = [], required }: FormField): string {
  const orNull = required ? "" : " | null";
  switch (type) {
    case "text": return `string${orNull}`;
    case "number": return `number${orNull}`;
    case "choice": return `${choices.length === 0 ? "string" : [...new Set(choices)].map((choice) => JSON.stringify(choice)).join(" | ")}${orNull}`;
    case "boolean": return "boolean";
    case "list": return "string[]";
    default: return type satisfies never;
  }
}
