/** The wire shapes as schemas, for the OpenAPI document. TypeScript holds them equal to app/models/wire.ts. */
import { z } from "@hono/zod-openapi";
import { APPROVAL_KINDS, APPROVAL_OUTCOMES } from "#app/approvals/kinds.ts";
import type * as wire from "#app/models/wire.ts";
import type { Accepted } from "#engine/alerts/index.ts";
import { RUN_STATUSES, STEP_STATUSES, type WaitingOn } from "#engine/status.ts";
import { TRIGGER_KINDS } from "#format";
import { FAILURE_KINDS, SEVERITIES } from "#sdk";

const text = z.string().nullable();
const time = z.string().openapi({ format: "date-time" });
const timeOrNull = time.nullable();
const list = z.array(z.string());

const iocs = z.object({ ips: list.optional(), domains: list.optional(), hashes: list.optional(), urls: list.optional(), emails: list.optional(), cves: list.optional() });

const summaryFields = {
  id: z.string(),
  source: z.string(),
  source_id: text,
  title: z.string(),
  severity: z.enum(SEVERITIES),
  status: z.string(),
  determination: z.string(),
  risk_score: z.number().int().nullable(),
  risk_label: text,
  source_ip: text,
  dest_ip: text,
  hostname: text,
  username: text,
  rule_name: text,
  tags: list,
  partner: text,
  techniques: list,
  assigned_to: text,
  assigned_username: text,
  duplicate_count: z.number().int(),
  correlation_id: z.string(),
  observed_at: timeOrNull,
  created_at: time,
  updated_at: time,
};

export const alertSummary: z.ZodType<wire.AlertSummary> = z.object(summaryFields).openapi("AlertSummary");

export const alertDetail: z.ZodType<wire.AlertDetail> = z.object({
  ...summaryFields,
  description: text,
  rule_id: text,
  iocs,
  internal_iocs: iocs,
  resolved_at: timeOrNull,
  resolve_reason: text,
  raw_payload: z.unknown(),
  normalized: z.unknown(),
}).openapi("Alert");

export const alertEvent: z.ZodType<wire.AlertEventWire> = z.object({
  id: z.string(),
  at: time,
  action: z.string(),
  actor: z.object({ kind: z.enum(["user", "api_key", "step", "system"]), id: text, name: text }),
  run_id: text,
  step_id: text,
  playbook_name: text,
  node_id: text,
  detail: text,
  data: z.object({ field: z.string().optional(), old: z.unknown(), new: z.unknown() }).nullable(),
}).openapi("Activity");

/** The answer to a delivery. */
export const accepted: z.ZodType<Accepted & { status: "accepted"; message: string }> = z.object({
  alert_id: z.string(),
  job_id: z.string(),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  duplicate: z.boolean(),
  duplicate_count: z.number().int(),
  playbooks_triggered: list,
  correlation_id: z.string(),
  deferred: z.string().optional().openapi({ description: "Why the runs were queued at low priority; absent where they were not" }),
  status: z.literal("accepted"),
  message: z.string(),
}).openapi("Accepted");

const failure: z.ZodType<wire.FailureWire> = z.object({ kind: z.enum([...FAILURE_KINDS, "cancelled"]), message: z.string(), node_id: z.string().optional(), details: z.record(z.string(), z.unknown()).optional() }).openapi("Failure");

const waitingOn: z.ZodType<WaitingOn> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("worker"), text: z.string() }),
  z.object({ kind: z.literal("sequence"), text: z.string(), run_id: z.string() }),
  z.object({ kind: z.literal("timer"), text: z.string(), until: time, step_id: z.string().optional() }),
  z.object({ kind: z.literal("decision"), text: z.string(), step_id: z.string(), wait_id: z.string() }),
  ...(["approval", "question", "callback"] as const).map((kind) => z.object({ kind: z.literal(kind), text: z.string(), step_id: z.string(), wait_id: z.string(), until: time.optional().openapi({ description: "When it is given up" }) })),
  z.object({ kind: z.literal("run"), text: z.string(), step_id: z.string(), run_id: z.string() }),
  z.object({ kind: z.literal("concurrency"), text: z.string(), step_id: z.string().optional(), until: time.optional().openapi({ description: "When it looks again by itself" }) }),
  z.object({ kind: z.literal("step"), text: z.string(), step_id: z.string().optional() }),
]).openapi("WaitingOn");

const playbookName = z.object({ id: z.string(), slug: z.string(), name: z.string() });

const runFields = {
  id: z.string(),
  playbook: z.object({ id: z.string(), slug: z.string(), name: z.string(), version: z.number().int().nullable().openapi({ description: "null: a draft, executed by a test" }) }),
  alert_id: text,
  alert_title: text,
  origin: z.object({
    kind: z.enum(["alert", "manual", "rerun", "run", "schedule", "webhook", "run-failed"]).openapi({ description: "What started it" }),
    by: text.openapi({ description: "User name" }),
    of: text.openapi({ description: "The run that it repeats, that waits for it, or whose failure it handles" }),
  }),
  correlation_id: z.string(),
  status: z.enum(RUN_STATUSES),
  mode: z.string(),
  waiting_on: waitingOn.nullable(),
  sequence_id: text,
  sequence_position: z.number().int().nullable(),
  sequence_total: z.number().int().nullable(),
  created_at: time,
  started_at: timeOrNull,
  finished_at: timeOrNull,
  duration_ms: z.number().nullable(),
  error: failure.nullable(),
};

export const runSummary: z.ZodType<wire.RunSummary> = z.object(runFields).openapi("RunSummary");

const attempt: z.ZodType<wire.AttemptWire> = z.object({
  number: z.number().int(), started_at: time, finished_at: timeOrNull, outcome: text, error: failure.nullable(), retry_at: timeOrNull,
}).openapi("Attempt");

const step: z.ZodType<wire.StepWire> = z.object({
  id: z.string(),
  node_id: z.string(),
  node_type: z.string(),
  item: z.string(),
  status: z.enum(STEP_STATUSES),
  effect: z.string(),
  port: text,
  attempt: z.number().int(),
  attempts: z.array(attempt),
  input: z.unknown(),
  output: z.unknown(),
  apart: z.object({ input: z.number().int().optional(), output: z.number().int().optional() }).optional().openapi({ description: "Bytes of an input or output that is only previewed here: GET /runs/{id}/steps/{step_id}/payload gives it whole" }),
  error: failure.nullable(),
  ambiguous: z.boolean(),
  pinned: z.boolean().openapi({ description: "A test said what this step gave: it was not executed" }),
  waiting_on: waitingOn.nullable(),
  logs: z.array(z.object({ level: z.string(), text: z.string() })),
  started_at: timeOrNull,
  finished_at: timeOrNull,
  duration_ms: z.number().nullable(),
}).openapi("Step");

/** Described in full by playbooks/format; here it is any JSON object. */
const document = z.custom<wire.RunDetail["document"]>().openapi("PlaybookDocument", { type: "object" });
const layout = z.custom<wire.RunDetail["layout"]>().openapi("PlaybookLayout", { type: "object" });

export const runDetail: z.ZodType<wire.RunDetail> = z.object({
  ...runFields,
  result: z.unknown(),
  parent: z.object({ run_id: z.string(), step_id: z.string(), playbook: playbookName }).nullable().openapi({ description: "The run and step that started this one and wait for it" }),
  children: z.array(z.object({ run_id: z.string(), step_id: z.string(), playbook: playbookName, status: z.enum(RUN_STATUSES) })).openapi({ description: "Runs that its steps started" }),
  test: z.object({ only: text, upto: text, pins: list, is_pasted: z.boolean(), by: z.string() }).nullable(),
  backtest_id: text.openapi({ description: "Of a run of mode `backtest`" }),
  trigger: z.unknown(),
  steps: z.array(step),
  document,
  layout,
  waits: z.array(z.object({ id: z.string(), step_id: z.string(), kind: z.string(), question: z.unknown(), until: timeOrNull, created_at: time })),
}).openapi("Run");

export const approval: z.ZodType<wire.ApprovalWire> = z.object({
  id: z.string().openapi({ description: "wait_id of POST /runs/{id}/reply" }),
  kind: z.enum(APPROVAL_KINDS),
  run: z.object({ id: z.string(), status: z.enum(RUN_STATUSES), mode: z.string() }),
  playbook: playbookName.extend({ version: z.number().int().nullable(), version_id: z.string() }),
  alert: z.object({ id: z.string(), title: z.string(), severity: z.enum(SEVERITIES) }).nullable(),
  step: z.object({ id: z.string(), node_id: z.string(), node_type: z.string(), item: z.string(), title: z.string(), effect: z.string() }),
  title: z.string(),
  text,
  input: z.unknown().openapi({ description: "What the step will be called with, exactly" }),
  settings: z.record(z.string(), z.unknown()),
  connection: text,
  failure: text.openapi({ description: "Of a decision: how the call failed" }),
  choices: z.array(z.object({ value: z.string(), label: z.string() })),
  fields: z.array(z.object({ name: z.string(), label: z.string(), type: z.enum(["text", "number", "boolean", "choice"]), choices: list.optional(), required: z.boolean().optional() })),
  roles: list.nullable().openapi({ description: "Who may answer; null: everybody who may run playbooks" }),
  asked_at: time,
  until: timeOrNull.openapi({ description: "When it is given up" }),
  answer: z.object({ outcome: z.enum(APPROVAL_OUTCOMES), choice: text, values: z.record(z.string(), z.unknown()), reason: text, by: text, at: time }).nullable(),
}).openapi("Approval");

const playbookFields = {
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  version: z.number().int().nullable(),
  has_draft: z.boolean(),
  trigger: z.object({
    on: z.enum(TRIGGER_KINDS), source: z.string(), moment: z.string(),
    schedule: z.object({ cron: z.string(), timezone: z.string(), next_at: timeOrNull.openapi({ description: "null while the playbook is off" }) }).nullable(),
    playbooks: list.nullable().openapi({ description: "Whose failed runs it handles, by slug; null: all" }),
  }),
  conditions: z.unknown(),
  order: z.number().int(),
  priority: z.string(),
  node_count: z.number().int(),
  created_at: time,
  updated_at: time,
  runs: z.object({ total: z.number().int(), failed: z.number().int(), last_at: timeOrNull }),
};

export const playbookSummary: z.ZodType<wire.PlaybookSummary> = z.object(playbookFields).openapi("PlaybookSummary");

export const playbookDetail: z.ZodType<wire.PlaybookDetail> = z.object({
  ...playbookFields,
  document: document.nullable(),
  layout,
  files: z.record(z.string(), z.string()),
  versions: z.array(z.object({ id: z.string(), number: z.number().int(), content_hash: z.string(), created_at: time, published_by: text })),
  draft: z.object({ revision: z.number().int(), differs: z.boolean(), updated_by: text, updated_at: time }).nullable(),
}).openapi("Playbook");

export const draftDetail: z.ZodType<wire.DraftDetail> = z.object({
  playbook_id: z.string(),
  slug: z.string(),
  revision: z.number().int(),
  base_version: z.number().int().nullable(),
  published_version: z.number().int().nullable(),
  differs: z.boolean(),
  document,
  layout,
  files: z.record(z.string(), z.string()),
  updated_by: text,
  updated_at: time,
}).openapi("Draft");

const versionFields = { id: z.string(), number: z.number().int(), content_hash: z.string(), created_at: time, published_by: text, is_published: z.boolean() };

export const versionSummary: z.ZodType<wire.VersionSummary> = z.object({ ...versionFields, changes: list }).openapi("VersionSummary");

export const versionDetail: z.ZodType<wire.VersionDetail> = z.object({ ...versionFields, playbook_id: z.string(), slug: z.string(), document, layout, files: z.record(z.string(), z.string()) }).openapi("Version");

/** The answer to publishing. */
export const published = z.object({
  playbook_id: z.string(),
  slug: z.string(),
  version: z.number().int(),
  version_id: z.string(),
  content_hash: z.string(),
  unchanged: z.boolean(),
  warnings: z.array(z.object({ severity: z.enum(["error", "warning"]), code: z.string(), message: z.string(), node: z.string().optional(), edge: z.string().optional(), field: z.string().optional(), file: z.string().optional(), line: z.number().int().optional() })),
}).openapi("Published");

export const connection: z.ZodType<wire.ConnectionWire> = z.object({
  id: z.string(),
  type: z.string(),
  name: z.string(),
  settings: z.record(z.string(), z.unknown()),
  secrets_set: list,
  allow_private: z.boolean(),
  enabled: z.boolean(),
  max_concurrent: z.number().int().nullable().openapi({ description: "Steps that may use it at a time; null: any number" }),
  health: text,
  health_message: text,
  health_at: timeOrNull,
  created_at: time,
  updated_at: time,
}).openapi("Connection");

export const analyst = z.object({
  id: z.string(),
  username: z.string(),
  display_name: z.string(),
  email: text,
  role: z.string(),
  is_active: z.boolean(),
  created_at: time,
}).openapi("Analyst");
