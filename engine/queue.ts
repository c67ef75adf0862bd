/** Run rows and the Graphile jobs that follow from them: always written in the caller's transaction. */
import type { ClientBase } from "pg";
import { jsonbText } from "./jsonb.ts";
import { admitRuns, WAITS_FOR_PLACE } from "./limits/playbook.ts";
import type { RerunOptions } from "./rerun.ts";
import type { TestOptions } from "./test-options.ts";

/** Smaller runs first in Graphile Worker. */
export const PRIORITIES = { high: -10, default: 0, low: 10 } as const;
/** Nudges overtake every backlog: a cancel must not queue behind a flood. */
export const NUDGE_PRIORITY = -100;
/** After everything that is live, whatever its playbook's priority. */
export const BACKTEST_PRIORITY = 100;
export const RUN_TASK = "run";

export interface NewRun {
  id: string;
  tenantId: string;
  playbookId: string;
  versionId: string;
  alertId: string | null;
  correlationId: string;
  mode: "live" | "test" | "backtest";
  priority: number;
  sequence: { id: string; position: number; total: number; previousRunId: string | null } | null;
  /** `of`: the run that it repeats, whose step started it, or whose failure it handles. */
  origin: { kind: "alert" | "manual" | "rerun" | "run" | "schedule" | "webhook" | "run-failed"; by?: string | null; of?: string };
  input: unknown;
  parent?: { runId: string; stepId: string; depth: number } | null;
  rerun?: RerunOptions | null;
  /** Why its priority is lower than its playbook's. */
  deferred?: string;
  /** With mode `test`. */
  test?: TestOptions | null;
  /** With mode `backtest`. */
  backtestId?: string | null;
}

/**
 * Inserts the runs and one job for each that may start now. Later runs of a sequence get their job from the run before
 * them (when it ends or first waits), in the same commit; so do runs of a playbook with a limit, from who makes room.
 * Locks places of playbooks: the caller locks no rows after this, or uses `storeRuns`.
 */
export async function insertRuns(client: ClientBase, runs: readonly NewRun[]): Promise<void> {
  await addRunJobs(client, await admitRuns(client, await storeRuns(client, runs)));
}

/** All of `insertRuns` but who waits for a place. @returns the playbooks for which `admitRuns` has to be called at the end of the transaction */
export async function storeRuns(client: ClientBase, runs: readonly NewRun[]): Promise<string[]> {
  if (runs.length === 0) return [];
  const { rows: limited } = await client.query<{ id: string; playbook_id: string }>({
    name: "insert-runs",
    text: `WITH new AS (
           INSERT INTO runs (id, tenant_id, playbook_id, version_id, alert_id, correlation_id, mode, status, priority,
             sequence_id, sequence_position, sequence_total, origin, input, test, rerun, backtest_id, parent_run_id, parent_step_id, depth, limited, waiting_on)
           SELECT r.id, r.tenant_id, r.playbook_id, r.version_id, r.alert_id, r.correlation_id, r.mode, 'pending', r.priority,
             r.sequence_id, r.sequence_position, r.sequence_total, r.origin, r.input, r.test, r.rerun, r.backtest_id, r.parent_run_id, r.parent_step_id, r.depth,
             r.mode = 'live' AND v.concurrency IS NOT NULL,
             CASE WHEN r.mode = 'live' AND v.concurrency IS NOT NULL AND r.waiting_on ->> 'kind' = 'worker' THEN ${WAITS_FOR_PLACE} ELSE r.waiting_on END
           FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, tenant_id uuid, playbook_id uuid, version_id uuid, alert_id uuid,
             correlation_id uuid, mode text, priority smallint, sequence_id uuid, sequence_position int, sequence_total int,
             origin jsonb, input jsonb, test jsonb, rerun jsonb, backtest_id uuid, parent_run_id uuid, parent_step_id uuid, depth smallint, waiting_on jsonb)
           LEFT JOIN playbook_versions v ON v.id = r.version_id
           RETURNING id, playbook_id, limited
           ) SELECT id, playbook_id FROM new WHERE limited`,
    values: [jsonbText(runs.map((run) => ({
      id: run.id,
      tenant_id: run.tenantId,
      playbook_id: run.playbookId,
      version_id: run.versionId,
      alert_id: run.alertId,
      correlation_id: run.correlationId,
      mode: run.mode,
      priority: run.priority,
      sequence_id: run.sequence?.id ?? null,
      sequence_position: run.sequence?.position ?? null,
      sequence_total: run.sequence?.total ?? null,
      origin: run.origin,
      input: run.input ?? null,
      test: run.test ?? null,
      rerun: run.rerun ?? null,
      backtest_id: run.backtestId ?? null,
      parent_run_id: run.parent?.runId ?? null,
      parent_step_id: run.parent?.stepId ?? null,
      depth: run.parent?.depth ?? 0,
      waiting_on: run.sequence?.previousRunId
        ? { kind: "sequence", text: "the playbook before it in the sequence", run_id: run.sequence.previousRunId }
        : { kind: "worker", text: run.deferred === undefined ? "a free worker" : `a free worker, at low priority: ${run.deferred}` },
    })))],
  });
  const held = new Set(limited.map((run) => run.id));
  await addRunJobs(client, runs.filter((run) => !run.sequence?.previousRunId && !held.has(run.id)).map((run) => ({ runId: run.id, epoch: 0, priority: run.priority })));
  return limited.map((run) => run.playbook_id);
}

export interface RunJob {
  runId: string;
  epoch: number;
  priority: number;
  runAt?: Date;
}

/** One `add_jobs` call for all. The job key makes a nudge of a queued run merge with it and lets the sweep find runs without a job. */
export async function addRunJobs(client: ClientBase, jobs: readonly RunJob[]): Promise<void> {
  if (jobs.length === 0) return;
  await client.query({
    name: "add-run-jobs",
    text: `SELECT 1 FROM graphile_worker.add_jobs(
             ARRAY(SELECT json_populate_record(null::graphile_worker.job_spec, spec) FROM json_array_elements($1::json) AS spec))`,
    values: [JSON.stringify(jobs.map((job) => ({
      identifier: RUN_TASK,
      payload: { run_id: job.runId, epoch: job.epoch },
      job_key: runJobKey(job.runId),
      priority: job.priority,
      run_at: job.runAt?.toISOString(),
      max_attempts: 1000,
    })))],
  });
}

export const runJobKey = (runId: string): string => `run:${runId}`;
