/** The SQL of ingestion: one statement per table and batch. The rows travel as one jsonb value, the raw bytes beside it. */
import type { ClientBase } from "pg";
import { jsonbText } from "../jsonb.ts";
import { type AlertEventRow, type AlertUpdate, type Delivery, type Group, type KnownAlert, alertKey } from "./delivery.ts";
import { REOPENED } from "./lifecycle.ts";
import { ALERT_VIEW_COLUMNS, type AlertViewRow, toAlertView } from "./view.ts";

const normalizedOf = ({ alert, iocs }: Delivery): Record<string, unknown> => ({ ...alert, iocs });

/** The rows that already exist, locked until the commit, so that what is decided about them still holds when it is written. */
export async function lockKnownAlerts(client: ClientBase, groups: readonly Group[]): Promise<Map<string, KnownAlert>> {
  const keyed = groups.filter((group) => group.first.dedupKey !== null);
  if (keyed.length === 0) return new Map();
  const { rows } = await client.query<AlertViewRow & { tenant_id: string; dedup_key: string; job_id: string }>({
    name: "ingest-lock-alerts",
    text: `SELECT ${ALERT_VIEW_COLUMNS}, tenant_id, dedup_key, job_id
           FROM alerts JOIN unnest($1::uuid[], $2::text[], $3::text[]) AS k(tenant_id, source, dedup_key) USING (tenant_id, source, dedup_key)
           ORDER BY tenant_id, source, dedup_key FOR UPDATE OF alerts`,
    values: [keyed.map((group) => group.first.tenantId), keyed.map((group) => group.first.alert.source), keyed.map((group) => group.first.dedupKey)],
  });
  return new Map(rows.map((row) => {
    const key = alertKey(row.tenant_id, row.source, row.dedup_key);
    return [key, { key, view: toAlertView(row), jobId: row.job_id }];
  }));
}

/** @returns how many rows were inserted: fewer than asked for means that another transaction was first with a key */
export async function insertAlerts(client: ClientBase, groups: readonly Group[]): Promise<number> {
  if (groups.length === 0) return 0;
  const rows = groups.map(({ first, last, id, correlationId, jobId, severity, deliveries }) => ({
    ...first.alert, id, tenant_id: first.tenantId, dedup_key: first.dedupKey, severity, iocs: last.iocs, normalized: normalizedOf(last),
    duplicate_count: deliveries.length, correlation_id: correlationId, job_id: jobId,
  }));
  const { rowCount } = await client.query({
    name: "ingest-insert-alerts",
    text: `INSERT INTO alerts (id, tenant_id, source, source_id, dedup_key, title, description, severity, source_ip, dest_ip, hostname, username,
             rule_id, rule_name, tags, partner, techniques, iocs, normalized, observed_at, duplicate_count, correlation_id, job_id, raw_payload)
           SELECT id, tenant_id, source, source_id, dedup_key, title, description, severity, source_ip, dest_ip, hostname, username,
             rule_id, rule_name, tags, partner, techniques, iocs, normalized, observed_at, duplicate_count, correlation_id, job_id, raw_payload
           FROM ROWS FROM (
             jsonb_to_recordset($1::jsonb) AS (id uuid, tenant_id uuid, source text, source_id text, dedup_key text, title text, description text,
               severity text, source_ip text, dest_ip text, hostname text, username text, rule_id text, rule_name text, tags text[], partner text,
               techniques text[], iocs jsonb, normalized jsonb, observed_at timestamptz, duplicate_count int, correlation_id uuid, job_id uuid),
             unnest($2::bytea[])
           ) AS r(id, tenant_id, source, source_id, dedup_key, title, description, severity, source_ip, dest_ip, hostname, username,
             rule_id, rule_name, tags, partner, techniques, iocs, normalized, observed_at, duplicate_count, correlation_id, job_id, raw_payload)
           ON CONFLICT (tenant_id, source, dedup_key) DO NOTHING`,
    values: [jsonbText(rows), groups.map((group) => group.last.raw)],
  });
  return rowCount ?? 0;
}

/** @param updates of rows that this transaction has locked */
export async function updateAlerts(client: ClientBase, updates: readonly AlertUpdate[]): Promise<void> {
  if (updates.length === 0) return;
  await client.query({
    name: "ingest-update-alerts",
    text: `UPDATE alerts AS a SET duplicate_count = a.duplicate_count + r.count, severity = r.severity, iocs = r.iocs, normalized = r.normalized,
             raw_payload = r.raw_payload, status = CASE WHEN r.reopen THEN $3 ELSE a.status END,
             resolved_at = CASE WHEN r.reopen THEN NULL ELSE a.resolved_at END, resolve_reason = CASE WHEN r.reopen THEN NULL ELSE a.resolve_reason END,
             updated_at = now()
           FROM ROWS FROM (
             jsonb_to_recordset($1::jsonb) AS (id uuid, count int, severity text, iocs jsonb, normalized jsonb, reopen boolean),
             unnest($2::bytea[])
           ) AS r(id, count, severity, iocs, normalized, reopen, raw_payload)
           WHERE a.id = r.id`,
    values: [
      jsonbText(updates.map(({ id, count, severity, reopen, last }) => ({ id, count, severity, reopen, iocs: last.iocs, normalized: normalizedOf(last) }))),
      updates.map((update) => update.last.raw),
      REOPENED,
    ],
  });
}

export async function insertAlertEvents(client: ClientBase, events: readonly AlertEventRow[]): Promise<void> {
  if (events.length === 0) return;
  await client.query({
    name: "ingest-insert-events",
    text: `INSERT INTO alert_events (id, tenant_id, alert_id, action, actor_kind, actor_id, actor_name, detail, data)
           SELECT id, tenant_id, alert_id, action, actor_kind, actor_id, actor_name, detail, data
           FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, tenant_id uuid, alert_id uuid, action text, actor_kind text, actor_id text, actor_name text, detail text, data jsonb)`,
    values: [jsonbText(events)],
  });
}
