/** Taking the lease of a run: the task's first statement, shared by all tasks that start at the same moment. */
import type { Pool } from "pg";
import { Batcher } from "../batcher.ts";
import type { RerunOptions } from "../rerun.ts";
import type { RunStatus, WaitingOn } from "../status.ts";
import type { TestOptions } from "../test-options.ts";

export interface ClaimedRun {
  id: string;
  tenant_id: string;
  playbook_id: string;
  version_id: string;
  alert_id: string | null;
  correlation_id: string;
  mode: "live" | "test" | "backtest";
  priority: number;
  sequence_id: string | null;
  sequence_position: number | null;
  sequence_total: number | null;
  origin: { kind: string; by?: string | null };
  input: unknown;
  /** Who started it and waits for it. */
  parent_run_id: string | null;
  parent_step_id: string | null;
  depth: number;
  /** Its playbook limits how many of its runs are at work at a time. */
  limited: boolean;
  /** Null unless it repeats another one. */
  rerun: RerunOptions | null;
  /** Of its mode: the backtest, also of a run that a step of one of its runs started. */
  backtest_id: string | null;
  /** Null for all but tests. */
  test: TestOptions | null;
  /** The epoch of this lease: one higher than the job's. */
  epoch: number;
  inbox_seq: number;
  status: RunStatus;
  created_at: Date;
  started_at: Date;
  /** Status and wait before the claim: `pending` runs have no journal yet. */
  was: RunStatus;
  was_waiting_on: WaitingOn | null;
  /** The alert's row, for a run that starts now. */
  alert: Record<string, unknown> | null;
  raw_payload: Buffer | null;
}

interface Claim {
  runId: string;
  epoch: number;
}

const CLAIM = `
WITH j AS (
  SELECT * FROM unnest($1::uuid[], $2::int[]) AS j(id, epoch)
), before AS MATERIALIZED (
  SELECT r.id, r.status, r.waiting_on FROM runs r JOIN j ON j.id = r.id
  WHERE r.epoch = j.epoch AND r.owner IS NULL AND r.status IN ('pending', 'running', 'waiting', 'cancelling')
  ORDER BY r.id FOR UPDATE OF r
), up AS (
  UPDATE runs r SET owner = $3, epoch = r.epoch + 1, waiting_on = NULL, started_at = COALESCE(r.started_at, now()),
    status = CASE WHEN r.status = 'cancelling' THEN r.status ELSE 'running' END
  FROM before b WHERE b.id = r.id
  RETURNING r.id, r.tenant_id, r.playbook_id, r.version_id, r.alert_id, r.correlation_id, r.mode, r.priority, r.sequence_id, r.sequence_position,
    r.sequence_total, r.origin, r.input, r.test, r.rerun, r.backtest_id, r.parent_run_id, r.parent_step_id, r.depth, r.limited, r.epoch, r.inbox_seq, r.status, r.created_at, r.started_at, b.status AS was, b.waiting_on AS was_waiting_on
)
SELECT up.*, a.raw_payload, CASE WHEN a.id IS NULL THEN NULL ELSE to_jsonb(a) - 'raw_payload' - 'normalized' END AS alert
FROM up LEFT JOIN alerts a ON a.id = up.alert_id AND a.tenant_id = up.tenant_id`;

export class Claims {
  readonly #batches: Batcher<Claim, ClaimedRun | null>;

  constructor(pool: Pool, owner: string) {
    this.#batches = new Batcher(async (claims) => {
      const sorted = [...claims].sort((a, b) => (a.runId < b.runId ? -1 : 1));
      const { rows } = await pool.query<ClaimedRun>({ name: "claim-runs", text: CLAIM, values: [sorted.map((claim) => claim.runId), sorted.map((claim) => claim.epoch), owner] });
      const byId = new Map(rows.map((row) => [row.id, row]));
      return claims.map((claim) => {
        // Two jobs for one run in one batch (a nudge beside a timer): the first takes it, the second finds nothing to do.
        const run = byId.get(claim.runId) ?? null;
        byId.delete(claim.runId);
        return run;
      });
    }, 200, 2);
  }

  /** @returns null when there is nothing to do: stale job, run finished or held by somebody. */
  claim(runId: string, epoch: number): Promise<ClaimedRun | null> {
    return this.#batches.add({ runId, epoch });
  }
}

