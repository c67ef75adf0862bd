/**
 * One TypeScript module per node: what the node sees (`Scope`), each of its fields, and what it gives (`Ports`), for the
 * modules of later nodes. Types that only the code knows are left to TypeScript, as the types of those fields.
 */
import type { PlaybookDocument, PlaybookNode } from "#format";
import { loopLines, loopsAround } from "./loop-types.ts";
import { fieldType, type JsonSchema, schemaType, UNTYPED } from "./schema-type.ts";
import { triggerType } from "./trigger-type.ts";
import type { Sight, View } from "./upstream.ts";

/** A node's part of the question, resolved from its shape for its config; plain data, so that it can cross to the thread. */
export interface StepTypes {
  ports: string[];
  input?: JsonSchema;
  outputs?: Readonly<Record<string, JsonSchema>>;
  passes?: "input" | { field: string } | undefined;
  callback?: true | undefined;
  /** It owns a body. `items`: the input field whose list is walked; without one the rounds are numbered. */
  container?: { items?: string | undefined } | undefined;
}

/** Lines of a module that stand for a field of the node. */
export interface Span {
  field: string;
  /** 0-based, in the module. */
  first: number;
  last: number;
  /** How many lines the author's text has; it begins one line after `first`. Absent where nothing was written by hand here. */
  lines?: number;
  /** The code file that the field is bound to. */
  file?: string;
}

export interface NodeModule {
  node: string;
  path: string;
  text: string;
  spans: Span[];
}

export const ROOT = "/playbook";
export const modulePath = (node: string): string => `${ROOT}/node/${node}.ts`;

export const WORLD = `import type { AlertView, Result, Run, RunFailureTrigger, ScheduleTrigger, StepFailure, Untyped } from "../world.d.ts";`;
export const PARTS = ["trigger", "alert", "steps", "vars", "run"] as const;

/**
 * @param typesOf of any node of the document
 * @param broken fields whose expression does not parse: they are reported elsewhere and stand for anything here.
 */
export function nodeModule(document: PlaybookDocument, node: PlaybookNode, view: View, typesOf: (id: string) => StepTypes | undefined, broken: ReadonlySet<string>): NodeModule {
  const types = typesOf(node.id) ?? { ports: [] };
  const called = document.nodes.filter(({ id }) => typesOf(id)?.callback).map(({ id }) => id);
  const lines = [WORLD, "export interface Scope {", ...scopeLines(document, node, view, called), "}"];
  const parts = node.in === undefined ? PARTS : [...PARTS, "item"];
  lines.push(...parts.map((part) => `declare const ${part}: Scope["${part}"];`), );
  const spans: Span[] = [];
  /** Field → type of its value as later steps see it. */
  const values = new Map<string, string>();

  for (const [field, binding] of Object.entries(node.input)) {
    const name = `$${values.size}`;
    const type = types.input === undefined ? undefined : fieldType(types.input, field);
    const satisfies = type === undefined ? "" : ` satisfies ${type}`;
    const first = lines.length;
    values.set(field, "value" in binding ? jsonType(binding.value) : `Result<typeof ${name}${"file" in binding ? "file" : ""}>`);
    if ("file" in binding) {
      // The import stands inside the span, so that a missing default export is this field's problem.
      lines.push(
        `import ${name}file from "../${binding.file}";`,
        `${name}file satisfies (scope: Scope) => unknown;`,
        `export const ${name} = (null! as Result<typeof ${name}file>)${satisfies};`,
      );
      spans.push({ field, first, last: lines.length - 1, file: binding.file });
      continue;
    }
    const source = "value" in binding ? JSON.stringify(binding.value) : broken.has(field) ? `undefined as ${UNTYPED}` : binding.expr;
    const count = source.split("\n").length;
    lines.push(`export const ${name} = () => (`, ...source.split("\n"), `)${satisfies};`);
    spans.push({ field, first, last: lines.length - 1, ..."expr" in binding ? { lines: count } : {} });
  }

  lines.push(...loopLines(document, node, types, values, typesOf), "export interface Ports {", ...types.ports.map((port) => `  ${JSON.stringify(port)}: ${portType(node, types, port, values)};`), "}");
  return { node: node.id, path: modulePath(node.id), text: `${lines.join("\n")}\n`, spans };
}

function scopeLines(document: PlaybookDocument, node: PlaybookNode, view: View, called: readonly string[]): string[] {
  const loops = loopsAround(document, node);
  return [
    "  steps: {",
    ...[...view].filter(([id]) => !loops.includes(id)).map(([id, sight]) => `    ${id}: ${sightType(id, sight)};`),
    // Inside, a loop shows where it is; what it gives is known after it.
    ...loops.map((id) => `    ${id}: import("./${id}.ts").LoopPlace;`),
    "  };",
    ...(loops[0] === undefined ? [] : [`  item: import("./${loops[0]}.ts").LoopItem;`]),
    // Only a run that an alert starts certainly has one.
    `  alert: AlertView${document.trigger.on === "alert" ? "" : " | null"};`,
    ...`  trigger: ${triggerType(document.trigger)};`.split("\n"),
    `  vars: typeof import("../vars.ts").vars;`,
    `  run: Run${called.length === 0 ? "" : ` & { /** Where the outside answers the nodes that wait for it; each address works once. */ callback_urls: { ${called.map((id) => `${id}: string`).join("; ")} } }`};`,
  ];
}

function sightType(id: string, { ports, maybeMissing }: Sight): string {
  const types = [...ports].map((port) => `import("./${id}.ts").Ports[${JSON.stringify(port)}]`);
  return [...types, ...(maybeMissing || types.length === 0 ? ["undefined"] : [])].join(" | ");
}

function portType(node: PlaybookNode, types: StepTypes, port: string, values: ReadonlyMap<string, string>): string {
  const failure = node.onFailure;
  if (port === "failed" && failure === "port") return "StepFailure";
  const instead = typeof failure === "object" && failure.port === port ? ` | ${jsonType(failure.data)}` : "";
  const schema = types.outputs?.[port] ?? types.outputs?.["*"];
  if (types.passes === "input") return `{ ${[...values].map(([field, type]) => `${JSON.stringify(field)}: ${type}`).join("; ")} }${instead}`;
  if (types.passes) return `${values.get(types.passes.field) ?? UNTYPED}${instead}`;
  return `${schema ? schemaType(schema, { root: schema, isDocumented: true }) : UNTYPED}${instead}`;
}

/** A JSON value's type, as wide as TypeScript would infer it: what a person wrote once is an example, not a promise. */
export function jsonType(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `Array<${value.length === 0 ? UNTYPED : [...new Set(value.map(jsonType))].join(" | ")}>`;
  if (typeof value === "object") return `{ ${Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}: ${jsonType(inner)}`).join("; ")} }`;
  return typeof value;
}

export const varsModule = (document: PlaybookDocument): string =>
  `import type { Untyped } from "./world.d.ts";\nexport declare const vars: ${jsonType(document.vars)};\n`;
