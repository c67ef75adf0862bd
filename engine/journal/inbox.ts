/** What the outside says to a run. Anybody may append; only the run's owner reads. */
import type { ClientBase, Pool } from "pg";
import type { Answer, Json } from "#sdk";
import type { FailureRecord } from "../errors.ts";
import { INBOX_CHANNEL, notifyChanges } from "../events.ts";
import { jsonbText } from "../jsonb.ts";
import { addRunJobs, NUDGE_PRIORITY } from "../queue.ts";
import { encode } from "./codec.ts";
import type { LateReceipt } from "./load.ts";

export interface InboxActor {
  id: string | null;
  name: string;
}

export const DECISIONS = ["happened", "again", "fail"] as const;
export type Decision = (typeof DECISIONS)[number];

export type InboxMessage =
  | { kind: "cancel"; actor: InboxActor; reason: string | null }
  | { kind: "answer"; waitId: string; stepId: string; decision: Decision; data: Json; reason: string | null; actor: InboxActor }
  /** To an approval or a question. */
  | { kind: "reply"; waitId: string; stepId: string; value: Answer; actor: InboxActor; at: string }
  /** Kept until the step waits for it: the outside may be faster than the run. */
  | { kind: "callback"; stepId: string; body: Json }
  /** A run that a step of this one started has ended. */
  | { kind: "run-ended"; stepId: string; runId: string; status: "success" | "failed" | "cancelled"; result: Json; error: FailureRecord | null }
  /** The connection that a step waits for has room for it. */
  | { kind: "place-free"; stepId: string }
  /** The receipt itself lies with the step. */
  | { kind: "late-receipt"; stepId: string };

export interface InboxItem {
  seq: number;
  message: InboxMessage;
}

/**
 * Appends in the caller's transaction and makes sure that somebody looks: the owner hears the notification, and where
 * there is no owner the job starts one. @returns false for a run that is unknown or finished.
 */
export async function appendInbox(client: ClientBase, tenantId: string, runId: string, message: InboxMessage): Promise<boolean> {
  const { rows } = await client.query<{ epoch: number; has_turn: boolean }>(
    `WITH r AS (
       UPDATE runs SET inbox_seq = inbox_seq + 1, status = CASE WHEN $4 THEN 'cancelling' ELSE status END
       WHERE id = $1 AND tenant_id = $2 AND status IN ('pending', 'running', 'waiting', 'cancelling')
       RETURNING id, tenant_id, inbox_seq, epoch, status <> 'pending' OR COALESCE(waiting_on ->> 'kind', '') NOT IN ('sequence', 'concurrency') AS has_turn
     ), i AS (
       INSERT INTO inbox (run_id, seq, tenant_id, kind, body) SELECT id, inbox_seq, tenant_id, $5, $3::jsonb FROM r
     )
     SELECT epoch, has_turn FROM r`,
    [runId, tenantId, jsonbText(message), message.kind === "cancel", message.kind],
  );
  const row = rows[0];
  if (!row) return false;
  // What is said to a run before its turn is read when it begins; but for a cancel (its status is no longer `pending`) it does not begin for that.
  if (row.has_turn) await addRunJobs(client, [{ runId, epoch: row.epoch, priority: NUDGE_PRIORITY }]);
  await client.query(`SELECT pg_notify('${INBOX_CHANNEL}', $1)`, [runId]);
  await notifyChanges(client, [{ tenantId, runs: [runId] }]);
  return true;
}

/** Items after `seen`, oldest first. */
export async function readInbox(db: Pool, runId: string, seen: number): Promise<InboxItem[]> {
  const { rows } = await db.query<{ seq: number; body: InboxMessage }>({
    name: "read-inbox",
    text: "SELECT seq, body FROM inbox WHERE run_id = $1 AND seq > $2 ORDER BY seq",
    values: [runId, seen],
  });
  return rows.map((row) => ({ seq: row.seq, message: row.body }));
}

/** Keeps what a fenced worker's call came to, and tells the run's present owner. Never advances the run. */
export async function storeLateReceipt(pool: Pool, tenantId: string, runId: string, stepId: string, receipt: LateReceipt): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    // The run's row before the step's, as every commit of its new owner locks them: the other way round the two would wait for each other.
    await appendInbox(client, tenantId, runId, { kind: "late-receipt", stepId });
    await client.query("UPDATE steps SET late_receipt = $3, receipt_at = COALESCE(receipt_at, now()) WHERE id = $1 AND run_id = $2 AND late_receipt IS NULL", [stepId, runId, encode(receipt)]);
    await client.query("COMMIT");
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}
