import type { NormalizedAlert, Severity } from "./source.ts";

/** The alert as playbooks see it: `alert` in expressions, and what `ctx.records` returns. */
export interface AlertView extends Omit<NormalizedAlert, "observed_at"> {
  id: string;
  status: string;
  determination: string;
  risk_score: number | null;
  risk_label: string | null;
  duplicate_count: number;
  correlation_id: string;
  /** Public indicators by kind: ips, domains, hashes, urls, emails, cves. Empty groups are left out; internal ones are not here. */
  iocs: Record<string, string[]>;
  assigned_username: string | null;
  observed_at: string | null;
  created_at: string;
}

export interface AlertChange {
  status?: string;
  severity?: Severity;
  determination?: string;
  /** Integer 0–100; the label follows from it (20/40/70/90). */
  risk_score?: number;
  add_tags?: string[];
  remove_tags?: string[];
  resolve_reason?: string;
}

/**
 * Playgraph's own records, the only way a node reaches them. Bound to the tenant and the step: every change is
 * written with the step's id, so that each field leads back to the step that set it.
 * All writes are idempotent per step and attempt key: a repeated call changes nothing twice.
 */
export interface Records {
  /** @throws Failure `invalid-input` when the run has no alert or it is gone. */
  getAlert(id?: string): Promise<AlertView>;
  /** @returns the alert after the change and the names of the fields that really changed. */
  updateAlert(id: string | undefined, change: AlertChange): Promise<{ alert: AlertView; changed: string[] }>;
  /**
   * Gives the alert to a user by name, or to nobody with null; one that is still waiting is in progress from then on.
   * @throws Failure `invalid-input` for a name that no active user has.
   */
  assign(id: string | undefined, username: string | null): Promise<{ alert: AlertView; changed: string[] }>;
  comment(id: string | undefined, text: string): Promise<{ comment_id: string }>;
}
