/**
 * Every edit of a draft is one of these: plain data that the browser applies at once, sends to the server and keeps as its undo entry.
 * `applyOperation` (apply-operation.ts) is the one place that knows what they do.
 */
import { z } from "zod";
import { bindingSchema, codeFilePath, documentSchema, nodeIdSchema, type PlaybookDocument, type PlaybookLayout, playbookEdgeSchema, playbookNodeSchema, positionSchema } from "./schema.ts";
import { triggerSchema } from "./trigger.ts";

/** What is edited: a playbook's document, its layout and its code files ({"code/score.ts": source}). */
export interface Draft {
  document: PlaybookDocument;
  layout: PlaybookLayout;
  files: Readonly<Record<string, string>>;
}

export const TRIGGER_ID = "trigger";

/** Of one file; the draft's files together are limited where they are stored. */
export const MAX_FILE_LENGTH = 200_000;

const index = z.number().int().min(0);
/** A record that is parsed loses an entry of this name. */
const fieldName = z.string().min(1).max(100).refine((name) => name !== "__proto__", "a field cannot be called __proto__");
const { title, note, in: container, connection, join, until, approval, onFailure, retry, timeout } = playbookNodeSchema.shape;
const { on, source, moment, conditions, schedule, webhook, form, playbooks, order, priority, onDuplicate } = triggerSchema.shape;

/** What of a node one may set, null to leave it out. Its input and config are set field by field, its type never changes. */
const nodeChanges = z.strictObject({
  title: title.nullable(),
  note: note.nullable(),
  in: container.nullable(),
  version: z.number().int().min(1).optional(),
  connection: connection.nullable(),
  join: join.nullable(),
  until: until.nullable(),
  approval: approval.nullable(),
  onFailure: onFailure.unwrap().optional(),
  retry: retry.nullable(),
  timeout: timeout.nullable(),
});
export type NodeChanges = z.infer<typeof nodeChanges>;

/** As of a node: null leaves a part out. */
const triggerChanges = z.strictObject({
  on: on.unwrap().optional(),
  source: source.unwrap().optional(),
  moment: moment.unwrap().optional(),
  conditions: conditions.nullable(),
  schedule: schedule.nullable(),
  webhook: webhook.nullable(),
  form: form.nullable(),
  playbooks: playbooks.nullable(),
  order: order.unwrap().optional(),
  priority: priority.unwrap().optional(),
  onDuplicate: onDuplicate.unwrap().optional(),
});
export type TriggerChanges = z.infer<typeof triggerChanges>;

const detailChanges = z.strictObject({
  name: documentSchema.shape.name.optional(),
  description: documentSchema.shape.description.unwrap().optional(),
  onRunFailed: documentSchema.shape.onRunFailed.nullable(),
  concurrency: documentSchema.shape.concurrency.nullable(),
});

export const operationSchema = z.discriminatedUnion("op", [
  /** `at`: place in the document's list, so that undoing a removal changes no line of a diff. Absent: last. */
  z.strictObject({ op: z.literal("add-node"), node: playbookNodeSchema, position: positionSchema.optional(), at: index.optional() }),
  /** Its edges, and the nodes of its body, are removed before it, each by an operation of its own. */
  z.strictObject({ op: z.literal("remove-node"), id: nodeIdSchema }),
  z.strictObject({ op: z.literal("rename-node"), id: nodeIdSchema, to: nodeIdSchema }),
  z.strictObject({ op: z.literal("set-node"), id: nodeIdSchema, changes: nodeChanges }),
  /** Without a value the field is left to its default. */
  z.strictObject({ op: z.literal("set-config"), id: nodeIdSchema, field: fieldName, value: z.json().optional() }),
  /** Without a binding the field has no value. */
  z.strictObject({ op: z.literal("set-input"), id: nodeIdSchema, field: fieldName, binding: bindingSchema.optional() }),
  z.strictObject({ op: z.literal("add-edge"), edge: playbookEdgeSchema, at: index.optional() }),
  z.strictObject({ op: z.literal("remove-edge"), id: playbookEdgeSchema.shape.id }),
  z.strictObject({ op: z.literal("set-trigger"), changes: triggerChanges }),
  z.strictObject({ op: z.literal("set-details"), changes: detailChanges }),
  /** Without a value the variable is removed. */
  z.strictObject({ op: z.literal("set-var"), name: nodeIdSchema, value: z.json().optional() }),
  /** Node id, or "trigger" → place; null forgets it. */
  z.strictObject({ op: z.literal("move"), positions: z.record(z.string(), positionSchema.nullable()) }),
  /** Without a text the file is removed. */
  z.strictObject({ op: z.literal("write-file"), path: codeFilePath, text: z.string().max(MAX_FILE_LENGTH).optional() }),
]);
export type Operation = z.infer<typeof operationSchema>;
