/** One of everything that belongs to a tenant, straight into the tables: for tests that look at who may see it. */
import { randomUUID } from "node:crypto";
import type pg from "pg";

export interface Rows { alert: string; run: string; playbook: string; slug: string; key: string; connection: string; backtest: string }

export async function insertRows(owner: pg.Pool, tenantId: string): Promise<Rows> {
  const [alert, run, playbook, version, key, connection, backtest] = Array.from({ length: 7 }, () => randomUUID()) as [string, string, string, string, string, string, string];
  const slug = `p-${playbook.slice(0, 8)}`;
  const document = { format: 1, name: `P ${playbook}`, description: "", trigger: {}, vars: {}, nodes: [], edges: [] };
  await owner.query("INSERT INTO alerts (id, tenant_id, source, title, severity, raw_payload, correlation_id, job_id) VALUES ($1, $2, 'x', 'T', 'high', '{}', $1, $1)", [alert, tenantId]);
  await owner.query("INSERT INTO playbooks (id, tenant_id, slug, name, published_version_id) VALUES ($1, $2, $3, $4, $5)", [playbook, tenantId, slug, document.name, version]);
  await owner.query("INSERT INTO playbook_versions (id, tenant_id, playbook_id, number, document, layout, content_hash) VALUES ($1, $2, $3, 1, $4, '{}', '')", [version, tenantId, playbook, document]);
  await owner.query("INSERT INTO playbook_drafts (playbook_id, tenant_id, document, layout, files) VALUES ($1, $2, $3, '{}', '{}')", [playbook, tenantId, { ...document, name: `Draft ${playbook}` }]);
  await owner.query("INSERT INTO runs (id, tenant_id, playbook_id, version_id, alert_id, correlation_id, origin, status) VALUES ($1, $2, $3, $4, $5, $1, '{}', 'success')", [run, tenantId, playbook, version, alert]);
  await owner.query("INSERT INTO api_keys (id, tenant_id, name, prefix, hash) VALUES ($1::uuid, $2, 'k', 'k', $1::text)", [key, tenantId]);
  await owner.query("INSERT INTO connections (id, tenant_id, type, name) VALUES ($1::uuid, $2, 'slack', $1::text)", [connection, tenantId]);
  await owner.query(
    "INSERT INTO backtests (id, tenant_id, playbook_id, draft_version_id, selection, missing, approvals, status, total, finished_at) VALUES ($1, $2, $3, $4, '{\"last\":1}', 'fail', 'recorded', 'finished', 1, now())",
    [backtest, tenantId, playbook, version],
  );
  await owner.query("INSERT INTO backtest_alerts (backtest_id, position, tenant_id, alert_id, outcome) VALUES ($1, 1, $2, $3, 'same')", [backtest, tenantId, alert]);
  return { alert, run, playbook, slug, key, connection, backtest };
}
