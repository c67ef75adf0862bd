/**
 * Lets a backtest go on: compares what has ended, starts what has room, ends it. Whoever calls it, and however often, it does what
 * is due and no more: it is called when one of its runs has ended, when it is cancelled, and when a worker has died.
 */
import type { ClientBase, Pool } from "pg";
import { notifyChanges } from "../events.ts";
import { uuidv7 } from "../ids.ts";
import { appendInbox } from "../journal/inbox.ts";
import { jsonbText } from "../jsonb.ts";
import { BACKTEST_PRIORITY, insertRuns, type NewRun } from "../queue.ts";
import { compare } from "./compare.ts";
import { queueBacktests } from "./queue.ts";
import { summarize } from "./summary.ts";

/** Runs of one backtest that are queued or at work: a backlog of them never grows, and live runs find workers that are free. */
const AT_A_TIME = 4;
/** Alerts that are compared in one transaction. */
const COMPARED_AT_A_TIME = 20;

interface BacktestRow {
  id: string;
  tenant_id: string;
  playbook_id: string;
  draft_version_id: string;
  published_version_id: string | null;
  status: "running" | "cancelling";
  created_by: string | null;
}

interface AlertRow {
  position: number;
  alert_id: string;
  correlation_id: string | null;
  draft_run_id: string | null;
  published_run_id: string | null;
}

export async function advanceBacktest(pool: Pool, id: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    // Calls queue here; whoever comes later sees what the one before has done.
    const { rows: [backtest] } = await client.query<BacktestRow>("SELECT id, tenant_id, playbook_id, draft_version_id, published_version_id, status, created_by FROM backtests WHERE id = $1 AND finished_at IS NULL FOR UPDATE", [id]);
    if (backtest) await advance(client, backtest);
    await client.query("COMMIT");
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function advance(client: ClientBase, backtest: BacktestRow): Promise<void> {
  const compared = await compareEnded(client, backtest);
  if (compared === COMPARED_AT_A_TIME) await queueBacktests(client, [backtest.id]);
  const open = await openRuns(client, backtest.id);
  if (backtest.status === "cancelling") await cancelRuns(client, backtest, open);
  else if (open.length < AT_A_TIME) await startRuns(client, backtest, AT_A_TIME - open.length);
  await finish(client, backtest);
  // A backtest is among the runs to whoever listens.
  await notifyChanges(client, [{ tenantId: backtest.tenant_id, runs: [backtest.id] }]);
}

/** Both runs have ended, or the one there is. @returns how many */
async function compareEnded(client: ClientBase, { id, draft_version_id, published_version_id }: BacktestRow): Promise<number> {
  const { rows: ended } = await client.query<AlertRow & { draft_run_id: string }>(
    `SELECT a.position, a.alert_id, a.draft_run_id, a.published_run_id FROM backtest_alerts a
     JOIN runs d ON d.id = a.draft_run_id AND d.finished_at IS NOT NULL
     LEFT JOIN runs p ON p.id = a.published_run_id
     WHERE a.backtest_id = $1 AND a.outcome IS NULL AND ($2::uuid IS NULL OR p.finished_at IS NOT NULL) ORDER BY a.position LIMIT $3`,
    [id, published_version_id, COMPARED_AT_A_TIME],
  );
  if (ended.length === 0) return 0;
  const nodes = { draft: await nodeNames(client, draft_version_id), published: published_version_id === null ? new Map<string, string>() : await nodeNames(client, published_version_id) };
  for (const { position, draft_run_id, published_run_id } of ended) {
    const draft = await summarize(client, draft_run_id);
    const published = published_run_id === null ? null : await summarize(client, published_run_id);
    const { outcome, differences } = compare(draft, published, nodes);
    await client.query("UPDATE backtest_alerts SET outcome = $3, differences = $4, draft = $5, published = $6 WHERE backtest_id = $1 AND position = $2",
      [id, position, outcome, differences.map((text) => text.replaceAll("\0", "\uFFFD")), jsonbText(draft), published && jsonbText(published)]);
  }
  return ended.length;
}

/** By id: the title, where one was given. */
async function nodeNames(client: ClientBase, versionId: string): Promise<Map<string, string>> {
  const { rows } = await client.query<{ id: string; name: string }>("SELECT n->>'id' AS id, COALESCE(n->>'title', n->>'id') AS name FROM playbook_versions v, jsonb_array_elements(v.document->'nodes') AS n WHERE v.id = $1", [versionId]);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

async function openRuns(client: ClientBase, id: string): Promise<{ id: string; status: string }[]> {
  const { rows } = await client.query<{ id: string; status: string }>(
    "SELECT r.id, r.status FROM backtest_alerts a JOIN runs r ON r.id IN (a.draft_run_id, a.published_run_id) WHERE a.backtest_id = $1 AND a.outcome IS NULL AND r.finished_at IS NULL ORDER BY r.id", [id]);
  return rows;
}

async function startRuns(client: ClientBase, backtest: BacktestRow, room: number): Promise<void> {
  const { rows } = await client.query<AlertRow>(
    `SELECT a.position, a.alert_id, a.draft_run_id, a.published_run_id, l.correlation_id FROM backtest_alerts a LEFT JOIN alerts l ON l.id = a.alert_id AND l.tenant_id = a.tenant_id
     WHERE a.backtest_id = $1 AND (a.draft_run_id IS NULL OR (a.published_run_id IS NULL AND $2::uuid IS NOT NULL)) ORDER BY a.position LIMIT $3`,
    [backtest.id, backtest.published_version_id, room],
  );
  const runs: NewRun[] = [];
  for (const alert of rows) {
    for (const side of ["draft", "published"] as const) {
      const versionId = backtest[`${side}_version_id`];
      if (versionId === null || alert[`${side}_run_id`] !== null || runs.length === room) continue;
      const id = uuidv7();
      runs.push({
        id, tenantId: backtest.tenant_id, playbookId: backtest.playbook_id, versionId, alertId: alert.alert_id, correlationId: alert.correlation_id ?? uuidv7(), mode: "backtest",
        priority: BACKTEST_PRIORITY, sequence: null, origin: { kind: "manual", by: backtest.created_by }, input: null, backtestId: backtest.id,
      });
      await client.query(`UPDATE backtest_alerts SET ${side}_run_id = $3 WHERE backtest_id = $1 AND position = $2`, [backtest.id, alert.position, id]);
    }
  }
  await insertRuns(client, runs);
}

async function cancelRuns(client: ClientBase, { tenant_id, created_by }: BacktestRow, open: readonly { id: string; status: string }[]): Promise<void> {
  for (const { id, status } of open) {
    if (status !== "cancelling") await appendInbox(client, tenant_id, id, { kind: "cancel", actor: { id: null, name: created_by ?? "somebody" }, reason: "the backtest was cancelled" });
  }
}

/** Cancelled, it ends when nothing of it is at work any more; else when everything is compared. */
async function finish(client: ClientBase, { id, status }: BacktestRow): Promise<void> {
  await client.query(
    status === "cancelling"
      ? `UPDATE backtests SET status = 'cancelled', finished_at = now() WHERE id = $1 AND NOT EXISTS (
           SELECT FROM backtest_alerts a JOIN runs r ON r.id IN (a.draft_run_id, a.published_run_id) WHERE a.backtest_id = $1 AND r.finished_at IS NULL)`
      : "UPDATE backtests SET status = 'finished', finished_at = now() WHERE id = $1 AND NOT EXISTS (SELECT FROM backtest_alerts WHERE backtest_id = $1 AND outcome IS NULL)",
    [id],
  );
}
