/** A connection type's settings (JSON Schema of a flat object) as form fields, and a form's values back as JSON. Pure. */
import { labelOf } from "#app/form/fields.ts";

export interface SettingField {
  name: string;
  label: string;
  hint: string | null;
  kind: "text" | "secret" | "number" | "boolean" | "choice" | "list";
  choices: string[];
  required: boolean;
  initial: string;
}

interface Property { type?: string | string[]; title?: string; description?: string; enum?: unknown[]; default?: unknown; anyOf?: Property[] }

const kindOf = (property: Property, secret: boolean): SettingField["kind"] => {
  if (secret) return "secret";
  if (property.enum) return "choice";
  const type = property.type ?? property.anyOf?.find(({ type: inner }) => inner !== "null")?.type;
  return type === "number" || type === "integer" ? "number" : type === "boolean" ? "boolean" : type === "array" ? "list" : "text";
};

export function settingFields(schema: Record<string, unknown>, secrets: readonly string[]): SettingField[] {
  const { properties = {}, required = [] } = schema as { properties?: Record<string, Property>; required?: string[] };
  return Object.entries(properties).map(([name, property]): SettingField => ({
    name,
    label: property.title ?? labelOf(name),
    hint: property.description ?? null,
    kind: kindOf(property, secrets.includes(name)),
    choices: (property.enum ?? []).map(String),
    required: required.includes(name),
    initial: property.default === undefined || property.default === null ? "" : Array.isArray(property.default) ? property.default.join(", ") : String(property.default),
  }));
}

/** An empty field is left out, so that the schema's default holds; what is not a number stays text, and the schema says so. */
export function settingsFrom(fields: readonly SettingField[], read: (name: string) => string): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const { name, kind } of fields) {
    const value = read(name);
    if (kind === "boolean") settings[name] = value === "on" || value === "true";
    else if (value === "") continue;
    else if (kind === "number") settings[name] = Number.isNaN(Number(value)) ? value : Number(value);
    else if (kind === "list") settings[name] = value.split(",").map((item) => item.trim()).filter(Boolean);
    else settings[name] = value;
  }
  return settings;
}
