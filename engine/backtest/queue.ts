/** The job that lets a backtest go on: whatever has happened meanwhile, it does what is due (advance.ts). */
import type { ClientBase } from "pg";
import { BACKTEST_PRIORITY } from "../queue.ts";

export const BACKTEST_TASK = "backtest";

/** Without a key, so that nobody waits for anybody's commit: one job too many finds nothing to do. */
export async function queueBacktests(client: ClientBase, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await client.query(
    `SELECT 1 FROM graphile_worker.add_jobs(
       ARRAY(SELECT json_populate_record(null::graphile_worker.job_spec, spec) FROM json_array_elements($1::json) AS spec))`,
    [JSON.stringify([...new Set(ids)].map((id) => ({ identifier: BACKTEST_TASK, payload: { backtest_id: id }, priority: BACKTEST_PRIORITY, max_attempts: 1000 })))],
  );
}

/** Workers have died, perhaps with these jobs in their hands: they are made anew. @param pools the dead workers' names in the queue */
export async function resumeBacktests(client: ClientBase, pools: readonly string[]): Promise<void> {
  await client.query("DELETE FROM graphile_worker._private_jobs j USING graphile_worker._private_tasks t WHERE t.id = j.task_id AND t.identifier = $1 AND j.locked_by = ANY($2::text[])", [BACKTEST_TASK, pools]);
  const { rows } = await client.query<{ id: string }>("SELECT id FROM backtests WHERE finished_at IS NULL");
  await queueBacktests(client, rows.map(({ id }) => id));
}
