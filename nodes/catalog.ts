/** The registry as JSON for the browser and the API, and the shapes that `checkDocument` needs. Node code never leaves the server. */
import { z } from "zod";
import type { NodeShape } from "#format";
import { type AnyConnection, type AnyNode, type Effect, isSecretField, type NodeUi, type PortsFromList, type RetryPolicy } from "#sdk";
import { connections, nodes, resolveNode, sources } from "./index.ts";

export type JsonSchema = Record<string, unknown>;

export interface CatalogNode {
  type: string;
  version: number;
  ui: NodeUi;
  /** Type of the connection it needs. */
  connection: string | null;
  config: JsonSchema;
  input: JsonSchema;
  requiredInputs: string[];
  /** Fields of any name are taken too (set). */
  anyInput: boolean;
  /** Schema per port; "*" for ports that the config names. */
  outputs: Record<string, JsonSchema>;
  /** Ports with the config's defaults; `portsFrom` is the rule where the config decides. */
  ports: string[];
  portsFrom: PortsFromList | null;
  /** With the config's defaults; `effectBy` lists what one enum setting changes it to. */
  effect: Effect;
  effectBy: { field: string; effects: Record<string, Effect> } | null;
  repeatable: boolean;
  /** Seconds. */
  timeout: number;
  retry: RetryPolicy | null;
  isContainer: boolean;
  endsRun: boolean;
}

export interface CatalogConnection {
  type: string;
  title: string;
  description: string;
  icon: string | null;
  docs: string | null;
  settings: JsonSchema;
  /** Names of the settings that are sealed at rest and never shown. */
  secrets: string[];
}

export interface Catalog {
  nodes: CatalogNode[];
  connections: CatalogConnection[];
  sources: { id: string; title: string }[];
}

const DEFAULT_TIMEOUT = 60;

/** `io: "input"`: what people give, so that a field with a default is not required. Refinements have no JSON form and are left to the server. */
const jsonSchema = (schema: z.ZodType, io: "input" | "output"): JsonSchema => z.toJSONSchema(schema, { io, unrepresentable: "any" }) as JsonSchema;

const outputSchemas = (node: AnyNode): Record<string, JsonSchema> =>
  Object.fromEntries(Object.entries(node.outputs as Record<string, z.ZodType>).map(([port, schema]) => [port, jsonSchema(schema, "output")]));

const requiredInputs = (node: AnyNode): string[] =>
  Object.entries((node.input as z.ZodObject).shape).flatMap(([name, field]) => (field._zod.optin === undefined ? [name] : []));

function anyInput(node: AnyNode): boolean {
  const catchall = (node.input as z.ZodObject)._zod.def.catchall;
  return catchall !== undefined && catchall._zod.def.type !== "never";
}

export function portsOf(node: AnyNode, config: Record<string, unknown>): string[] {
  if (node.ends) return [];
  return node.ports ? node.ports(config) : Object.keys(node.outputs);
}

function effectBy(node: AnyNode): CatalogNode["effectBy"] {
  if (typeof node.effect !== "function") return null;
  const effectOf = node.effect;
  const defaults = defaultConfig(node);
  for (const [field, schema] of Object.entries((node.config as z.ZodObject).shape)) {
    const inner = schema instanceof z.ZodDefault ? schema.unwrap() : schema;
    if (!(inner instanceof z.ZodEnum)) continue;
    const effects = Object.fromEntries(inner.options.map((option) => [String(option), effectOf({ ...defaults, [field]: option })]));
    if (new Set(Object.values(effects)).size > 1) return { field, effects };
  }
  return null;
}

/** The config of a node that was just dropped on the canvas: its defaults, nothing else. */
function defaultConfig(node: AnyNode): Record<string, unknown> {
  const shape = (node.config as z.ZodObject).shape;
  return Object.fromEntries(
    Object.entries(shape).flatMap(([name, field]) => {
      const parsed = field instanceof z.ZodDefault ? (field as z.ZodType).safeParse(undefined) : undefined;
      return parsed?.success ? [[name, parsed.data]] : [];
    }),
  );
}

function describeNode(node: AnyNode): CatalogNode {
  const config = defaultConfig(node);
  return {
    type: node.type,
    version: node.version,
    ui: node.ui,
    connection: node.connection?.type ?? null,
    config: jsonSchema(node.config, "input"),
    input: jsonSchema(node.input, "input"),
    requiredInputs: requiredInputs(node),
    anyInput: anyInput(node),
    outputs: outputSchemas(node),
    ports: portsOf(node, config),
    portsFrom: node.portsFrom ?? null,
    effect: typeof node.effect === "function" ? node.effect(config) : node.effect,
    effectBy: effectBy(node),
    repeatable: node.repeatable ?? false,
    timeout: node.timeout ?? DEFAULT_TIMEOUT,
    retry: node.retry ?? null,
    isContainer: node.container !== undefined,
    endsRun: node.ends !== undefined,
  };
}

function describeConnection(connection: AnyConnection): CatalogConnection {
  const shape = (connection.settings as z.ZodObject).shape as Record<string, z.ZodType>;
  return {
    type: connection.type,
    title: connection.title,
    description: connection.description,
    icon: connection.icon ?? null,
    docs: connection.docs ?? null,
    settings: jsonSchema(connection.settings, "input"),
    secrets: Object.keys(shape).filter((name) => isSecretField(shape[name]!)),
  };
}

let built: Catalog | undefined;

/** Made once per process: the registry does not change while it runs. */
export function catalog(): Catalog {
  return (built ??= {
    nodes: nodes.map(describeNode),
    connections: connections.map(describeConnection),
    sources: sources.map(({ id, title }) => ({ id, title })),
  });
}

const shapes = new Map<AnyNode, NodeShape>();

/** For `checkDocument` and `checkTypes`: the shape of an installed node, config validation included. */
export function shapeOf(type: string, version: number): NodeShape | undefined {
  const node = resolveNode(type, version);
  if (!node) return undefined;
  let shape = shapes.get(node);
  if (!shape) {
    shape = {
      ports: (config) => portsOf(node, config),
      inputFields: Object.keys((node.input as z.ZodObject).shape),
      requiredInputs: requiredInputs(node),
      anyInput: anyInput(node),
      isContainer: node.container !== undefined,
      types: { input: jsonSchema(node.input, "input"), outputs: outputSchemas(node), passes: node.passes, callback: node.callback, container: node.container },
      configIssues: (config) => {
        const parsed = (node.config as z.ZodObject).strict().safeParse(config);
        return parsed.success ? [] : parsed.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message }));
      },
    };
    shapes.set(node, shape);
  }
  return shape;
}
