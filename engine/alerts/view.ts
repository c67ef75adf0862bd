/** An alert as playbooks see it: `alert` in expressions, what `ctx.records` returns, and the subject of conditions. */
import type { AlertView, NormalizedAlert, Severity } from "#sdk";

export const ALERT_VIEW_COLUMNS = `id, title, description, severity, source, source_id, rule_id, rule_name, hostname, username, source_ip, dest_ip, tags, partner,
  techniques, observed_at, status, determination, risk_score, risk_label, duplicate_count, correlation_id, iocs, assigned_username, created_at`;

/** What `pg` gives for ALERT_VIEW_COLUMNS. */
export interface AlertViewRow extends Omit<AlertView, "severity" | "observed_at" | "created_at" | "iocs"> {
  /** With the internal ones apart, under `internal`. */
  iocs: object;
  severity: string;
  observed_at: Date | null;
  created_at: Date;
}

export function toAlertView(row: AlertViewRow): AlertView {
  return {
    id: row.id,
    title: row.title,
    description: row.description,
    severity: row.severity as Severity,
    source: row.source,
    source_id: row.source_id,
    rule_id: row.rule_id,
    rule_name: row.rule_name,
    hostname: row.hostname,
    username: row.username,
    source_ip: row.source_ip,
    dest_ip: row.dest_ip,
    tags: row.tags,
    partner: row.partner,
    techniques: row.techniques,
    observed_at: row.observed_at?.toISOString() ?? null,
    status: row.status,
    determination: row.determination,
    risk_score: row.risk_score,
    risk_label: row.risk_label,
    duplicate_count: row.duplicate_count,
    correlation_id: row.correlation_id,
    iocs: publicIocs(row.iocs),
    assigned_username: row.assigned_username,
    created_at: row.created_at.toISOString(),
  };
}

export interface NewAlert {
  id: string;
  correlationId: string;
  alert: NormalizedAlert;
  iocs: object;
  duplicateCount: number;
}

/** An alert of which nothing is stored yet. */
export function newAlertView({ id, correlationId, alert, iocs, duplicateCount }: NewAlert): AlertView {
  return {
    ...alert,
    observed_at: alert.observed_at?.toISOString() ?? null,
    id,
    status: "new",
    determination: "unknown",
    risk_score: null,
    risk_label: null,
    duplicate_count: duplicateCount,
    correlation_id: correlationId,
    iocs: publicIocs(iocs),
    assigned_username: null,
    created_at: new Date().toISOString(),
  };
}

/** Internal observables stay out: a playbook that looks things up must not have to remember to leave them out. */
export function publicIocs(iocs: object): Record<string, string[]> {
  const { internal: _internal, ...groups } = iocs as Record<string, string[]>;
  return groups;
}
