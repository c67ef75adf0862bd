/** What a worker needs to advance a run of a backtest, read when it takes the run. */
import type { Pool } from "pg";
import type { ClaimedRun } from "../lease/claim.ts";
import type { RunOrigin } from "../journal/records.ts";
import type { Backtest, BacktestOptions } from "./policy.ts";
import { loadRecordings, type Recordings } from "./recordings.ts";

/** @throws Error when the backtest is gone: its run cannot go on */
export async function openBacktest(pool: Pool, run: ClaimedRun, id: string): Promise<Backtest> {
  const { rows } = await pool.query<BacktestOptions & { files: string }>(
    "SELECT b.missing, b.approvals, md5(v.files::text) AS files FROM backtests b JOIN playbook_versions v ON v.id = $2 WHERE b.id = $1", [id, run.version_id]);
  if (!rows[0]) throw new Error(`the backtest ${id} does not exist any more`);
  return { ...rows[0], recordings: await loadRecordings(pool, run) };
}

/** The alert may have changed since, by the very run that is repeated here. */
export const asThen = (origin: RunOrigin, { origin: then }: Recordings): RunOrigin => (origin.alert && then?.alert?.id === origin.alert.id ? { ...origin, alert: then.alert } : origin);
