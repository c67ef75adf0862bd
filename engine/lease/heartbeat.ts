/** A worker's sign of life: one row, updated with the database's clock, so that wrong clocks of machines do not matter. */
import { hostname } from "node:os";
import type { Pool } from "pg";
import type { Logger } from "pino";

/** Every 2 s; a worker silent for 8 s is dead. Takeover is then done within 8 + 2 (sweep) + the time of a job pick-up: below the promised 15 s. */
export const HEARTBEAT_MS = 2_000;
export const DEAD_AFTER_S = 8;

export interface HeartbeatOptions {
  pool: Pool;
  workerId: string;
  held(): string[];
  /** Ids of held runs whose inbox may have moved: the backstop for lost notifications. */
  onInbox(runId: string): void;
  /** Another worker's sweep declared this one dead. */
  onDeclaredDead(): void;
  log: Logger;
}

export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #timer: NodeJS.Timeout | undefined;
  #inboxes = new Map<string, number>();
  /** When the last beat came through, and when one last failed or came late; performance.now(), so that clock changes do not matter. */
  #lastBeat = 0;
  #lastTrouble = Number.NEGATIVE_INFINITY;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { pool, workerId } = this.#options;
    await pool.query("INSERT INTO workers (id, host, pid, runs) VALUES ($1, $2, $3, '{}')", [workerId, hostname(), process.pid]);
    this.#lastBeat = performance.now();
    this.#schedule();
  }

  async setPool(poolId: string): Promise<void> {
    await this.#options.pool.query("UPDATE workers SET pool_id = $2 WHERE id = $1", [this.#options.workerId, poolId]);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#options.pool.query("UPDATE workers SET stopped_at = now(), runs = '{}' WHERE id = $1", [this.#options.workerId]);
  }

  /** After an outage every worker looks dead: whoever saw one waits until everybody had two chances to say otherwise. */
  get steady(): boolean {
    return !this.#isLate() && performance.now() - this.#lastTrouble > 2 * HEARTBEAT_MS;
  }

  #isLate(): boolean {
    return performance.now() - this.#lastBeat > 2 * HEARTBEAT_MS;
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      void this.#beat().finally(() => {
        if (this.#timer) this.#schedule();
      });
    }, HEARTBEAT_MS);
  }

  async #beat(): Promise<void> {
    const { pool, workerId, log } = this.#options;
    const held = this.#options.held();
    try {
      const { rowCount } = await pool.query({ name: "heartbeat", text: "UPDATE workers SET heartbeat_at = now(), runs = $2 WHERE id = $1 AND stopped_at IS NULL", values: [workerId, held] });
      if (rowCount === 0) {
        this.#options.onDeclaredDead();
        return;
      }
      if (this.#isLate()) this.#lastTrouble = performance.now();
      this.#lastBeat = performance.now();
      if (held.length === 0) return;
      const { rows } = await pool.query<{ id: string; inbox_seq: number }>({ name: "inbox-poll", text: "SELECT id, inbox_seq FROM runs WHERE id = ANY($1::uuid[]) AND inbox_seq > 0", values: [held] });
      for (const row of rows) if (this.#inboxes.get(row.id) !== row.inbox_seq) this.#options.onInbox(row.id);
      this.#inboxes = new Map(rows.map((row) => [row.id, row.inbox_seq]));
    } catch (error) {
      this.#lastTrouble = performance.now();
      log.warn({ err: error }, "no sign of life could be given: the database does not answer");
    }
  }
}
