/**
 * The only writer of runs, segments, steps, attempts and waits while a run is held. Every commit names the lease
 * (owner, epoch) it stands on; commits of many runs share one statement.
 */
import type { Pool, PoolClient } from "pg";
import { Batcher } from "../batcher.ts";
import { changePayloads, CHANGES_CHANNEL } from "../events.ts";
import { jsonbText } from "../jsonb.ts";
import { FailureHandlers } from "../failure-handlers.ts";
import { admitRuns, WAITS_FOR_PLACE, WAITS_FOR_WORKER } from "../limits/playbook.ts";
import { queueBacktests } from "../backtest/queue.ts";
import { addRunJobs } from "../queue.ts";
import type { Json } from "#sdk";
import type { FailureRecord } from "../errors.ts";
import type { RunStatus, WaitingOn } from "../status.ts";
import { followFamily } from "./family.ts";
import { packSegment, storePayloads } from "./payloads.ts";
import type { SegmentBody } from "./records.ts";

export interface RunCommit {
  runId: string;
  tenantId: string;
  /** The epoch of the caller's lease. */
  epoch: number;
  segment?: { seq: number; body: SegmentBody };
  steps?: StepRow[];
  attempts?: AttemptRow[];
  waits?: WaitRow[];
  /** Runs that steps of this one wait for from now on. */
  runs?: ChildRun[];
  /** Runs of that kind that nobody waits for any more. */
  cancelledRuns?: string[];
  /** Absent keeps the lease. */
  release?: Release;
}

export interface Release {
  status: RunStatus;
  /** The newest inbox item the caller has read: a newer one refuses the release. */
  seenInbox: number;
  waitingOn: WaitingOn | null;
  final: boolean;
  error: FailureRecord | null;
  result: unknown;
  /** When somebody has to look again; absent for a run that only an answer can move. */
  job?: { runAt?: Date; priority: number };
  /**
   * `next`: the run is done or waits, the one after it in its sequence may start. A run that ended before its turn came
   * instead names the run before it, for which the one after it now waits.
   */
  handOver: "next" | { before: string } | null;
  /** Of a run that its playbook's limit counts: the playbook, where there may be room now. */
  frees: string | null;
  /** With `final`: who waits for this run. */
  parent: { runId: string; stepId: string } | null;
  /** With `final`: the backtest that goes on when one of its runs has ended. */
  backtest?: string;
}

/** A run that a step starts; its id is made from the step's, so that it is started once. */
export interface ChildRun {
  runId: string;
  stepId: string;
  /** Slug. */
  playbook: string;
  input: Json;
  withAlert: boolean;
}

/** Narrow row of a step that waits, fails, retries, writes or contains. */
export interface StepRow {
  id: string;
  node_id: string;
  node_type: string;
  item: string;
  status: string;
  effect: string;
  attempt: number;
  idempotency_key: string | null;
  input_hash: string | null;
  intent_at: string | null;
  receipt_at: string | null;
  ambiguous: boolean;
  waiting_on: WaitingOn | null;
  error: FailureRecord | null;
  started_at: string | null;
  finished_at: string | null;
}

export interface AttemptRow {
  step_id: string;
  number: number;
  started_at: string;
  finished_at: string | null;
  outcome: string | null;
  error: FailureRecord | null;
  retry_at: string | null;
}

export interface WaitRow {
  id: string;
  step_id: string;
  kind: string;
  question: unknown;
  until: string | null;
  answer?: unknown;
  answered_by?: unknown;
}

/** `inbox`: something new arrived, read it first. `fenced`: the run is somebody else's now. */
export type CommitResult = "ok" | "inbox" | "fenced";

const COMMIT = `
WITH c AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS c(id uuid, epoch int, seen int, status text, waiting_on jsonb, error jsonb, result jsonb, final boolean)
), up AS (
  UPDATE runs r SET
    status = COALESCE(c.status, r.status),
    owner = CASE WHEN c.seen IS NULL THEN r.owner END,
    waiting_on = CASE WHEN c.seen IS NULL THEN r.waiting_on ELSE c.waiting_on END,
    error = COALESCE(c.error, r.error),
    result = COALESCE(c.result, r.result),
    finished_at = CASE WHEN c.final THEN now() ELSE r.finished_at END
  FROM c
  WHERE r.id = c.id AND r.epoch = c.epoch AND r.owner = $2 AND (c.seen IS NULL OR c.seen = r.inbox_seq)
  RETURNING r.id, r.tenant_id, r.epoch
), seg AS (
  INSERT INTO segments (run_id, seq, tenant_id, epoch, body)
  SELECT up.id, s.seq, up.tenant_id, up.epoch, s.body
  FROM unnest($3::uuid[], $4::int[], $5::bytea[]) AS s(run_id, seq, body) JOIN up ON up.id = s.run_id
), st AS (
  INSERT INTO steps (id, tenant_id, run_id, node_id, node_type, item, status, effect, attempt, idempotency_key, input_hash,
    intent_epoch, intent_at, receipt_at, ambiguous, waiting_on, error, started_at, finished_at)
  SELECT s.id, up.tenant_id, up.id, s.node_id, s.node_type, s.item, s.status, s.effect, s.attempt, s.idempotency_key, s.input_hash,
    CASE WHEN s.intent_at IS NULL THEN NULL ELSE up.epoch END, s.intent_at, s.receipt_at, s.ambiguous, s.waiting_on, s.error, s.started_at, s.finished_at
  FROM jsonb_to_recordset($6::jsonb) AS s(run_id uuid, id uuid, node_id text, node_type text, item text, status text, effect text, attempt int,
    idempotency_key text, input_hash text, intent_at timestamptz, receipt_at timestamptz, ambiguous boolean, waiting_on jsonb, error jsonb,
    started_at timestamptz, finished_at timestamptz) JOIN up ON up.id = s.run_id
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, effect = excluded.effect, attempt = excluded.attempt,
    idempotency_key = excluded.idempotency_key, input_hash = excluded.input_hash,
    intent_epoch = COALESCE(excluded.intent_epoch, steps.intent_epoch), intent_at = COALESCE(excluded.intent_at, steps.intent_at),
    receipt_at = excluded.receipt_at, ambiguous = excluded.ambiguous, waiting_on = excluded.waiting_on, error = excluded.error,
    started_at = excluded.started_at, finished_at = excluded.finished_at
), att AS (
  INSERT INTO attempts (step_id, number, tenant_id, run_id, started_at, finished_at, outcome, error, retry_at)
  SELECT a.step_id, a.number, up.tenant_id, up.id, a.started_at, a.finished_at, a.outcome, a.error, a.retry_at
  FROM jsonb_to_recordset($7::jsonb) AS a(run_id uuid, step_id uuid, number int, started_at timestamptz, finished_at timestamptz,
    outcome text, error jsonb, retry_at timestamptz) JOIN up ON up.id = a.run_id
  ON CONFLICT (step_id, number) DO UPDATE SET finished_at = excluded.finished_at, outcome = excluded.outcome, error = excluded.error, retry_at = excluded.retry_at
), wt AS (
  INSERT INTO waits (id, tenant_id, run_id, step_id, kind, question, until, answer, answered_by, answered_at)
  SELECT w.id, up.tenant_id, up.id, w.step_id, w.kind, w.question, w.until, w.answer, w.answered_by, CASE WHEN w.answer IS NULL THEN NULL ELSE now() END
  FROM jsonb_to_recordset($8::jsonb) AS w(run_id uuid, id uuid, step_id uuid, kind text, question jsonb, until timestamptz, answer jsonb, answered_by jsonb)
  JOIN up ON up.id = w.run_id
  ON CONFLICT (id) DO UPDATE SET answer = COALESCE(waits.answer, excluded.answer), answered_by = COALESCE(waits.answered_by, excluded.answered_by),
    answered_at = COALESCE(waits.answered_at, excluded.answered_at)
), note AS MATERIALIZED (
  SELECT pg_notify('${CHANGES_CHANNEL}', p) FROM unnest($9::text[]) AS p
)
SELECT up.id, (SELECT count(*) FROM note) AS notified FROM up`;

/** Whoever waited for a run that ended out of turn waits for the one before it; returns those before that block nobody any more. */
const BRIDGE = `
WITH b AS (SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS b(ended, earlier)), moved AS (
  UPDATE runs n SET waiting_on = jsonb_set(n.waiting_on, '{run_id}', to_jsonb(b.earlier::text))
  FROM b JOIN runs e ON e.id = b.ended
  WHERE n.sequence_id = e.sequence_id AND n.status = 'pending' AND n.waiting_on->>'kind' = 'sequence' AND n.waiting_on->>'run_id' = b.ended::text
)
SELECT r.id FROM runs r JOIN b ON b.earlier = r.id WHERE r.status NOT IN ('pending', 'running', 'cancelling')`;

const HAND_OVER = `
UPDATE runs n SET waiting_on = CASE WHEN n.limited THEN ${WAITS_FOR_PLACE} ELSE ${WAITS_FOR_WORKER} END
FROM unnest($1::uuid[]) AS done(id) JOIN runs p ON p.id = done.id
WHERE n.sequence_id = p.sequence_id AND n.status = 'pending' AND n.waiting_on->>'kind' = 'sequence' AND n.waiting_on->>'run_id' = p.id::text
RETURNING n.id, n.epoch, n.priority, n.limited, n.playbook_id`;

export class JournalWriter {
  readonly #pool: Pool;
  readonly #owner: string;
  readonly #failures = new FailureHandlers();
  readonly #batches: Batcher<RunCommit, CommitResult>;

  constructor(pool: Pool, owner: string) {
    this.#pool = pool;
    this.#owner = owner;
    // Two lanes: while one batch waits for its fsync the next is being built. More lanes only made smaller batches.
    this.#batches = new Batcher((commits) => this.#flush(commits), 200, 2);
  }

  commit(commit: RunCommit): Promise<CommitResult> {
    return this.#batches.add(commit);
  }

  async #flush(commits: RunCommit[]): Promise<CommitResult[]> {
    // Row locks in one order, whatever the order of arrival: two workers' batches cannot deadlock.
    const sorted = [...commits].sort((a, b) => (a.runId < b.runId ? -1 : 1));
    const needsTransaction = sorted.some(({ release, runs, cancelledRuns }) => runs !== undefined || cancelledRuns !== undefined || (release && (release.job || release.frees || release.handOver || release.parent || release.backtest || release.status === "failed")));
    if (!needsTransaction) {
      const accepted = await this.#write(this.#pool, sorted);
      return this.#explain(this.#pool, commits, accepted);
    }
    const client = await this.#pool.connect();
    try {
      await client.query("BEGIN");
      const accepted = await this.#write(client, sorted);
      const places = new Set<string>();
      await this.#follow(client, sorted.filter((commit) => accepted.has(commit.runId)), places);
      await addRunJobs(client, await admitRuns(client, places));
      await client.query("COMMIT");
      const results = await this.#explain(client, commits, accepted);
      client.release();
      return results;
    } catch (error) {
      // A broken connection cannot roll back; dropping it does the same.
      client.release(true);
      throw error;
    }
  }

  async #write(client: Pool | PoolClient, commits: RunCommit[]): Promise<Set<string>> {
    const rows = <T>(of: (commit: RunCommit) => T[] | undefined) => jsonbText(commits.flatMap((commit) => (of(commit) ?? []).map((row) => ({ run_id: commit.runId, ...row }))));
    const segments = commits.flatMap((commit) => (commit.segment ? [{ runId: commit.runId, seq: commit.segment.seq, packed: packSegment(commit.segment.body, commit) }] : []));
    await storePayloads(client, segments.flatMap((segment) => segment.packed.payloads));
    const { rows: accepted } = await client.query<{ id: string }>({
      name: "journal-commit",
      text: COMMIT,
      values: [
        jsonbText(commits.map(({ runId, epoch, release }) => ({
          id: runId,
          epoch,
          seen: release?.seenInbox ?? null,
          status: release?.status ?? null,
          waiting_on: release?.waitingOn ?? null,
          error: release?.error ?? null,
          result: release?.result ?? null,
          final: release?.final ?? false,
        }))),
        this.#owner,
        segments.map((segment) => segment.runId),
        segments.map((segment) => segment.seq),
        segments.map((segment) => segment.packed.body),
        rows((commit) => commit.steps),
        rows((commit) => commit.attempts),
        rows((commit) => commit.waits),
        changePayloads(commits.map((commit) => ({ tenantId: commit.tenantId, runs: [commit.runId] }))),
      ],
    });
    return new Set(accepted.map((row) => row.id));
  }

  /** The jobs that follow from accepted releases: a timer's, a hand-back's, the next run of a sequence, the run that a step wants. @param places gets the playbooks with a limit where somebody may have to be let in */
  async #follow(client: PoolClient, commits: RunCommit[], places: Set<string>): Promise<void> {
    const jobs = commits.flatMap(({ runId, epoch, release }) =>
      release?.job ? [{ runId, epoch, priority: release.job.priority, ...(release.job.runAt ? { runAt: release.job.runAt } : {}) }] : []);
    for (const { release } of commits) if (release?.frees) places.add(release.frees);
    const done = commits.filter((commit) => commit.release?.handOver === "next").map((commit) => commit.runId);
    const bridges = commits.flatMap(({ runId, release }) => (release?.handOver && release.handOver !== "next" ? [{ runId, earlier: release.handOver.before }] : []));
    if (bridges.length > 0) {
      const { rows } = await client.query<{ id: string }>({ name: "bridge", text: BRIDGE, values: [bridges.map((bridge) => bridge.runId), bridges.map((bridge) => bridge.earlier)] });
      done.push(...rows.map((row) => row.id));
    }
    if (done.length > 0) {
      const { rows } = await client.query<{ id: string; epoch: number; priority: number; limited: boolean; playbook_id: string }>({ name: "hand-over", text: HAND_OVER, values: [done] });
      for (const row of rows) {
        if (row.limited) places.add(row.playbook_id);
        else jobs.push({ runId: row.id, epoch: row.epoch, priority: row.priority });
      }
    }
    await addRunJobs(client, jobs);
    for (const commit of commits) for (const playbook of await followFamily(client, commit)) places.add(playbook);
    await queueBacktests(client, commits.flatMap(({ release }) => release?.backtest ?? []));
    for (const playbook of await this.#failures.start(client, commits.filter((commit) => commit.release?.status === "failed").map((commit) => commit.runId))) places.add(playbook);
  }

  async #explain(client: Pool | PoolClient, commits: RunCommit[], accepted: Set<string>): Promise<CommitResult[]> {
    const refused = commits.filter((commit) => !accepted.has(commit.runId)).map((commit) => commit.runId);
    if (refused.length === 0) return commits.map(() => "ok");
    const { rows } = await client.query<{ id: string; epoch: number; owner: string | null }>("SELECT id, epoch, owner FROM runs WHERE id = ANY($1::uuid[])", [refused]);
    const lease = new Map(rows.map((row) => [row.id, row]));
    return commits.map((commit) => {
      if (accepted.has(commit.runId)) return "ok";
      const now = lease.get(commit.runId);
      return now?.owner === this.#owner && now.epoch === commit.epoch ? "inbox" : "fenced";
    });
  }
}
