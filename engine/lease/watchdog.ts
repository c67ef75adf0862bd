/**
 * Every unfinished run goes on or waits for something that can still come. One that does neither should not exist: this finds
 * it within 15 s, says so (log, metric) with the state it was in, and hands it to a worker, who plans it anew from its journal.
 */
import type { PoolClient } from "pg";
import type { Logger } from "pino";
import { WAITS_FOR_PLACE, WAITS_FOR_WORKER } from "../limits/playbook.ts";
import { stuckRuns } from "../metrics.ts";
import { runJobKey } from "../queue.ts";
import type { RunStatus, WaitingOn } from "../status.ts";
import { HEARTBEAT_MS } from "./heartbeat.ts";

export interface Stray {
  id: string;
  tenant_id: string;
  epoch: number;
  priority: number;
}

interface Stuck extends Stray {
  status: RunStatus;
  waiting_on: WaitingOn | null;
  owner: string | null;
  limited: boolean;
}

type Why = "no-job" | "turn-passed" | "nothing-to-wait-for" | "lost-by-its-worker";

const LIMIT = 1_000;
/** Runs that one sweep describes in the log; all of them are counted. */
const DESCRIBED = 20;
/** A worker names the runs it holds with every beat; one that it has not named for two beats, it does not hold. A worker that is silent says nothing: it is for the sweep to declare dead. */
const LOST_AFTER_MS = 2 * HEARTBEAT_MS;

const UNFINISHED = "r.status IN ('pending', 'running', 'waiting', 'cancelling')";
const COLUMNS = "r.id, r.tenant_id, r.epoch, r.priority, r.status, r.waiting_on, r.owner, r.limited";
const NO_JOB = `NOT EXISTS (SELECT FROM graphile_worker._private_jobs j WHERE j.key = '${runJobKey("")}' || r.id)`;
const KIND = "COALESCE(r.waiting_on->>'kind', '')";

/** The run before it in its sequence is over or waits, and did not say so. */
const TURN_PASSED = `
UPDATE runs r SET waiting_on = CASE WHEN r.limited THEN ${WAITS_FOR_PLACE} ELSE ${WAITS_FOR_WORKER} END
WHERE r.status = 'pending' AND r.owner IS NULL AND r.waiting_on->>'kind' = 'sequence'
  AND NOT EXISTS (SELECT FROM runs p WHERE p.id = (r.waiting_on->>'run_id')::uuid AND (p.status IN ('pending', 'running', 'cancelling')))
RETURNING ${COLUMNS}`;

/** Held by nobody, without a job, and not waiting for what others bring. */
const WITHOUT_JOB = `
SELECT ${COLUMNS} FROM runs r
WHERE ${UNFINISHED} AND r.owner IS NULL
  AND NOT (r.status = 'pending' AND ${KIND} IN ('sequence', 'concurrency'))
  AND ${KIND} NOT IN ('decision', 'approval', 'question', 'callback', 'run')
  AND ${NO_JOB}
LIMIT ${LIMIT} FOR UPDATE OF r SKIP LOCKED`;

/** The question is answered, the other run is over, and nobody has told it. */
const NOTHING_TO_WAIT_FOR = `
SELECT ${COLUMNS} FROM runs r
WHERE r.status = 'waiting' AND r.owner IS NULL
  AND CASE WHEN ${KIND} = 'run' THEN NOT EXISTS (SELECT FROM runs c WHERE c.id = (r.waiting_on->>'run_id')::uuid AND (c.finished_at IS NULL OR c.finished_at > now() - interval '5 seconds'))
    WHEN ${KIND} IN ('decision', 'approval', 'question', 'callback') THEN NOT EXISTS (SELECT FROM waits w WHERE w.id = (r.waiting_on->>'wait_id')::uuid AND (w.answered_at IS NULL OR w.answered_at > now() - interval '5 seconds'))
    ELSE false END
  AND ${NO_JOB}
LIMIT ${LIMIT} FOR UPDATE OF r SKIP LOCKED`;

/** Of a worker that lives and does not name them. Most were claimed since it last did. */
const UNNAMED = `
SELECT r.id, r.epoch, w.heartbeat_at FROM runs r JOIN workers w ON w.id = r.owner
WHERE r.owner IS NOT NULL AND ${UNFINISHED} AND w.stopped_at IS NULL AND NOT r.id = ANY(w.runs) LIMIT ${LIMIT}`;

const TAKE_AWAY = `
UPDATE runs r SET owner = NULL, epoch = r.epoch + 1, waiting_on = ${WAITS_FOR_WORKER}
FROM unnest($1::uuid[], $2::int[]) AS lost(id, epoch), runs before WHERE r.id = lost.id AND r.epoch = lost.epoch AND before.id = r.id
RETURNING r.id, r.tenant_id, r.epoch, r.priority, r.status, before.waiting_on, before.owner, r.limited`;

export class Watchdog {
  readonly #log: Logger;
  /** By run: under which epoch, and as of which beat of its worker. */
  #unnamed = new Map<string, { epoch: number; beat: Date }>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** @returns runs that need a job; those of `limited` playbooks among who has its turn now are let in by who admits */
  async run(client: PoolClient): Promise<Stray[]> {
    const turns = this.#report("turn-passed", (await client.query<Stuck>(TURN_PASSED)).rows);
    const known = new Set(turns.map((run) => run.id));
    const jobless = this.#report("no-job", (await client.query<Stuck>(WITHOUT_JOB)).rows.filter((run) => !known.has(run.id)));
    const waiting = this.#report("nothing-to-wait-for", (await client.query<Stuck>(NOTHING_TO_WAIT_FOR)).rows);
    return [...turns.filter((run) => !run.limited), ...jobless, ...waiting, ...(await this.#lost(client))];
  }

  async #lost(client: PoolClient): Promise<Stuck[]> {
    const { rows } = await client.query<{ id: string; epoch: number; heartbeat_at: Date }>(UNNAMED);
    const before = this.#unnamed;
    this.#unnamed = new Map(rows.map(({ id, epoch, heartbeat_at }) => {
      const known = before.get(id);
      return [id, known?.epoch === epoch ? known : { epoch, beat: heartbeat_at }];
    }));
    const lost = rows.flatMap(({ id, epoch, heartbeat_at }) => (heartbeat_at.getTime() - this.#unnamed.get(id)!.beat.getTime() >= LOST_AFTER_MS ? [{ id, epoch }] : []));
    if (lost.length === 0) return [];
    const { rows: taken } = await client.query<Stuck>(TAKE_AWAY, [lost.map(({ id }) => id), lost.map(({ epoch }) => epoch)]);
    return this.#report("lost-by-its-worker", taken);
  }

  #report(why: Why, runs: Stuck[]): Stuck[] {
    if (runs.length === 0) return runs;
    stuckRuns.inc({ why }, runs.length);
    this.#log.error(
      { why, count: runs.length, runs: runs.slice(0, DESCRIBED).map(({ id, tenant_id, status, epoch, owner, waiting_on }) => ({ run_id: id, tenant_id, status, epoch, owner, waiting_on })) },
      "runs were waiting for nothing and were queued again",
    );
    return runs;
  }
}
