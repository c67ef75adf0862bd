/**
 * Starts what is due. Every worker looks once a second; the rows of the schedules decide who starts what. A run, its job and the next time
 * are one commit, reckoned by the database's clock, so that a time is neither lost nor used twice, whoever dies or whose clock is wrong.
 */
import type { Pool, PoolClient } from "pg";
import type { Logger } from "pino";
import type { PlaybookTrigger, ScheduleTrigger } from "#format";
import { notifyChanges } from "../events.ts";
import { uuidv7 } from "../ids.ts";
import { insertRuns, type NewRun, PRIORITIES } from "../queue.ts";
import { settleSchedule } from "./due.ts";

export const SCHEDULER_MS = 1_000;

interface Row {
  playbook_id: string;
  tenant_id: string;
  version_id: string;
  priority: PlaybookTrigger["priority"] | null;
  cron: string;
  timezone: string;
  catch_up: boolean;
  since: Date;
  next_at: Date | null;
  now: Date;
}

/** A commit should not grow with the number of playbooks that start at midnight. */
const BATCH = 100;

/** Rows that another worker is at are its business. */
const DUE = `
SELECT s.playbook_id, s.tenant_id, s.cron, s.timezone, s.catch_up, s.since, s.next_at, now() AS now,
  v.id AS version_id, v.document->'trigger'->>'priority' AS priority
FROM schedules s JOIN tenants t ON t.id = s.tenant_id AND t.active JOIN playbooks p ON p.id = s.playbook_id JOIN playbook_versions v ON v.id = p.published_version_id
WHERE s.next_at IS NULL OR s.next_at <= now()
ORDER BY s.next_at NULLS FIRST LIMIT ${BATCH} FOR UPDATE OF s SKIP LOCKED`;

export class Scheduler {
  readonly #pool: Pool;
  readonly #log: Logger;
  #isBusy = false;

  constructor(pool: Pool, log: Logger) {
    this.#pool = pool;
    this.#log = log;
  }

  /** @returns how many runs were started; 0 while an earlier look is still under way. @throws what the database throws */
  async run(): Promise<number> {
    if (this.#isBusy) return 0;
    this.#isBusy = true;
    try {
      let started = 0;
      for (let found = BATCH; found === BATCH;) {
        const batch = await this.#batch();
        started += batch.started;
        found = batch.found;
      }
      return started;
    } finally {
      this.#isBusy = false;
    }
  }

  async #batch(): Promise<{ found: number; started: number }> {
    const client = await this.#pool.connect();
    try {
      await client.query("BEGIN");
      const { rows } = await client.query<Row>({ name: "due-schedules", text: DUE });
      const started = rows.length === 0 ? 0 : await this.#settle(client, rows);
      await client.query("COMMIT");
      client.release();
      return { found: rows.length, started };
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  async #settle(client: PoolClient, rows: readonly Row[]): Promise<number> {
    const settled = rows.map((row) => ({ row, ...settleSchedule({ cron: row.cron, timezone: row.timezone, catchUp: row.catch_up, since: row.since, nextAt: row.next_at }, row.now) }));
    const [planned, over] = [settled.filter(({ next }) => next !== null), settled.filter(({ next }) => next === null)];
    await client.query({
      name: "plan-schedules",
      text: "UPDATE schedules s SET next_at = n.at FROM unnest($1::uuid[], $2::timestamptz[]) AS n(id, at) WHERE s.playbook_id = n.id",
      values: [planned.map(({ row }) => row.playbook_id), planned.map(({ next }) => next)],
    });
    if (over.length > 0) {
      const ids = over.map(({ row }) => row.playbook_id);
      this.#log.warn({ playbooks: ids }, "schedules without another time are over");
      await client.query("DELETE FROM schedules WHERE playbook_id = ANY($1::uuid[])", [ids]);
    }
    const runs = settled.flatMap(({ row, due }) => (due ? [runOf(row, due)] : []));
    await insertRuns(client, runs);
    await notifyChanges(client, runs.map((run) => ({ tenantId: run.tenantId, runs: [run.id] })));
    return runs.length;
  }
}

const runOf = (row: Row, due: Date): NewRun => ({
  id: uuidv7(), tenantId: row.tenant_id, playbookId: row.playbook_id, versionId: row.version_id, alertId: null, correlationId: uuidv7(), mode: "live",
  priority: PRIORITIES[row.priority ?? "default"], sequence: null, origin: { kind: "schedule" },
  input: { scheduled_for: due.toISOString(), fired_at: row.now.toISOString() } satisfies ScheduleTrigger,
});
