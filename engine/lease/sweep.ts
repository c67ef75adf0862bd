/**
 * Finds runs that nobody advances and gives them to somebody. Takeover never unlocks a Graphile job (its completeJobs
 * deletes by id without looking at who holds it): the epoch rises, the old job goes, a new one is made, in one transaction.
 */
import type { Pool, PoolClient } from "pg";
import type { Logger } from "pino";
import { notifyChanges } from "../events.ts";
import { Ageing } from "../limits/ageing.ts";
import { sweepPlaces } from "../limits/connection.ts";
import { admitRuns, playbooksWithQueue } from "../limits/playbook.ts";
import { resumeBacktests } from "../backtest/queue.ts";
import { addRunJobs, RUN_TASK } from "../queue.ts";
import { DEAD_AFTER_S, HEARTBEAT_MS } from "./heartbeat.ts";
import { type Stray, Watchdog } from "./watchdog.ts";

/** Any number that no other user of this database's advisory locks takes. */
const SWEEP_LOCK = 0x706c6179;
/** The watchdog costs an index look-up per unfinished run, so it looks less often: every 6 s, and what it has to see twice it finds within 15 s. */
const WATCH_EVERY = 3;

const UNFINISHED = "status IN ('pending', 'running', 'waiting', 'cancelling')";

export class Sweep {
  readonly #pool: Pool;
  readonly #log: Logger;
  readonly #ageing: Ageing;
  readonly #watchdog: Watchdog;
  #turn = 0;

  constructor(pool: Pool, log: Logger) {
    this.#pool = pool;
    this.#log = log;
    this.#ageing = new Ageing(pool);
    this.#watchdog = new Watchdog(log);
  }

  /** @returns how many runs were given to somebody else; 0 also when another worker is sweeping. */
  async run(): Promise<number> {
    const { moved, isMine } = await this.#advance();
    if (isMine) await this.#keepFair();
    return moved;
  }

  async #advance(): Promise<{ moved: number; isMine: boolean }> {
    const client = await this.#pool.connect();
    try {
      await client.query("BEGIN");
      const { rows } = await client.query<{ mine: boolean }>("SELECT pg_try_advisory_xact_lock($1) AS mine", [SWEEP_LOCK]);
      const isMine = rows[0]?.mine ?? false;
      let moved = 0;
      if (isMine) {
        moved += await this.#dead(client);
        if (this.#turn++ % WATCH_EVERY === 0) moved += await this.#requeue(client, await this.#watchdog.run(client));
      }
      await client.query("COMMIT");
      if (isMine) moved += await this.#admit(client);
      client.release();
      return { moved, isMine };
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  async #keepFair(): Promise<void> {
    if (this.#turn % WATCH_EVERY === 0) await sweepPlaces(this.#pool);
    await this.#ageing.run();
  }

  async #dead(client: PoolClient): Promise<number> {
    const { rows: dead } = await client.query<{ id: string; pool_id: string | null }>(
      `UPDATE workers SET stopped_at = now() WHERE stopped_at IS NULL AND heartbeat_at < now() - make_interval(secs => $1)
         AND pg_postmaster_start_time() < now() - make_interval(secs => $2) RETURNING id, pool_id`,
      // A server that has just come back has heard from nobody yet.
      [DEAD_AFTER_S, 2 * HEARTBEAT_MS / 1000],
    );
    if (dead.length > 0) {
      this.#log.warn({ workers: dead.map((worker) => worker.id) }, "workers have died: their runs go to others");
      await resumeBacktests(client, dead.flatMap((worker) => worker.pool_id ?? []));
    }
    // Also the runs of workers that stopped without giving them back: an owner that is not alive owns nothing.
    const { rows: taken } = await client.query<Stray>(
      `UPDATE runs r SET owner = NULL, epoch = r.epoch + 1, waiting_on = '{"kind":"worker","text":"another worker: the one that had it died"}'
       WHERE r.owner IS NOT NULL AND r.${UNFINISHED} AND NOT EXISTS (SELECT FROM workers w WHERE w.id = r.owner AND w.stopped_at IS NULL)
       RETURNING r.id, r.tenant_id, r.epoch, r.priority`,
    );
    const { rows: locked } = await client.query<{ run_id: string }>(
      `DELETE FROM graphile_worker._private_jobs j USING graphile_worker._private_tasks t
       WHERE t.id = j.task_id AND t.identifier = $1 AND j.locked_at IS NOT NULL
         AND NOT EXISTS (SELECT FROM workers w WHERE w.pool_id = j.locked_by AND w.stopped_at IS NULL)
         AND (j.locked_by = ANY($2::text[]) OR j.locked_at < now() - make_interval(secs => $3) OR (j.payload->>'run_id')::uuid = ANY($4::uuid[]))
       RETURNING j.payload->>'run_id' AS run_id`,
      [RUN_TASK, dead.map((worker) => worker.pool_id).filter((id) => id !== null), 2 * DEAD_AFTER_S, taken.map((run) => run.id)],
    );
    const { rows: waiting } = await client.query<Stray>(
      `SELECT id, tenant_id, epoch, priority FROM runs WHERE id = ANY($1::uuid[]) AND owner IS NULL AND ${UNFINISHED}`,
      [locked.map((job) => job.run_id)],
    );
    return this.#requeue(client, [...taken, ...waiting]);
  }

  /** Who makes room lets the next one in; this finds who waits where a limit was raised or lifted. In a transaction of its own, since it locks places. */
  async #admit(client: PoolClient): Promise<number> {
    await client.query("BEGIN");
    const jobs = await admitRuns(client, await playbooksWithQueue(client));
    await addRunJobs(client, jobs);
    await client.query("COMMIT");
    return jobs.length;
  }

  async #requeue(client: PoolClient, runs: Stray[]): Promise<number> {
    const unique = [...new Map(runs.map((run) => [run.id, run])).values()];
    await addRunJobs(client, unique.map((run) => ({ runId: run.id, epoch: run.epoch, priority: run.priority })));
    await notifyChanges(client, unique.map((run) => ({ tenantId: run.tenant_id, runs: [run.id] })));
    return unique.length;
  }
}
