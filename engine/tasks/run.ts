/** The Graphile task that advances a run: claim, drive, give back. One job is one stretch of work, not one step. */
import type { Pool } from "pg";
import type { Logger } from "pino";
import type { AlertView } from "#sdk";
import type { AlertViewRow } from "../alerts/index.ts";
import { Drive, type DriveDeps } from "../drive.ts";
import { Fenced } from "../errors.ts";
import { loadJournal } from "../journal/load.ts";
import type { Claims, ClaimedRun } from "../lease/claim.ts";
import { giveBack } from "../lease/give-back.ts";
import { stepKey } from "../item-path.ts";
import { originOf, RunState } from "../run-state.ts";
import { type Versions, versionUnderTest } from "../versions.ts";
import { asThen, openBacktest } from "../backtest/open.ts";

export interface RunTaskDeps extends DriveDeps {
  pool: Pool;
  workerId: string;
  claims: Claims;
  versions: Versions;
  toAlertView(row: AlertViewRow): AlertView;
  callbackUrl(runId: string, stepId: string): string;
  log: Logger;
}

/** The runs this process holds, and what reaches them from outside. */
export class RunTask {
  readonly #deps: RunTaskDeps;
  readonly #held = new Map<string, Drive>();
  #draining = false;

  constructor(deps: RunTaskDeps) {
    this.#deps = deps;
  }

  get held(): string[] {
    return [...this.#held.keys()];
  }

  wake(runId: string): void {
    this.#held.get(runId)?.wake();
  }

  drain(): void {
    this.#draining = true;
    for (const drive of this.#held.values()) drive.drain();
  }

  /** This process was declared dead: nothing it holds may be advanced any more. */
  fence(): void {
    this.#draining = true;
    for (const drive of this.#held.values()) drive.fence();
  }

  /** Does nothing for a stale job. Throws only what the database throws before the lease is taken: Graphile tries again. */
  async handle(payload: { run_id: string; epoch: number }): Promise<void> {
    const { log, claims, pool, workerId } = this.#deps;
    const run = await claims.claim(payload.run_id, payload.epoch);
    if (!run) return;
    try {
      const state = await this.#open(run);
      const unknown = state.version.document.nodes.find((node) => !state.pin(node.id, "") && !this.#deps.resolveNode(node.type, node.version));
      if (unknown) {
        // A newer worker may know it: leave the run to the others for a while.
        const text = `a worker that has the node ${unknown.type} version ${unknown.version}`;
        await giveBack(pool, { runId: run.id, tenantId: run.tenant_id, epoch: run.epoch, owner: workerId, priority: run.priority, text, delayMs: 15_000, log });
        return;
      }
      const drive = new Drive(this.#deps, state);
      this.#held.set(run.id, drive);
      if (this.#draining) drive.drain();
      await drive.run();
    } catch (error) {
      if (error instanceof Fenced) {
        log.warn({ run_id: run.id, correlation_id: run.correlation_id }, "another worker took this run over");
        return;
      }
      log.error({ run_id: run.id, correlation_id: run.correlation_id, err: error }, "a run was interrupted and goes back to the queue");
      await giveBack(pool, { runId: run.id, tenantId: run.tenant_id, epoch: run.epoch, owner: workerId, priority: run.priority, text: "a free worker", delayMs: 1_000, log });
    } finally {
      this.#held.delete(run.id);
    }
  }

  async #open(run: ClaimedRun): Promise<RunState> {
    const stored = await this.#deps.versions.get(run.version_id);
    const version = run.test ? versionUnderTest(stored, run.test) : stored;
    const callbacks = { nodes: version.document.nodes.filter((node) => this.#deps.resolveNode(node.type, node.version)?.callback).map(({ id }) => id), url: this.#deps.callbackUrl };
    const backtest = run.backtest_id === null ? null : await openBacktest(this.#deps.pool, run, run.backtest_id);
    const fresh = run.was === "pending" && run.epoch === 1;
    const journal = fresh ? null : await loadJournal(this.#deps.pool, run.id);
    if (journal?.origin) {
      const { rows } = await this.#deps.pool.query<{ node_id: string; item: string }>({ name: "narrow-steps", text: "SELECT node_id, item FROM steps WHERE run_id = $1", values: [run.id] });
      return new RunState({ run, version, origin: journal.origin, journal, narrow: rows.map((row) => stepKey(row.node_id, row.item)), callbacks, backtest });
    }
    // Who goes on from the middle goes on with what the first part saw.
    const before = run.rerun?.from ? (await loadJournal(this.#deps.pool, run.rerun.of)).origin : null;
    const origin = before ?? originOf(run, run.alert ? this.#deps.toAlertView(withDates(run.alert)) : null);
    return new RunState({ run, version, origin: backtest ? asThen(origin, backtest.recordings) : origin, journal: null, callbacks, backtest });
  }
}

/** The claim reads the alert as JSON, where timestamps are text. */
function withDates(row: Record<string, unknown>): AlertViewRow {
  const date = (value: unknown) => (typeof value === "string" ? new Date(value) : null);
  return { ...(row as unknown as AlertViewRow), observed_at: date(row["observed_at"]), created_at: date(row["created_at"]) ?? new Date(0) };
}
