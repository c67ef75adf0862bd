/** What live runs of the same playbook for the same alert have seen: the reads they made, and what people said to them. */
import type { Pool } from "pg";
import type { Answer, Json } from "#sdk";
import { inputHash } from "../bind.ts";
import type { FailureRecord } from "../errors.ts";
import { stepId } from "../ids.ts";
import { stepKey } from "../item-path.ts";
import { loadJournal } from "../journal/load.ts";
import type { RunOrigin, StepRecord } from "../journal/records.ts";

/** What a read gave, or how it failed. */
export interface RecordedRead {
  /** The run that made it. */
  runId: string;
  port: string | null;
  output: Json;
  /** Of a read that failed. */
  error: FailureRecord | null;
}

export interface RecordedAnswer {
  by: string;
  at: string;
  /** null: nobody answered in time. */
  value: Answer | null;
}

export interface Recordings {
  /** What the newest of the runs started from: the alert as it was then. */
  origin: RunOrigin | null;
  /** By `readKey`, and by it with the step's place. */
  reads: ReadonlyMap<string, RecordedRead>;
  /** By the step's key. */
  answers: ReadonlyMap<string, RecordedAnswer>;
}

/** What a read is found again by. */
export interface ReadIdentity {
  type: string;
  /** Key of the step. A loop that asks the same again and again was answered differently each time. */
  place: string;
  /** Of the step: connection apart, everything that its settings, literals and expressions say. */
  inputHash: string;
  /** Where code computes a part of it: its answer depends on the code, and on what the code was given. */
  code?: { node: string; files: string; given: Json };
}

/** The same read anywhere in the playbook. */
export const readKey = ({ type, inputHash: hash, code }: Omit<ReadIdentity, "place">): string => (code ? `${type} ${hash} ${code.node} ${code.files} ${inputHash(code.given)}` : `${type} ${hash}`);

/** The same read at the same place. */
export const placedKey = (read: ReadIdentity): string => `${readKey(read)} at ${read.place}`;

/** Older ones are the answers of a world that has passed. */
const NEWEST_RUNS = 5;

/** A run that a step started has no alert where it was not handed one: its own is the one of the run above it. */
const LIVE_RUNS = `
WITH RECURSIVE above AS (
  SELECT id, parent_run_id, alert_id FROM runs WHERE id = $1 AND tenant_id = $2
  UNION ALL SELECT r.id, r.parent_run_id, r.alert_id FROM runs r JOIN above a ON r.id = a.parent_run_id WHERE r.tenant_id = $2
), live AS (
  SELECT r.id, r.playbook_id, r.version_id, r.created_at FROM runs r
  WHERE r.tenant_id = $2 AND r.mode = 'live' AND r.alert_id IN (SELECT alert_id FROM above WHERE alert_id IS NOT NULL)
  UNION SELECT r.id, r.playbook_id, r.version_id, r.created_at FROM runs r JOIN live l ON r.parent_run_id = l.id WHERE r.tenant_id = $2 AND r.mode = 'live'
)
SELECT l.id, v.document, md5(v.files::text) AS files FROM live l JOIN playbook_versions v ON v.id = l.version_id
WHERE l.playbook_id = $3 ORDER BY l.created_at DESC, l.id DESC LIMIT ${NEWEST_RUNS}`;

interface LiveRun {
  id: string;
  document: { nodes: { id: string; input?: Record<string, object> }[] };
  files: string;
}

interface AnsweredWait {
  run_id: string;
  step_id: string;
  answer: Partial<Answer> | { timed_out: true };
  answered_by: { name?: string } | null;
  answered_at: Date;
}

/** The newest record of a key counts, a read that succeeded before one that failed. */
export async function loadRecordings(pool: Pool, run: { id: string; tenant_id: string; playbook_id: string }): Promise<Recordings> {
  const { rows: runs } = await pool.query<LiveRun>({ name: "recorded-runs", text: LIVE_RUNS, values: [run.id, run.tenant_id, run.playbook_id] });
  const { rows: waits } = await pool.query<AnsweredWait>(
    "SELECT run_id, step_id, answer, answered_by, answered_at FROM waits WHERE run_id = ANY($1::uuid[]) AND kind IN ('approval', 'question') AND answered_at IS NOT NULL AND NOT answer ? 'withdrawn' ORDER BY answered_at DESC",
    [runs.map(({ id }) => id)],
  );
  const reads = new Map<string, RecordedRead>();
  const answers = new Map<string, RecordedAnswer>();
  let origin: RunOrigin | null = null;
  for (const live of runs) {
    const journal = await loadJournal(pool, live.id);
    origin ??= journal.origin;
    const coded = new Set(live.document.nodes.filter(({ input }) => Object.values(input ?? {}).some((binding) => "file" in binding)).map(({ id }) => id));
    for (const step of journal.steps.values()) {
      const read = recordedRead(live.id, step);
      if (!read) continue;
      const identity: ReadIdentity = {
        type: step.type, place: stepKey(step.node, step.item), inputHash: step.inputHash!,
        ...(coded.has(step.node) ? { code: { node: step.node, files: live.files, given: step.input ?? null } } : {}),
      };
      for (const key of [readKey(identity), placedKey(identity)]) {
        const known = reads.get(key);
        // Later in the same run is newer.
        if (!known || (known.error ? !read.error || known.runId === live.id : !read.error && known.runId === live.id)) reads.set(key, read);
      }
    }
    const keys = new Map([...journal.steps.values()].map(({ node, item }) => [stepId(live.id, node, item), stepKey(node, item)]));
    for (const wait of waits) {
      const key = wait.run_id === live.id ? keys.get(wait.step_id) : undefined;
      if (key !== undefined && !answers.has(key)) answers.set(key, recordedAnswer(wait));
    }
  }
  return { origin, reads, answers };
}

function recordedRead(runId: string, step: StepRecord): RecordedRead | null {
  if (step.effect !== "read" || step.inputHash === undefined || step.pinned) return null;
  if (step.status === "success") return { runId, port: step.port, output: step.output ?? null, error: null };
  return step.status === "failed" && step.error ? { runId, port: null, output: null, error: step.error } : null;
}

function recordedAnswer({ answer, answered_by, answered_at }: AnsweredWait): RecordedAnswer {
  const value = "timed_out" in answer ? null : { choice: answer.choice ?? null, values: answer.values ?? {}, reason: answer.reason ?? null };
  return { by: answered_by?.name ?? "somebody", at: answered_at.toISOString(), value };
}
