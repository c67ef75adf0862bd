/**
 * Back-pressure at ingestion. Alerts are always accepted: past a number of pending runs of one tenant, the runs that new ones
 * start are queued at low priority, so that other tenants, people, and playbooks of high priority do not wait behind them.
 */
import type { Pool } from "pg";
import type { Logger } from "pino";
import { deferredRuns } from "../metrics.ts";
import { type NewRun, PRIORITIES } from "../queue.ts";

export const DEFAULT_PENDING_LIMIT = 50_000;
/** A count costs up to some 10 ms when there is much to count; what this process adds in between is added to it. */
const COUNT_EVERY_MS = 1_000;

/** What R136 calls urgent stays so. */
const isDeferrable = (run: NewRun): boolean => run.priority > PRIORITIES.high;

interface Known {
  /** By the last count. */
  counted: number;
  /** By this process since that count began: it may or may not have seen them. */
  added: number;
  countedAt: number;
  counting: boolean;
  isOver: boolean;
}

export class Backlog {
  readonly #pool: Pool;
  readonly #limit: number;
  readonly #log: Logger;
  readonly #tenants = new Map<string, Known>();

  constructor({ pool, limit = DEFAULT_PENDING_LIMIT, log }: { pool: Pool; limit?: number; log: Logger }) {
    this.#pool = pool;
    this.#limit = limit;
    this.#log = log;
  }

  /**
   * Lowers the priority of runs about to be queued where their tenant has too many, and says so in them. Waits for no count: it
   * goes by the last one, which is at most about a second old. @returns why, or null when nothing was deferred
   */
  defer(tenantId: string, runs: NewRun[]): string | null {
    const known = this.#know(tenantId);
    if (!known.counting && performance.now() - known.countedAt > COUNT_EVERY_MS) void this.#count(tenantId, known);
    known.added += runs.length;
    const deferred = runs.filter(isDeferrable);
    if (!known.isOver || deferred.length === 0) return null;
    const why = `more than ${this.#limit.toLocaleString("en")} runs are pending`;
    for (const run of deferred) Object.assign(run, { priority: PRIORITIES.low, deferred: why } satisfies Partial<NewRun>);
    deferredRuns.inc(deferred.length);
    return why;
  }

  #know(tenantId: string): Known {
    let known = this.#tenants.get(tenantId);
    if (!known) this.#tenants.set(tenantId, (known = { counted: 0, added: 0, countedAt: Number.NEGATIVE_INFINITY, counting: false, isOver: false }));
    this.#judge(tenantId, known);
    return known;
  }

  async #count(tenantId: string, known: Known): Promise<void> {
    known.counting = true;
    const before = known.added;
    try {
      const { rows } = await this.#pool.query<{ count: number }>({
        name: "count-pending",
        text: "SELECT count(*)::int AS count FROM (SELECT FROM runs WHERE tenant_id = $1 AND status = 'pending' LIMIT $2) AS pending",
        values: [tenantId, this.#limit + 1],
      });
      known.counted = rows[0]!.count;
      known.added -= before;
    } catch (error) {
      this.#log.warn({ err: error, tenant_id: tenantId }, "the pending runs could not be counted: the last count holds");
    }
    known.countedAt = performance.now();
    known.counting = false;
    this.#judge(tenantId, known);
  }

  #judge(tenantId: string, known: Known): void {
    const isOver = known.counted + known.added > this.#limit;
    if (isOver === known.isOver) return;
    known.isOver = isOver;
    if (isOver) this.#log.warn({ tenant_id: tenantId, limit: this.#limit }, "too many runs are pending: new alerts are stored, their runs are queued at low priority");
    else this.#log.info({ tenant_id: tenantId }, "the backlog is below its limit again");
  }
}
