/** The trace of a run for people: journal, narrow rows, attempts and open questions, merged into the wire's shape. */
import type { Pool } from "pg";
import type { Json } from "#sdk";
import type { FailureRecord } from "../errors.ts";
import { stepId } from "../ids.ts";
import type { StepStatus, WaitingOn } from "../status.ts";
import { loadOutline } from "./load.ts";
import { fetchPayloads, type PayloadPart } from "./payloads.ts";
import type { StepRecord } from "./records.ts";

export interface TraceAttempt {
  number: number;
  started_at: string;
  finished_at: string | null;
  outcome: string | null;
  error: FailureRecord | null;
  retry_at: string | null;
}

export interface TraceStep {
  id: string;
  node_id: string;
  node_type: string;
  item: string;
  status: StepStatus;
  effect: string;
  port: string | null;
  attempt: number;
  attempts: TraceAttempt[];
  input: unknown;
  output: unknown;
  /** Bytes of an input or output that is only previewed here: `readPayload` gives it whole. */
  apart?: { input?: number; output?: number };
  error: FailureRecord | null;
  ambiguous: boolean;
  /** A test said what the step gave: it was not executed. */
  pinned: boolean;
  waiting_on: WaitingOn | null;
  logs: { level: string; text: string }[];
  started_at: string | null;
  finished_at: string | null;
  duration_ms: number | null;
}

export interface RunTrace {
  steps: TraceStep[];
  trigger: Json;
  alert: Json;
  /** What is open; `until`: when it is given up. */
  waits: { id: string; step_id: string; kind: string; question: Json; until: string | null; created_at: string }[];
}

interface Rows {
  attempts: (Omit<TraceAttempt, "started_at" | "finished_at" | "retry_at"> & { step_id: string; started_at: Date; finished_at: Date | null; retry_at: Date | null })[];
  waits: { id: string; step_id: string; kind: string; question: Json; until: Date | null; created_at: Date }[];
}

/** @returns null for a run that does not exist in this tenant */
export async function readTrace(pool: Pool, tenantId: string, runId: string): Promise<RunTrace | null> {
  const { rowCount } = await pool.query("SELECT FROM runs WHERE id = $1 AND tenant_id = $2", [runId, tenantId]);
  if (rowCount === 0) return null;
  const [journal, attempts, waits] = await Promise.all([
    loadOutline(pool, runId),
    pool.query<Rows["attempts"][number]>("SELECT step_id, number, started_at, finished_at, outcome, error, retry_at FROM attempts WHERE run_id = $1 ORDER BY step_id, number", [runId]),
    pool.query<Rows["waits"][number]>("SELECT id, step_id, kind, question, until, created_at FROM waits WHERE run_id = $1 AND answered_at IS NULL ORDER BY created_at", [runId]),
  ]);
  const byStep = new Map<string, TraceAttempt[]>();
  for (const { step_id, ...row } of attempts.rows) {
    const list = byStep.get(step_id) ?? [];
    list.push({ ...row, started_at: row.started_at.toISOString(), finished_at: row.finished_at?.toISOString() ?? null, retry_at: row.retry_at?.toISOString() ?? null });
    byStep.set(step_id, list);
  }
  return {
    steps: [...journal.steps.values()].map((step) => traceStep(runId, step, byStep)),
    trigger: journal.origin?.trigger ?? null,
    alert: (journal.origin?.alert ?? null) as unknown as Json,
    waits: waits.rows.map((row) => ({ ...row, until: row.until?.toISOString() ?? null, created_at: row.created_at.toISOString() })),
  };
}

/** The whole input or output of a step, however large. @returns null for a run or step that does not exist in this tenant */
export async function readPayload(pool: Pool, { tenantId, runId, stepId: wanted, part }: { tenantId: string; runId: string; stepId: string; part: PayloadPart }): Promise<{ value: Json } | null> {
  const { rowCount } = await pool.query("SELECT FROM runs WHERE id = $1 AND tenant_id = $2", [runId, tenantId]);
  if (rowCount === 0) return null;
  const { steps } = await loadOutline(pool, runId);
  const found = [...steps].find(([, step]) => stepId(runId, step.node, step.item) === wanted);
  if (!found) return null;
  const only = new Map([found]);
  await fetchPayloads(pool, runId, only);
  return { value: only.get(found[0])?.[part] ?? null };
}

function traceStep(runId: string, step: StepRecord, attempts: ReadonlyMap<string, TraceAttempt[]>): TraceStep {
  const id = stepId(runId, step.node, step.item);
  const started = step.startedAt === undefined ? null : new Date(step.startedAt).toISOString();
  const finished = step.finishedAt === undefined ? null : new Date(step.finishedAt).toISOString();
  // A step that succeeded at once has no attempt row: its only attempt is the step itself.
  const only: TraceAttempt[] = started === null || step.pinned ? [] : [{ number: 1, started_at: started, finished_at: finished, outcome: step.status === "success" || step.status === "held" ? step.status : null, error: step.error ?? null, retry_at: null }];
  return {
    id,
    node_id: step.node,
    node_type: step.type,
    item: step.item,
    status: step.status,
    effect: step.effect,
    port: step.port,
    attempt: step.attempt,
    attempts: attempts.get(id) ?? only,
    input: step.input ?? step.apart?.input?.preview ?? null,
    output: step.output ?? step.apart?.output?.preview ?? null,
    ...(step.apart && { apart: { ...(step.apart.input && { input: step.apart.input.size }), ...(step.apart.output && { output: step.apart.output.size }) } }),
    error: step.error ?? null,
    ambiguous: step.ambiguous ?? false,
    pinned: step.pinned ?? false,
    waiting_on: step.waitingOn ?? null,
    logs: step.logs ?? [],
    started_at: started,
    finished_at: finished,
    duration_ms: step.startedAt !== undefined && step.finishedAt !== undefined ? step.finishedAt - step.startedAt : null,
  };
}
