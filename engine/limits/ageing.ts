/**
 * Nobody starves. Urgent jobs go first, and under a steady stream of them others would never begin: so of those that have
 * waited long a few overtake. Not all of them, or a flood that has aged would itself hold up what is urgent.
 */
import type { Pool } from "pg";
import { PRIORITIES } from "../queue.ts";

/** Ahead of high, behind what people say to runs (NUDGE_PRIORITY). */
const OVERTAKES = -20;
const PATIENCE = "30 seconds";
/** While overtakers are being taken nobody else begins; then everybody else has the workers for this many times as long. */
const SHARE_OF_OTHERS = 3;
const SMALLEST = 5;
const LARGEST = 200;
/** Taken before the next look: more of them would have been. */
const QUICK_MS = 2_500;

/** The oldest, whichever their class. One index scan per class, however long the queue is. */
const RAISE = `
UPDATE graphile_worker._private_jobs SET priority = ${OVERTAKES} WHERE id IN (
  SELECT old.id FROM unnest($1::int[]) AS class(priority), LATERAL (
    SELECT j.id, j.run_at FROM graphile_worker._private_jobs j
    WHERE j.is_available = true AND j.priority = class.priority AND j.run_at < now() - interval '${PATIENCE}'
    ORDER BY j.run_at LIMIT $2 FOR UPDATE SKIP LOCKED
  ) old ORDER BY old.run_at LIMIT $2)`;

export class Ageing {
  readonly #pool: Pool;
  #batch = SMALLEST;
  #raisedAt: number | null = null;
  #notBefore = 0;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** @param now milliseconds of a clock that only goes forward. @returns how many overtake from now on */
  async run(now = performance.now()): Promise<number> {
    if (now < this.#notBefore) return 0;
    const { rowCount: untaken } = await this.#pool.query(`SELECT FROM graphile_worker._private_jobs WHERE is_available = true AND priority = ${OVERTAKES} LIMIT 1`);
    if (untaken) return 0;
    if (this.#raisedAt !== null) {
      const took = now - this.#raisedAt;
      this.#batch = took < QUICK_MS ? Math.min(LARGEST, this.#batch * 2) : Math.max(SMALLEST, Math.floor(this.#batch / 2));
      this.#notBefore = now + took * SHARE_OF_OTHERS;
      this.#raisedAt = null;
      return 0;
    }
    const { rowCount } = await this.#pool.query(RAISE, [Object.values(PRIORITIES), this.#batch]);
    if (rowCount) this.#raisedAt = now;
    return rowCount ?? 0;
  }
}
