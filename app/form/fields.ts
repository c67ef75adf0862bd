/** A JSON Schema of the catalogue as form fields: which control edits a field, its words and its limits. Pure. */

/** How a literal is edited. What a schema says beyond this is for the server's check to judge. */
export type Shape =
  | { kind: "text"; isLong: boolean; example: string | null; /** What it names, to be chosen from a list. */ picks?: "playbook" }
  | { kind: "number"; isWhole: boolean; min: number | null; max: number | null }
  | { kind: "boolean" }
  | { kind: "choice"; choices: readonly string[] }
  | { kind: "list"; item: Shape }
  /** Names that the author chooses, each with a value of one shape. */
  | { kind: "pairs"; value: Shape }
  /** Ways out of a switch: a port's name and when it is taken. */
  | { kind: "cases"; operators: readonly string[] }
  /** Several things of the same fields: the answers of a question. */
  | { kind: "rows"; fields: readonly FormField[] }
  /** A structure that is edited as JSON. */
  | { kind: "json"; only: "object" | "list" }
  /** Anything: the value itself says what it is. */
  | { kind: "any" };

export interface FormField {
  name: string;
  label: string;
  hint: string | null;
  shape: Shape;
  isRequired: boolean;
  /** null is a value of its own here. */
  isNullable: boolean;
  /** What holds when the field is left out; undefined: nothing. */
  initial: unknown;
}

/** What is read of a schema that zod made. */
export interface Schema {
  type?: string | readonly string[];
  title?: string;
  description?: string;
  default?: unknown;
  enum?: readonly unknown[];
  const?: unknown;
  anyOf?: readonly Schema[];
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  additionalProperties?: Schema | boolean;
  required?: readonly string[];
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  format?: string;
  multiline?: boolean;
  picker?: string;
}

/** @param schema of an object. @param required names that need a value; absent: the schema's own. */
export function fieldsOf(schema: Readonly<Record<string, unknown>>, required?: readonly string[]): FormField[] {
  const { properties = {}, required: own = [] } = schema as Schema;
  const needed = new Set(required ?? own);
  return Object.entries(properties).map(([name, property]) => ({
    name,
    label: property.title ?? labelOf(name),
    hint: property.description ?? null,
    shape: shapeOf(property),
    isRequired: needed.has(name),
    isNullable: allowsNull(property),
    initial: property.default,
  }));
}

/** A field that no schema names (of a node that takes any): its value says what it is. */
export const freeField = (name: string): FormField => ({ name, label: name, hint: null, shape: { kind: "any" }, isRequired: false, isNullable: true, initial: undefined });

/** "api_key" and "apiKey" → "Api key" */
export function labelOf(name: string): string {
  const text = name.replace(/([a-z])([A-Z])/g, "$1 $2").replaceAll("_", " ").toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function shapeOf(schema: Schema): Shape {
  const variants = (schema.anyOf ?? [schema]).filter((variant) => variant.type !== "null");
  const [only, ...others] = variants;
  if (only === undefined) return { kind: "any" };
  const multiline = schema.multiline === true || only.multiline === true;
  // Addresses of two kinds are both texts.
  if (others.length > 0) return variants.every(({ type, enum: choices }) => type === "string" && choices === undefined) ? { kind: "text", isLong: multiline, example: null } : { kind: "any" };
  const choices = only.enum ?? (only.const === undefined ? undefined : [only.const]);
  if (choices?.every((choice) => typeof choice === "string")) return { kind: "choice", choices: choices as string[] };
  const type = typeof only.type === "string" ? only.type : onlyOne(only.type?.filter((name) => name !== "null"));
  switch (type) {
    case "string": return { kind: "text", isLong: multiline, example: EXAMPLES[only.format ?? ""] ?? null, ...((schema.picker ?? only.picker) === "playbook" ? { picks: "playbook" } : {}) };
    case "number": case "integer": return { kind: "number", isWhole: type === "integer", min: bound(only.minimum ?? only.exclusiveMinimum), max: bound(only.maximum) };
    case "boolean": return { kind: "boolean" };
    case "array": return listShape(only.items ?? {});
    case "object": return pairsShape(only) ?? { kind: "json", only: "object" };
    default: return { kind: "any" };
  }
}

const EXAMPLES: Record<string, string> = { uri: "https://", email: "name@example.com", "date-time": "2026-03-01T08:00:00Z", ipv4: "203.0.113.7" };

/** zod writes the safe integers where there is no bound. */
const bound = (limit: number | undefined): number | null => (limit === undefined || Math.abs(limit) >= Number.MAX_SAFE_INTEGER ? null : limit);

const onlyOne = (names: readonly string[] | undefined): string | undefined => (names?.length === 1 ? names[0] : undefined);

function listShape(items: Schema): Shape {
  const when = items.properties?.["when"]?.properties?.["op"]?.enum;
  if (items.properties?.["port"] !== undefined && when !== undefined) return { kind: "cases", operators: when.map(String) };
  const item = shapeOf(items);
  const fields = items.properties ? fieldsOf(items as Readonly<Record<string, unknown>>) : [];
  if (fields.length > 0 && fields.every(({ shape }) => IN_ROWS.has(shape.kind))) return { kind: "rows", fields };
  return item.kind === "text" || item.kind === "number" || item.kind === "choice" ? { kind: "list", item } : { kind: "json", only: "list" };
}

/** What fits into a line of a form within a form. */
const IN_ROWS: ReadonlySet<Shape["kind"]> = new Set(["text", "number", "boolean", "choice", "list"]);

function pairsShape({ properties, additionalProperties }: Schema): Shape | undefined {
  if (properties !== undefined && Object.keys(properties).length > 0) return undefined;
  if (typeof additionalProperties !== "object") return undefined;
  const types = typeof additionalProperties.type === "string" ? [additionalProperties.type] : (additionalProperties.type ?? []);
  if (types.length === 0 || types.some((type) => type === "object" || type === "array")) return undefined;
  return { kind: "pairs", value: shapeOf(additionalProperties) };
}

function allowsNull({ type, anyOf }: Schema): boolean {
  return type === "null" || (Array.isArray(type) && type.includes("null")) || (anyOf?.some(allowsNull) ?? false);
}
