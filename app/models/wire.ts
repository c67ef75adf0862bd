/**
 * The shapes that the API answers and the pages show: the same objects, snake_case, dates as ISO-8601 UTC strings.
 * Models return these; nothing renames them on the way.
 */
import type { ApprovalKind, ApprovalOutcome } from "#app/approvals/kinds.ts";
import type { FailureRecord as FailureWire } from "#engine/errors.ts";
import type { TraceStep as StepWire } from "#engine/journal/trace.ts";
import type { RunStatus, WaitingOn } from "#engine/status.ts";
import type { PlaybookDocument, PlaybookLayout, PlaybookTrigger } from "#format";
import type { QuestionField } from "#sdk";

export interface Iocs { ips?: string[]; domains?: string[]; hashes?: string[]; urls?: string[]; emails?: string[]; cves?: string[] }

export interface AlertSummary {
  id: string;
  source: string;
  source_id: string | null;
  title: string;
  severity: "critical" | "high" | "medium" | "low" | "info";
  status: string;
  determination: string;
  risk_score: number | null;
  risk_label: string | null;
  source_ip: string | null;
  dest_ip: string | null;
  hostname: string | null;
  username: string | null;
  rule_name: string | null;
  tags: string[];
  partner: string | null;
  techniques: string[];
  assigned_to: string | null;
  assigned_username: string | null;
  duplicate_count: number;
  correlation_id: string;
  observed_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface AlertDetail extends AlertSummary {
  description: string | null;
  rule_id: string | null;
  iocs: Iocs;
  /** Observables that are private, loopback or otherwise internal: shown, never enriched. */
  internal_iocs: Iocs;
  resolved_at: string | null;
  resolve_reason: string | null;
  /** Parsed where it is JSON, else the text. */
  raw_payload: unknown;
  normalized: unknown;
}

export interface AlertEventWire {
  id: string;
  at: string;
  action: string;
  actor: { kind: "user" | "api_key" | "step" | "system"; id: string | null; name: string | null };
  run_id: string | null;
  step_id: string | null;
  /** For changes made by a step: the node's title and playbook, where the run still exists. */
  playbook_name: string | null;
  node_id: string | null;
  detail: string | null;
  data: { field?: string; old?: unknown; new?: unknown } | null;
}

export type OriginKind = "alert" | "manual" | "rerun" | "run" | "schedule" | "webhook" | "run-failed";

export interface RunSummary {
  id: string;
  /** version: null for a test, which executes a draft. */
  playbook: { id: string; slug: string; name: string; version: number | null };
  alert_id: string | null;
  /** Without an alert_id: of a test's pasted payload, which is stored nowhere. */
  alert_title: string | null;
  /** What started it. of: the run that it repeats, that waits for it, or whose failure it handles. */
  origin: { kind: OriginKind; by: string | null; of: string | null };
  correlation_id: string;
  status: RunStatus;
  mode: string;
  waiting_on: WaitingOn | null;
  sequence_id: string | null;
  sequence_position: number | null;
  sequence_total: number | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  duration_ms: number | null;
  error: FailureWire | null;
}

export type { FailureRecord as FailureWire } from "#engine/errors.ts";
export type { TraceAttempt as AttemptWire, TraceStep as StepWire } from "#engine/journal/trace.ts";

/** What a test was asked for. */
export interface TestWire {
  /** The node that ran alone. */
  only: string | null;
  /** The node at which it ended. */
  upto: string | null;
  /** Ids of the nodes whose result was given. */
  pins: string[];
  /** On a pasted payload: `alert_title` is its. */
  is_pasted: boolean;
  by: string;
}

/** A playbook as another record names it. */
export interface PlaybookName {
  id: string;
  slug: string;
  name: string;
}

export interface RunDetail extends RunSummary {
  result: unknown;
  /** The run and its step that started this one and wait for it. */
  parent: { run_id: string; step_id: string; playbook: PlaybookName } | null;
  /** Runs that steps of this one started, oldest first. */
  children: { run_id: string; step_id: string; playbook: PlaybookName; status: RunStatus }[];
  /** Null for every run but a test. */
  test: TestWire | null;
  /** Of a run of mode `backtest`. */
  backtest_id: string | null;
  trigger: unknown;
  steps: StepWire[];
  /** The graph as it was executed. */
  document: PlaybookDocument;
  layout: PlaybookLayout;
  /** What is open: approvals and questions are answered by POST /runs/{id}/reply, decisions by POST /runs/{id}/answer, callbacks from outside. */
  waits: { id: string; step_id: string; kind: string; question: unknown; until: string | null; created_at: string }[];
}

/** What a person is asked: may this be done, a question, or whether a call has happened. */
export interface ApprovalWire {
  /** The wait's. */
  id: string;
  kind: ApprovalKind;
  run: { id: string; status: RunStatus; mode: string };
  /** version: null for a test. version_id: of the graph that runs. */
  playbook: PlaybookName & { version: number | null; version_id: string };
  alert: { id: string; title: string; severity: AlertSummary["severity"] } | null;
  /** item: which iteration of which loops, "" outside of them. */
  step: { id: string; node_id: string; node_type: string; item: string; title: string; effect: string };
  /** The question; else the step's title. */
  title: string;
  /** What to consider. */
  text: string | null;
  /** Of an approval: what the step will be called with, exactly. Of a decision: what it was called with. */
  input: unknown;
  /** Of the step's node, as its author chose them: the same for every run of the version. */
  settings: Record<string, unknown>;
  /** By name; null: the tenant's only (or default) one of the node's type, if it has any. */
  connection: string | null;
  /** Of a decision: how the call failed. */
  failure: string | null;
  choices: { value: string; label: string }[];
  fields: QuestionField[];
  /** Who may answer; null: everybody who may run playbooks. */
  roles: string[] | null;
  asked_at: string;
  /** When it is given up. */
  until: string | null;
  answer: { outcome: ApprovalOutcome; choice: string | null; values: Record<string, unknown>; reason: string | null; by: string | null; at: string } | null;
}

export interface PlaybookSummary {
  id: string;
  slug: string;
  name: string;
  description: string;
  enabled: boolean;
  version: number | null;
  /** Edited since, or never published. */
  has_draft: boolean;
  /** schedule: of one that starts by it, with the next time, where the playbook is on. playbooks: whose failed runs it handles; null: all. */
  trigger: { on: PlaybookTrigger["on"]; source: string; moment: string; schedule: { cron: string; timezone: string; next_at: string | null } | null; playbooks: string[] | null };
  conditions: unknown;
  order: number;
  priority: string;
  node_count: number;
  created_at: string;
  updated_at: string;
  /** Over the last 7 days, live mode. */
  runs: { total: number; failed: number; last_at: string | null };
}

export interface PlaybookDetail extends PlaybookSummary {
  document: PlaybookDocument | null;
  layout: PlaybookLayout;
  files: Record<string, string>;
  versions: { id: string; number: number; content_hash: string; created_at: string; published_by: string | null }[];
  /** What is edited and not published yet. */
  draft: Pick<DraftDetail, "revision" | "differs" | "updated_by" | "updated_at"> | null;
}

/** What the editor opens: the draft, or where there is none the published version. */
export interface DraftDetail {
  playbook_id: string;
  slug: string;
  /** An edit names the revision it was made on. */
  revision: number;
  /** The version that was published when the draft was begun. */
  base_version: number | null;
  /** Another one than `base_version`: somebody published meanwhile. */
  published_version: number | null;
  /** Publishing it would make a new version. */
  differs: boolean;
  document: PlaybookDocument;
  layout: PlaybookLayout;
  files: Record<string, string>;
  updated_by: string | null;
  updated_at: string;
}

export interface VersionSummary {
  id: string;
  number: number;
  content_hash: string;
  created_at: string;
  published_by: string | null;
  is_published: boolean;
  /** Against the version before it, in words. */
  changes: string[];
}

export interface VersionDetail extends Omit<VersionSummary, "changes"> {
  playbook_id: string;
  slug: string;
  document: PlaybookDocument;
  layout: PlaybookLayout;
  files: Record<string, string>;
}

export interface ConnectionWire {
  id: string;
  type: string;
  name: string;
  settings: Record<string, unknown>;
  /** Names of the secret fields that hold a value; never the values. */
  secrets_set: string[];
  allow_private: boolean;
  enabled: boolean;
  /** Steps that may use it at a time; null: any number. */
  max_concurrent: number | null;
  health: string | null;
  health_message: string | null;
  health_at: string | null;
  created_at: string;
  updated_at: string;
}
