/** JSON Schema, as zod writes it, to the text of a TypeScript type. Formats and limits have no type: the node's own schema holds them. */
export type JsonSchema = { readonly [key: string]: unknown };

/** JSON whose shape nobody declared (library/world.d.ts). */
export const UNTYPED = "Untyped";

const quote = (name: string): string => JSON.stringify(name);

const union = (types: readonly string[]): string => {
  const distinct = [...new Set(types)];
  return distinct.includes(UNTYPED) ? UNTYPED : distinct.length === 0 ? "never" : distinct.map((type) => (type.includes("=>") || type.includes(" & ") ? `(${type})` : type)).join(" | ");
};

const isSchema = (value: unknown): value is JsonSchema => typeof value === "object" && value !== null && !Array.isArray(value);
const schemas = (value: unknown): JsonSchema[] => (Array.isArray(value) ? value.filter(isSchema) : []);

interface Surroundings {
  /** Holds the `$defs` that `$ref`s lead to; a type that contains itself is untyped from there on. */
  root: JsonSchema;
  open?: readonly string[];
  /** Descriptions become JSDoc, which TypeScript sees at the start of a line only: the type then has several. */
  isDocumented?: boolean;
}

export function schemaType(schema: JsonSchema, around: Surroundings = { root: schema }): string {
  const of = (inner: JsonSchema): string => schemaType(inner, around);
  const ref = schema["$ref"];
  if (typeof ref === "string") {
    const { root, open = [] } = around;
    const target = open.includes(ref) ? undefined : resolve(root, ref);
    return target ? schemaType(target, { ...around, open: [...open, ref] }) : UNTYPED;
  }
  const loop = schema["loop"];
  // Of a container: what they are is told by its list and its body (loop-types.ts).
  if (loop === "item") return "LoopItem";
  if (loop === "result") return "LoopResult";
  if ("const" in schema) return JSON.stringify(schema["const"]);
  if (Array.isArray(schema["enum"])) return union(schema["enum"].map((value) => JSON.stringify(value)));
  const choices = schemas(schema["anyOf"] ?? schema["oneOf"]);
  if (choices.length > 0) return union(choices.map(of));
  const parts = schemas(schema["allOf"]);
  if (parts.length > 0) return parts.map((part) => `(${of(part)})`).join(" & ");
  const type = schema["type"];
  if (Array.isArray(type)) return union(type.map((each) => of({ ...schema, type: each as unknown })));
  switch (type) {
    case "string": case "boolean": case "null": return type;
    case "number": case "integer": return "number";
    case "array": return arrayType(schema, of);
    case "object": return objectType(schema, of, around.isDocumented === true);
    default: return UNTYPED;
  }
}

function arrayType(schema: JsonSchema, of: (inner: JsonSchema) => string): string {
  const prefix = schemas(schema["prefixItems"]);
  const items = isSchema(schema["items"]) ? of(schema["items"]) : UNTYPED;
  if (prefix.length === 0) return `Array<${items}>`;
  return `[${[...prefix.map(of), ...(isSchema(schema["items"]) ? [`...Array<${items}>`] : [])].join(", ")}]`;
}

function comment(schema: unknown): string {
  const text = isSchema(schema) ? schema["description"] : undefined;
  return typeof text === "string" && text !== "" ? `\n/** ${text.replace(/\s+/g, " ").replaceAll("*/", "* /")} */ ` : "";
}

function objectType(schema: JsonSchema, of: (inner: JsonSchema) => string, isDocumented: boolean): string {
  const properties = isSchema(schema["properties"]) ? Object.entries(schema["properties"]) : [];
  const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : []);
  const members = properties.map(([name, value]) => `${isDocumented ? comment(value) : ""}${quote(name)}${required.has(name) ? "" : "?"}: ${isSchema(value) ? of(value) : UNTYPED}`);
  const rest = schema["additionalProperties"];
  // Beside named properties an index signature must fit them all, which only the untyped one does for certain.
  if (isSchema(rest)) members.push(`[name: string]: ${properties.length > 0 ? UNTYPED : of(rest)}`);
  if (members.length === 0) return rest === false ? "{}" : `Record<string, ${UNTYPED}>`;
  return `{ ${members.join("; ")} }`;
}

function resolve(root: JsonSchema, ref: string): JsonSchema | undefined {
  if (ref === "#") return root;
  let at: unknown = root;
  for (const key of ref.replace(/^#\//, "").split("/")) at = isSchema(at) ? at[key.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined;
  return isSchema(at) ? at : undefined;
}

/** The type that a field's value must have; undefined where anything goes. */
export function fieldType(input: JsonSchema, field: string): string | undefined {
  const properties = isSchema(input["properties"]) ? input["properties"] : {};
  const known = Object.hasOwn(properties, field);
  const schema = known ? properties[field] : input["additionalProperties"];
  if (!isSchema(schema)) return undefined;
  const type = schemaType(schema, { root: input });
  if (type === UNTYPED) return undefined;
  const isRequired = Array.isArray(input["required"]) && input["required"].includes(field);
  return known && !isRequired ? `${type} | undefined` : type;
}
