import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import type { Logger } from "pino";
import { notifyChanges } from "../events.ts";
import { addRunJobs } from "../queue.ts";

export interface GiveBack {
  runId: string;
  tenantId: string;
  epoch: number;
  owner: string;
  priority: number;
  /** What the run waits for now, in words. */
  text: string;
  delayMs: number;
  log: Logger;
}

/**
 * Returns a run whose drive broke off. Keeps trying while the database is away: whoever holds a lease and lives is not
 * swept, so giving up here would leave the run stuck. Ends when the run is given back or somebody else has it.
 */
export async function giveBack(pool: Pool, { runId, tenantId, epoch, owner, priority, text, delayMs, log }: GiveBack): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const client = await pool.connect();
      try {
        await client.query("BEGIN");
        const { rows } = await client.query<{ epoch: number }>(
          `UPDATE runs SET owner = NULL, epoch = epoch + 1, waiting_on = jsonb_build_object('kind', 'worker', 'text', $4::text)
           WHERE id = $1 AND epoch = $2 AND owner = $3 RETURNING epoch`,
          [runId, epoch, owner, text],
        );
        if (rows[0]) {
          await addRunJobs(client, [{ runId, epoch: rows[0].epoch, priority, runAt: new Date(Date.now() + delayMs) }]);
          await notifyChanges(client, [{ tenantId, runs: [runId] }]);
        }
        await client.query("COMMIT");
        client.release();
        return;
      } catch (error) {
        client.release(true);
        throw error;
      }
    } catch (error) {
      if (attempt % 20 === 1) log.warn({ run_id: runId, err: error }, "cannot give a run back yet: the database does not answer");
      await sleep(Math.min(250 * attempt, 2_000));
    }
  }
}
