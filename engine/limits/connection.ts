/**
 * How many steps use one connection at a time (`max_concurrent` of the connection). Who finds no place says so and waits
 * without a worker; whoever leaves tells the next in line through its inbox. A place is a row that counts while its run is held
 * under the row's epoch: a worker that dies leaves nothing behind that anybody would have to clear first.
 */
import type { ClientBase, Pool } from "pg";
import type { Logger } from "pino";
import { appendInbox } from "../journal/inbox.ts";

/** A step that waits looks again this often by itself, should nobody have told it. */
export const LOOK_AGAIN_MS = 30_000;
/** Who has not asked for this long is not waited for: its step or its run ended otherwise. */
const GONE_AFTER = "75 seconds";

export interface PlaceRequest {
  connection: { id: string; name: string; limit: number };
  tenantId: string;
  runId: string;
  /** Of the caller's lease. */
  epoch: number;
  stepId: string;
  priority: number;
}

/** No place at a connection, for now: nothing was sent. The message names what is waited for. */
export class NoPlace extends Error {}

const HOLDS = "p.epoch IS NOT NULL AND p.epoch = r.epoch AND r.owner IS NOT NULL";
const WAITS = `p.epoch IS NULL AND p.seen_at > now() - interval '${GONE_AFTER}' AND r.status IN ('pending', 'running', 'waiting')`;

/** First in line is the most urgent, then the one that asked first; who asks again keeps its place in the line. */
const TAKE = `
WITH me AS (
  SELECT COALESCE((SELECT asked_at FROM connection_places WHERE step_id = $1), clock_timestamp()) AS asked_at
), ahead AS (
  SELECT count(*) AS number FROM connection_places p JOIN runs r ON r.id = p.run_id CROSS JOIN me
  WHERE p.connection_id = $3 AND p.step_id <> $1 AND ((${HOLDS}) OR (${WAITS} AND (p.priority, p.asked_at) < ($6, me.asked_at)))
)
INSERT INTO connection_places (step_id, tenant_id, connection_id, run_id, epoch, priority, asked_at, seen_at)
SELECT $1, $2, $3, $4, CASE WHEN ahead.number < $7 THEN $5::int END, $6, me.asked_at, clock_timestamp() FROM me, ahead
ON CONFLICT (step_id) DO UPDATE SET connection_id = excluded.connection_id, epoch = excluded.epoch, priority = excluded.priority, seen_at = excluded.seen_at
RETURNING epoch IS NOT NULL AS taken`;

/** @returns gives the place back, once. @throws NoPlace, with the step in line */
export async function takePlace(pool: Pool, request: PlaceRequest, log: Logger): Promise<() => void> {
  const { connection, tenantId, runId, epoch, stepId, priority } = request;
  const taken = await locked(pool, connection.id, async (client) => {
    const { rows } = await client.query<{ taken: boolean }>({ name: "take-place", text: TAKE, values: [stepId, tenantId, connection.id, runId, epoch, priority, connection.limit] });
    return rows[0]!.taken;
  });
  if (!taken) throw new NoPlace(`it waits for a free place at the connection "${connection.name}", which ${connection.limit === 1 ? "one step uses" : `${connection.limit} steps use`} at a time`);
  return () => {
    leavePlace(pool, connection.id, stepId).catch((error: unknown) => log.warn({ err: error, step_id: stepId }, "a place at a connection could not be given back at once: it is free when its run goes on or ends"));
  };
}

async function leavePlace(pool: Pool, connectionId: string, stepId: string): Promise<void> {
  await locked(pool, connectionId, async (client) => {
    await client.query({ name: "leave-place", text: "DELETE FROM connection_places WHERE step_id = $1", values: [stepId] });
    await tellNext(client, connectionId);
  });
}

const NEXT = `
SELECT p.run_id, p.step_id, p.tenant_id FROM connection_places p JOIN runs r ON r.id = p.run_id
WHERE p.connection_id = $1 AND ${WAITS}
ORDER BY p.priority, p.asked_at
LIMIT GREATEST(0, (SELECT COALESCE(max_concurrent, 1000) FROM connections WHERE id = $1)
  - (SELECT count(*) FROM connection_places p JOIN runs r ON r.id = p.run_id WHERE p.connection_id = $1 AND ${HOLDS}))`;

/** As many as there is room for; they ask again in their turn. */
async function tellNext(client: ClientBase, connectionId: string): Promise<void> {
  const { rows } = await client.query<{ run_id: string; step_id: string; tenant_id: string }>({ name: "next-in-line", text: NEXT, values: [connectionId] });
  // Row locks of runs in one order, as everywhere.
  for (const { run_id, step_id, tenant_id } of rows.sort((a, b) => (a.run_id < b.run_id ? -1 : 1))) await appendInbox(client, tenant_id, run_id, { kind: "place-free", stepId: step_id });
}

/** Clears what is left of runs that ended or moved, and tells who waits for it: for workers that died, and limits that were raised. */
export async function sweepPlaces(pool: Pool): Promise<void> {
  await pool.query(`DELETE FROM connection_places p USING runs r WHERE r.id = p.run_id AND NOT (${HOLDS}) AND NOT (${WAITS})`);
  const { rows } = await pool.query<{ connection_id: string }>("SELECT DISTINCT connection_id FROM connection_places WHERE epoch IS NULL");
  for (const { connection_id } of rows) await locked(pool, connection_id, (client) => tellNext(client, connection_id));
}

/** One at a time per connection, and each sees what the one before it committed. */
async function locked<T>(pool: Pool, connectionId: string, work: (client: ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query({ name: "lock-connection", text: "SELECT pg_advisory_xact_lock(hashtextextended('connection ' || $1::text, 0))", values: [connectionId] });
    const result = await work(client);
    await client.query("COMMIT");
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
