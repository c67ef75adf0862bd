/**
 * How many runs of one playbook are at work at a time (`concurrency` of its document). Places are counted from the rows of
 * runs, never kept as a number, so none can leak. The limit holds back beginnings only: a run that has begun always goes on,
 * so that nobody waits in a circle (README.md, "Limits").
 */
import type { ClientBase } from "pg";
import type { RunJob } from "../queue.ts";

/** Literal, for UPDATEs: a run whose turn has come but for its playbook's limit. */
export const WAITS_FOR_PLACE = `'{"kind":"concurrency","text":"it waits for a free place: its playbook limits how many of its runs are at work at a time"}'::jsonb`;
/** Literal, for UPDATEs. */
export const WAITS_FOR_WORKER = `'{"kind":"worker","text":"a free worker"}'::jsonb`;

/** Who has a place: begun or sent to a worker, and not waiting for a person, the outside or another run. Word for word the predicate of runs_in_place_idx. */
const IN_PLACE = `r.limited AND r.status IN ('pending', 'running', 'waiting', 'cancelling')
  AND NOT (r.status = 'pending' AND COALESCE(r.waiting_on ->> 'kind', '') IN ('concurrency', 'sequence'))
  AND NOT (r.status = 'waiting' AND COALESCE(r.waiting_on ->> 'kind', '') IN ('decision', 'approval', 'question', 'callback', 'run'))`;

/** A limit that was lifted lets everybody in, this many at a time. */
const BATCH = 1_000;

const ADMIT = `
WITH playbook AS MATERIALIZED (
  SELECT p.id, LEAST(v.concurrency - (SELECT count(*) FROM runs r WHERE r.playbook_id = p.id AND ${IN_PLACE}), ${BATCH}) AS free
  FROM playbooks p LEFT JOIN playbook_versions v ON v.id = p.published_version_id WHERE p.id = ANY($1::uuid[])
), next AS MATERIALIZED (
  SELECT first.id FROM playbook, LATERAL (
    SELECT r.id FROM runs r WHERE r.playbook_id = playbook.id AND r.limited AND r.status = 'pending' AND r.waiting_on ->> 'kind' = 'concurrency'
    ORDER BY r.priority, r.id LIMIT GREATEST(playbook.free, 0) FOR UPDATE SKIP LOCKED
  ) first
)
UPDATE runs r SET waiting_on = ${WAITS_FOR_WORKER} FROM next WHERE r.id = next.id RETURNING r.id, r.epoch, r.priority`;

/**
 * Gives free places of these playbooks to who waits for one: by priority, then in order of arrival. The caller makes the
 * jobs, in the same transaction, and locks nothing else after this: whoever frees and whoever asks meet at the lock.
 */
export async function admitRuns(client: ClientBase, playbookIds: Iterable<string>): Promise<RunJob[]> {
  const ids = [...new Set(playbookIds)].sort();
  if (ids.length === 0) return [];
  // A statement of its own: the next one has to see what the holder of the lock has committed.
  await client.query({ name: "lock-places", text: "SELECT pg_advisory_xact_lock(hashtextextended('playbook ' || id, 0)) FROM unnest($1::text[]) AS id", values: [ids] });
  const { rows } = await client.query<{ id: string; epoch: number; priority: number }>({ name: "admit-runs", text: ADMIT, values: [ids] });
  return rows.map(({ id, epoch, priority }) => ({ runId: id, epoch, priority }));
}

/** Of a queue before a limit, nobody waits longer than this behind others that are more urgent. */
const PATIENCE = "1 minute";
/** So that a flood that has aged cannot overtake what is urgent all at once. */
const RAISED = 20;

/** @returns the playbooks that have somebody waiting; who has waited long becomes as urgent as can be, a few at a time */
export async function playbooksWithQueue(client: ClientBase): Promise<string[]> {
  const waiting = "limited AND status = 'pending' AND waiting_on ->> 'kind' = 'concurrency'";
  await client.query(`UPDATE runs SET priority = -10 WHERE id IN (SELECT id FROM runs WHERE ${waiting} AND priority > -10 AND created_at < now() - interval '${PATIENCE}' ORDER BY id LIMIT ${RAISED} FOR UPDATE SKIP LOCKED)`);
  const { rows } = await client.query<{ playbook_id: string }>(`SELECT DISTINCT playbook_id FROM runs WHERE ${waiting}`);
  return rows.map((row) => row.playbook_id);
}
