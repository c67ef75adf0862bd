import { z } from "zod";
import { migrateDocument } from "./migrations.ts";
import { slugSchema, triggerSchema } from "./trigger.ts";

/** Number of this shape; migrations.ts lifts older documents to it. */
export const CURRENT_FORMAT = 1;

/** Ids are identifiers, so that `steps.<id>` is valid TypeScript. */
export const nodeIdPattern = /^[a-z][a-zA-Z0-9_]{0,62}$/;
export const nodeIdSchema = z.string().regex(nodeIdPattern, "an id starts with a lower-case letter and holds letters, digits and _ (at most 63)");

export const codeFilePath = z.string().max(100).regex(/^code\/[a-z0-9][a-z0-9-]*\.ts$/, "a code file is code/<kebab-case>.ts");

/** How a field gets its value: a literal, a TypeScript expression over the scope, or the default export of a file called with it. */
export const bindingSchema = z.union([
  z.strictObject({ value: z.json() }),
  z.strictObject({ expr: z.string().min(1).max(20_000) }),
  z.strictObject({ file: codeFilePath }),
]);
export type Binding = z.infer<typeof bindingSchema>;

export const onFailureSchema = z.union([
  z.literal("fail"),
  /** Leave by the port `failed`, whose data is {kind, message, attempts}. */
  z.literal("port"),
  /** Go on by `port` as if the node had returned `data`. */
  z.strictObject({ port: z.string(), data: z.json() }),
]);

export const retrySchema = z.strictObject({
  attempts: z.number().int().min(1).max(10),
  backoff: z.enum(["exponential", "fixed"]).default("exponential"),
  base: z.number().min(0).max(3600).default(1),
  max: z.number().min(0).max(86_400).default(60),
  jitter: z.boolean().default(true),
});

/** Asked before the step does anything, with its input as it will be used. */
export const approvalSchema = z.strictObject({
  /** What the person should consider. */
  text: z.string().max(2000).optional(),
  /** Roles whose users may decide; absent: everybody who may run playbooks. */
  roles: z.array(z.string().min(1).max(60)).min(1).max(20).optional(),
  /** Refused when nobody has decided after so many seconds. */
  timeout: z.number().positive().max(90 * 86_400).optional(),
});

export const playbookNodeSchema = z.strictObject({
  id: nodeIdSchema,
  type: z.string().regex(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/),
  version: z.number().int().min(1).default(1),
  /** What people read; never a key. */
  title: z.string().max(120).optional(),
  note: z.string().max(2000).optional(),
  /** The container (each, repeat) whose body this node belongs to. */
  in: nodeIdSchema.optional(),
  config: z.record(z.string(), z.json()).default({}),
  input: z.record(z.string(), bindingSchema).default({}),
  /** Name of the connection to use; absent means the tenant's only (or default) one of the node's type. */
  connection: z.string().max(100).optional(),
  /** When a node with several incoming edges may run (DESIGN 5.2). Default: all settled and at least one fired. */
  join: z.union([z.literal("all"), z.literal("any"), z.strictObject({ first: z.number().int().min(1) })]).optional(),
  /** Of a repeat container: evaluated after each round, with the steps of that round; true ends it. */
  until: bindingSchema.optional(),
  approval: approvalSchema.optional(),
  onFailure: onFailureSchema.default("fail"),
  retry: retrySchema.optional(),
  /** Seconds. */
  timeout: z.number().positive().max(86_400).optional(),
});
export type PlaybookNode = z.infer<typeof playbookNodeSchema>;

export const playbookEdgeSchema = z.strictObject({
  id: z.string().min(1).max(64),
  /** `trigger` is the graph's entry and has one port, `out`. */
  from: z.union([nodeIdSchema, z.literal("trigger")]),
  port: z.string().min(1).max(64).default("out"),
  to: nodeIdSchema,
});
export type PlaybookEdge = z.infer<typeof playbookEdgeSchema>;

export const documentSchema = z.strictObject({
  format: z.literal(CURRENT_FORMAT),
  name: z.string().min(1).max(100),
  description: z.string().max(4000).default(""),
  trigger: triggerSchema.prefault({}),
  /** Slug of the playbook that starts when a run of this one fails. */
  onRunFailed: slugSchema.optional(),
  /** Runs at work at a time; who comes later waits in line. Absent: any number. */
  concurrency: z.number().int().min(1).max(1000).optional(),
  vars: z.record(nodeIdSchema, z.json()).default({}),
  nodes: z.array(playbookNodeSchema).max(2000),
  edges: z.array(playbookEdgeSchema).max(8000),
});
export type PlaybookDocument = z.infer<typeof documentSchema>;

/** Where a card's top left corner lies, in the picture's units. */
export const positionSchema = z.strictObject({ x: z.number(), y: z.number() });

/** Kept beside the document, so that moving a box never touches what runs. */
export const layoutSchema = z.strictObject({
  positions: z.record(z.string(), positionSchema).default({}),
});
export type PlaybookLayout = z.infer<typeof layoutSchema>;

/** Lifts, validates and types a stored document. @throws ZodError with the paths that are wrong. */
export function parseDocument(input: unknown): PlaybookDocument {
  return documentSchema.parse(migrateDocument(input));
}
