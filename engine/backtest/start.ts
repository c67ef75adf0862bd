/** Beginning and cancelling a backtest, in the caller's transaction. */
import type { ClientBase } from "pg";
import { uuidv7 } from "../ids.ts";
import { jsonbText } from "../jsonb.ts";
import type { BacktestOptions } from "./policy.ts";
import { queueBacktests } from "./queue.ts";

/** Alerts of one backtest. */
export const MOST_ALERTS = 1000;

/** The newest alerts on which the playbook ran live, or the newest of all where it never did; or these. */
export type Selection = { last: number; since?: string; until?: string } | { alert_ids: string[] };

export interface BacktestRequest extends BacktestOptions {
  tenantId: string;
  playbookId: string;
  /** The snapshot of the draft. */
  draftVersionId: string;
  selection: Selection;
  actor: { id: string | null; name: string };
}

export type BacktestResult = { backtestId: string; total: number } | { error: "playbook-not-found" | "alert-not-found" | "no-alerts" };

export async function startBacktest(client: ClientBase, { tenantId, playbookId, draftVersionId, selection, missing, approvals, actor }: BacktestRequest): Promise<BacktestResult> {
  const { rows: [playbook] } = await client.query<{ published_version_id: string | null }>(
    "SELECT p.published_version_id FROM playbooks p JOIN playbook_versions v ON v.playbook_id = p.id AND v.id = $3 WHERE p.id = $2 AND p.tenant_id = $1", [tenantId, playbookId, draftVersionId]);
  if (!playbook) return { error: "playbook-not-found" };
  const alerts = await chosen(client, tenantId, playbookId, selection);
  if ("alert_ids" in selection && alerts.length < new Set(selection.alert_ids).size) return { error: "alert-not-found" };
  if (alerts.length === 0) return { error: "no-alerts" };
  const id = uuidv7();
  await client.query(
    `INSERT INTO backtests (id, tenant_id, playbook_id, draft_version_id, published_version_id, selection, missing, approvals, total, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [id, tenantId, playbookId, draftVersionId, playbook.published_version_id, jsonbText(selection), missing, approvals, alerts.length, actor.name],
  );
  await client.query("INSERT INTO backtest_alerts (backtest_id, position, tenant_id, alert_id) SELECT $1, a.position, $2, a.id FROM unnest($3::uuid[]) WITH ORDINALITY AS a(id, position)", [id, tenantId, alerts]);
  await queueBacktests(client, [id]);
  return { backtestId: id, total: alerts.length };
}

/** Ids, newest first. */
async function chosen(client: ClientBase, tenantId: string, playbookId: string, selection: Selection): Promise<string[]> {
  if ("alert_ids" in selection) {
    const { rows } = await client.query<{ id: string }>("SELECT id FROM alerts WHERE tenant_id = $1 AND id = ANY($2::uuid[]) ORDER BY created_at DESC, id DESC LIMIT $3", [tenantId, selection.alert_ids, MOST_ALERTS]);
    return rows.map(({ id }) => id);
  }
  const { last, since = null, until = null } = selection;
  const between = "a.tenant_id = $1 AND ($3::timestamptz IS NULL OR a.created_at >= $3) AND ($4::timestamptz IS NULL OR a.created_at < $4)";
  const met = await client.query<{ id: string }>(
    `SELECT a.id FROM alerts a JOIN (
       SELECT DISTINCT alert_id FROM runs WHERE playbook_id = $2 AND mode = 'live' AND alert_id IS NOT NULL AND ($3::timestamptz IS NULL OR created_at >= $3)
     ) r ON r.alert_id = a.id WHERE ${between} ORDER BY a.created_at DESC, a.id DESC LIMIT $5`,
    [tenantId, playbookId, since, until, Math.min(last, MOST_ALERTS)],
  );
  if (met.rows.length > 0) return met.rows.map(({ id }) => id);
  const { rows } = await client.query<{ id: string }>(`SELECT a.id FROM alerts a WHERE ${between} AND $2::uuid IS NOT NULL ORDER BY a.created_at DESC, a.id DESC LIMIT $5`, [tenantId, playbookId, since, until, Math.min(last, MOST_ALERTS)]);
  return rows.map(({ id }) => id);
}

export async function cancelBacktest(client: ClientBase, { tenantId, backtestId }: { tenantId: string; backtestId: string }): Promise<"cancelling" | "already-finished" | "not-found"> {
  const { rows: [backtest] } = await client.query<{ finished_at: Date | null }>("SELECT finished_at FROM backtests WHERE id = $1 AND tenant_id = $2 FOR UPDATE", [backtestId, tenantId]);
  if (!backtest) return "not-found";
  if (backtest.finished_at) return "already-finished";
  await client.query("UPDATE backtests SET status = 'cancelling' WHERE id = $1", [backtestId]);
  await queueBacktests(client, [backtestId]);
  return "cancelling";
}
