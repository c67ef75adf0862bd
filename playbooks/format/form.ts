/** What a person is asked for who starts a playbook by hand. Used by the dialog, by the server, and for the type of `trigger`. */
import { z } from "zod";

const MAX_FIELDS = 50;
const MAX_CHOICES = 100;

/** The name is one that TypeScript can read: `trigger.<name>`. */
export const formFieldName = z.string().regex(/^[a-z][a-zA-Z0-9_]{0,62}$/, "a name starts with a lower-case letter and holds letters, digits and _ (at most 63)");

export const formFieldSchema = z.strictObject({
  name: formFieldName,
  /** What people read; absent: the name. */
  label: z.string().max(120).optional(),
  hint: z.string().max(500).optional(),
  /** A list is one of texts. */
  type: z.enum(["text", "number", "boolean", "choice", "list"]),
  choices: z.array(z.string().min(1).max(200)).max(MAX_CHOICES).optional(),
  required: z.boolean().default(false),
  default: z.union([z.string().max(20_000), z.number(), z.boolean(), z.array(z.string().max(20_000)).max(1000)]).optional(),
});
export type FormField = z.infer<typeof formFieldSchema>;

export const formSchema = z.array(formFieldSchema).min(1).max(MAX_FIELDS);

export type FormValue = string | number | boolean | string[] | null;

export interface FieldFault {
  /** "" where the whole is no object of fields. */
  field: string;
  message: string;
}

export type FormReading = { ok: true; values: Record<string, FormValue> } | { ok: false; wrong: FieldFault[] };

/** What stands for a field that is left empty. Every field has a value, so that later steps need not ask whether it is there. */
const EMPTY = { text: null, number: null, choice: null, boolean: false, list: [] } as const satisfies Record<FormField["type"], FormValue>;

/** All fields, defaults filled in; or all that is wrong. */
export function readForm(fields: readonly FormField[], input: unknown): FormReading {
  const given = input ?? {};
  if (typeof given !== "object" || Array.isArray(given)) return { ok: false, wrong: [{ field: "", message: `give an object with the fields ${fields.map(({ name }) => name).join(", ")}` }] };
  const wrong: FieldFault[] = [];
  const values: Record<string, FormValue> = {};
  for (const field of fields) {
    const own: unknown = Object.hasOwn(given, field.name) ? (given as Record<string, unknown>)[field.name] : undefined;
    const value: unknown = isEmpty(own) ? (own === undefined ? field.default : undefined) : own;
    const fault = isEmpty(value) ? (field.required ? "this is needed" : undefined) : valueFault(field, value);
    if (fault === undefined) values[field.name] = isEmpty(value) ? EMPTY[field.type] : (value as FormValue);
    else wrong.push({ field: field.name, message: fault });
  }
  for (const name of Object.keys(given)) if (!fields.some((field) => field.name === name)) wrong.push({ field: name, message: "the form has no such field" });
  return wrong.length > 0 ? { ok: false, wrong } : { ok: true, values };
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);

/** What is wrong with a value that is there. */
export function valueFault({ type, choices = [] }: FormField, value: unknown): string | undefined {
  switch (type) {
    case "text": return typeof value === "string" ? undefined : "give a text";
    case "number": return typeof value === "number" && Number.isFinite(value) ? undefined : "give a number";
    case "boolean": return typeof value === "boolean" ? undefined : "say true or false";
    case "choice": return typeof value === "string" && choices.includes(value) ? undefined : `choose one of ${choices.join(", ")}`;
    case "list": return Array.isArray(value) && value.every((each) => typeof each === "string") ? undefined : "give a list of texts";
    default: return type satisfies never;
  }
}
