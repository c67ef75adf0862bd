/** What the web process may ask of the engine. Every call names its tenant; nothing here runs a step. */
import type { Pool, PoolClient } from "pg";
import { type BacktestRequest, type BacktestResult, cancelBacktest, startBacktest } from "./backtest/start.ts";
import { type FieldFault, startInput } from "#format";
import type { Answer, Json, Question } from "#sdk";
import type { Callbacks } from "./callbacks.ts";
import { notifyChanges } from "./events.ts";
import { type HookRequest, type HookResult, receiveHook } from "./hooks.ts";
import { findPlaybook } from "./playbooks.ts";
import { uuidv7 } from "./ids.ts";
import { jsonbText } from "./jsonb.ts";
import { appendInbox, type Decision } from "./journal/inbox.ts";
import type { PayloadPart } from "./journal/payloads.ts";
import { readPayload, readTrace, type RunTrace } from "./journal/trace.ts";
import { previewRerun, rerun, type RerunPreview, type RerunRefusal, type RerunRequest, type RerunResult } from "./repeat-run.ts";
import { checkAnswer } from "./questions.ts";
import { insertRuns, type NewRun, PRIORITIES } from "./queue.ts";
import type { TestOptions } from "./test-options.ts";

export interface Actor {
  id: string | null;
  name: string;
}

export interface StartRequest {
  tenantId: string;
  playbookId: string;
  alertId?: string | null;
  input?: unknown;
  actor: Actor;
}

export interface TestRequest {
  tenantId: string;
  playbookId: string;
  /** The snapshot of the draft, or a published version. */
  versionId: string;
  /** A stored alert. A pasted one is in the options, with its payload as `input`. */
  alertId?: string | null;
  input?: unknown;
  options: TestOptions;
  actor: Actor;
}

export interface AnswerRequest {
  tenantId: string;
  runId: string;
  /** The open wait, or its step. */
  waitId?: string;
  stepId?: string;
  decision: Decision;
  /** What the call would have returned, for `happened`; later steps see it as the step's output. */
  data?: Json;
  /** Required to repeat a containment. */
  reason?: string | null;
  actor: Actor;
}

export interface ReplyRequest {
  tenantId: string;
  runId: string;
  waitId: string;
  /** Of who answers: an approval or a question may be for some roles alone. */
  role: string;
  value: Answer;
  actor: Actor;
}

export type ReplyResult = "answered" | "already-answered" | "not-found" | "not-for-you" | { invalid: { field: string; message: string }[] };

/** `finished`: the run has ended without it. */
export type CallbackResult = "accepted" | "used" | "finished" | "not-found";

export type StartResult = { runId: string } | { error: "playbook-not-found" | "alert-not-found" | "not-published" | "disabled" } | { error: "invalid"; wrong: FieldFault[] };
export type TestResult = { runId: string } | { error: "version-not-found" | "alert-not-found" };
export type AnswerResult = "answered" | "already-answered" | "not-found" | "reason-required";

export interface Engine {
  /** Starts a run of the published version, by hand. */
  start(request: StartRequest): Promise<StartResult>;
  /** Executes a draft with every write held back. Also of a disabled playbook: nothing comes of it. */
  test(request: TestRequest): Promise<TestResult>;
  /** Runs a draft and the published version over the same alerts, with nothing changed outside. */
  backtest(request: BacktestRequest): Promise<BacktestResult>;
  /** Nothing of it begins any more, and what is under way is cancelled. */
  cancelBacktest(request: { tenantId: string; backtestId: string }): Promise<"cancelling" | "already-finished" | "not-found">;
  cancel(request: { tenantId: string; runId: string; actor: Actor; reason?: string | null }): Promise<"cancelling" | "already-finished" | "not-found">;
  /** The same trigger again, as a run of its own: from the start or from the middle. A test is repeated as the same test. */
  rerun(request: RerunRequest): Promise<RerunResult>;
  /** What `rerun` would take over and do anew, and which calls that happened it comes to again. */
  previewRerun(request: Omit<RerunRequest, "actor" | "reason">): Promise<RerunPreview | { error: RerunRefusal }>;
  /** Decides about a call of which nobody knows whether it happened. */
  answer(request: AnswerRequest): Promise<AnswerResult>;
  /** Allows or refuses a step, or answers a question. The first answer counts. */
  reply(request: ReplyRequest): Promise<ReplyResult>;
  /** The outside answers a step at its address, which is used up by that. */
  callback(request: { runId: string; stepId: string; mac: string; body: Json }): Promise<CallbackResult>;
  /** The outside starts a playbook at its own address. */
  hook(request: HookRequest): Promise<HookResult>;
  readTrace(request: { tenantId: string; runId: string }): Promise<RunTrace | null>;
  /** What a step was given or gave, whole: the trace only previews what is large. */
  readPayload(request: { tenantId: string; runId: string; stepId: string; part: PayloadPart }): Promise<{ value: Json } | null>;
}

/** Somebody is looking at the screen. */
const WATCHED = PRIORITIES.high;

export function createEngine({ pool, callbacks }: { pool: Pool; callbacks: Callbacks }): Engine {
  return {
    start: (request) => inTransaction(pool, (client) => start(client, request)),
    test: (request) => inTransaction(pool, (client) => test(client, request)),
    backtest: (request) => inTransaction(pool, (client) => startBacktest(client, request)),
    cancelBacktest: (request) => inTransaction(pool, (client) => cancelBacktest(client, request)),
    cancel: (request) => inTransaction(pool, (client) => cancel(client, request)),
    rerun: (request) => inTransaction(pool, (client) => rerun(client, request)),
    previewRerun: (request) => inTransaction(pool, (client) => previewRerun(client, request)),
    answer: (request) => inTransaction(pool, (client) => answer(client, request)),
    reply: (request) => inTransaction(pool, (client) => reply(client, request)),
    async callback(request) {
      return callbacks.isGenuine(request.runId, request.stepId, request.mac) ? inTransaction(pool, (client) => callback(client, request)) : "not-found";
    },
    hook: (request) => inTransaction(pool, (client) => receiveHook(client, request)),
    readTrace: ({ tenantId, runId }) => readTrace(pool, tenantId, runId),
    readPayload: (request) => readPayload(pool, request),
  };
}

async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await client.query("COMMIT");
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function insertOne(client: PoolClient, run: NewRun): Promise<{ runId: string }> {
  await insertRuns(client, [run]);
  // A test changes nothing about its alert.
  await notifyChanges(client, [{ tenantId: run.tenantId, runs: [run.id], ...(run.alertId && run.mode === "live" ? { alerts: [run.alertId] } : {}) }]);
  return { runId: run.id };
}

async function start(client: PoolClient, { tenantId, playbookId, alertId, input, actor }: StartRequest): Promise<StartResult> {
  const playbook = await findPlaybook(client, tenantId, { id: playbookId });
  if (!playbook) return { error: "playbook-not-found" };
  if (!playbook.versionId) return { error: "not-published" };
  if (!playbook.enabled) return { error: "disabled" };
  const started = startInput(playbook.trigger, input, new Date());
  if (!started.ok) return { error: "invalid", wrong: started.wrong };
  const correlationId = await correlationOf(client, tenantId, alertId);
  if (correlationId === null) return { error: "alert-not-found" };
  return insertOne(client, {
    id: uuidv7(), tenantId, playbookId, versionId: playbook.versionId, alertId: alertId ?? null, correlationId, mode: "live",
    priority: WATCHED, sequence: null, origin: { kind: "manual", by: actor.name }, input: started.input,
  });
}

/** Of the alert, or a new one where there is none. @returns null when the alert does not exist in this tenant */
async function correlationOf(client: PoolClient, tenantId: string, alertId: string | null | undefined): Promise<string | null> {
  if (!alertId) return uuidv7();
  const { rows } = await client.query<{ correlation_id: string }>("SELECT correlation_id FROM alerts WHERE id = $1 AND tenant_id = $2", [alertId, tenantId]);
  return rows[0]?.correlation_id ?? null;
}

async function test(client: PoolClient, { tenantId, playbookId, versionId, alertId, input, options, actor }: TestRequest): Promise<TestResult> {
  const { rowCount } = await client.query("SELECT FROM playbook_versions WHERE id = $1 AND playbook_id = $2 AND tenant_id = $3", [versionId, playbookId, tenantId]);
  if (rowCount === 0) return { error: "version-not-found" };
  const correlationId = options.alert?.correlation_id ?? (await correlationOf(client, tenantId, alertId));
  if (correlationId === null) return { error: "alert-not-found" };
  return insertOne(client, {
    id: uuidv7(), tenantId, playbookId, versionId, alertId: options.alert ? null : (alertId ?? null), correlationId, mode: "test",
    priority: WATCHED, sequence: null, origin: { kind: "manual", by: actor.name }, input: input ?? null, test: options,
  });
}

async function cancel(client: PoolClient, { tenantId, runId, actor, reason }: Parameters<Engine["cancel"]>[0]): ReturnType<Engine["cancel"]> {
  if (await appendInbox(client, tenantId, runId, { kind: "cancel", actor, reason: reason ?? null })) return "cancelling";
  const { rowCount } = await client.query("SELECT FROM runs WHERE id = $1 AND tenant_id = $2", [runId, tenantId]);
  return rowCount ? "already-finished" : "not-found";
}

/** The first answer counts; the wait's row decides who was first. A finished run is not changed, but the answer is kept. */
async function answer(client: PoolClient, { tenantId, runId, waitId, stepId, decision, data, reason, actor }: AnswerRequest): Promise<AnswerResult> {
  const { rows } = await client.query<{ id: string; step_id: string; answered_at: Date | null; effect: string | null }>(
    `SELECT w.id, w.step_id, w.answered_at, w.question->>'effect' AS effect FROM waits w
     WHERE w.run_id = $1 AND w.tenant_id = $2 AND w.kind = 'decision' AND ($3::uuid IS NULL OR w.id = $3) AND ($4::uuid IS NULL OR w.step_id = $4)
     ORDER BY w.answered_at IS NOT NULL, w.created_at LIMIT 1 FOR UPDATE`,
    [runId, tenantId, waitId ?? null, stepId ?? null],
  );
  const wait = rows[0];
  if (!wait) return "not-found";
  if (wait.answered_at) return "already-answered";
  if (decision === "again" && wait.effect === "contain" && !reason?.trim()) return "reason-required";
  const body = { decision, data: data ?? null, reason: reason ?? null };
  await client.query("UPDATE waits SET answer = $2, answered_by = $3, answered_at = now() WHERE id = $1", [wait.id, jsonbText(body), jsonbText(actor)]);
  await appendInbox(client, tenantId, runId, { kind: "answer", waitId: wait.id, stepId: wait.step_id, decision, data: data ?? null, reason: reason ?? null, actor });
  return "answered";
}

async function reply(client: PoolClient, { tenantId, runId, waitId, role, value, actor }: ReplyRequest): Promise<ReplyResult> {
  const { rows } = await client.query<{ step_id: string; answered_at: Date | null; question: Question }>(
    "SELECT step_id, answered_at, question FROM waits WHERE id = $1 AND run_id = $2 AND tenant_id = $3 AND kind IN ('approval', 'question') FOR UPDATE",
    [waitId, runId, tenantId],
  );
  const wait = rows[0];
  if (!wait) return "not-found";
  if (wait.answered_at) return "already-answered";
  if (wait.question.roles && !wait.question.roles.includes(role)) return "not-for-you";
  const invalid = checkAnswer(wait.question, value);
  if (invalid.length > 0) return { invalid };
  const at = new Date().toISOString();
  await client.query("UPDATE waits SET answer = $2, answered_by = $3, answered_at = now() WHERE id = $1", [waitId, jsonbText(value), jsonbText(actor)]);
  // A run that has ended meanwhile keeps the answer and does nothing with it.
  await appendInbox(client, tenantId, runId, { kind: "reply", waitId, stepId: wait.step_id, value, actor, at });
  return "answered";
}

/** Who knows the address needs no tenant: it is of one step of one run. */
async function callback(client: PoolClient, { runId, stepId, body }: { runId: string; stepId: string; body: Json }): Promise<CallbackResult> {
  const { rows } = await client.query<{ tenant_id: string }>("SELECT tenant_id FROM runs WHERE id = $1 FOR NO KEY UPDATE", [runId]);
  if (!rows[0]) return "not-found";
  const { rowCount } = await client.query("SELECT FROM inbox WHERE run_id = $1 AND kind = 'callback' AND body->>'stepId' = $2", [runId, stepId]);
  if (rowCount) return "used";
  return (await appendInbox(client, rows[0].tenant_id, runId, { kind: "callback", stepId, body })) ? "accepted" : "finished";
}
