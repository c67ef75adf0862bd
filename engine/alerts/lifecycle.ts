/**
 * The life of an alert: its statuses, which may follow which, and what else must be true. Pure; API, ingestion and nodes share it.
 *
 *   new → enriching → analyzing → in_progress ⇄ investigating → resolved → closed
 *                         └ low: closed    └ escalated, false_positive (→ closed)
 *
 * A finished alert goes back to `in_progress` when a person takes it up again, to `new` when it happens again (REOPENED).
 */
export const ALERT_STATUSES = ["new", "enriching", "analyzing", "in_progress", "investigating", "escalated", "false_positive", "resolved", "closed"] as const;
export type AlertStatus = (typeof ALERT_STATUSES)[number];

export const DETERMINATIONS = ["unknown", "malicious", "suspicious", "benign"] as const;
export type Determination = (typeof DETERMINATIONS)[number];

export const RISK_LABELS = ["info", "low", "medium", "high", "critical"] as const;
export type RiskLabel = (typeof RISK_LABELS)[number];

export const isAlertStatus = (value: string): value is AlertStatus => (ALERT_STATUSES as readonly string[]).includes(value);
export const isDetermination = (value: string): value is Determination => (DETERMINATIONS as readonly string[]).includes(value);

const NEXT: Record<AlertStatus, readonly AlertStatus[]> = {
  new: ["enriching", "analyzing", "in_progress", "investigating", "escalated", "false_positive", "resolved"],
  enriching: ["new", "analyzing", "in_progress", "investigating", "escalated", "false_positive", "resolved"],
  analyzing: ["new", "in_progress", "investigating", "escalated", "false_positive", "resolved", "closed"],
  in_progress: ["investigating", "escalated", "false_positive", "resolved"],
  investigating: ["in_progress", "escalated", "false_positive", "resolved"],
  escalated: ["in_progress", "investigating", "false_positive", "resolved"],
  false_positive: ["in_progress", "closed"],
  resolved: ["in_progress", "closed"],
  closed: ["in_progress"],
};

export const nextStatuses = (from: AlertStatus): readonly AlertStatus[] => NEXT[from];

/** Nobody needs to do anything about it any more; `resolved_at` is set exactly in these. */
export const isFinished = (status: AlertStatus): boolean => status === "false_positive" || status === "resolved" || status === "closed";

/** The three statuses of the first source system, for counts and for clients that know only those. */
export const coarseStatus = (status: AlertStatus): "new" | "in_progress" | "resolved" =>
  isFinished(status) ? "resolved" : status === "new" || status === "enriching" || status === "analyzing" ? "new" : "in_progress";

/** ≥ the lower bound: 20 low, 40 medium, 70 high, 90 critical. */
export const riskLabel = (score: number): RiskLabel =>
  score >= 90 ? "critical" : score >= 70 ? "high" : score >= 40 ? "medium" : score >= 20 ? "low" : "info";

/** Where a finished alert goes when it is delivered again: back to the queue, unless somebody found it harmless (R62). */
export const REOPENED: AlertStatus = "new";
export const reopensOnDuplicate = (status: string, determination: string): boolean => status === "resolved" && determination !== "benign";

export type Transition =
  | { ok: true; status: AlertStatus; determination: Determination; resolved: "set" | "clear" | "keep" }
  | { ok: false; reason: "unknown-value" | "not-allowed" | "determination-required"; field: "status" | "determination"; message: string };

export interface TransitionRequest {
  status: string;
  determination: string;
  to: { status?: string; determination?: string };
}

/** Decides a change of status and determination together, since resolving needs a determination (R69). */
export function transition({ status, determination, to }: TransitionRequest): Transition {
  const wantedStatus = to.status ?? status;
  const wantedDetermination = to.determination ?? determination;
  if (!isAlertStatus(wantedStatus) || !isAlertStatus(status)) {
    return { ok: false, reason: "unknown-value", field: "status", message: `"${wantedStatus}" is not a status: use ${ALERT_STATUSES.join(", ")}` };
  }
  if (!isDetermination(wantedDetermination)) {
    return { ok: false, reason: "unknown-value", field: "determination", message: `"${wantedDetermination}" is not a determination: use ${DETERMINATIONS.join(", ")}` };
  }
  if (wantedStatus !== status && !NEXT[status].includes(wantedStatus)) {
    return { ok: false, reason: "not-allowed", field: "status", message: `an alert that is ${status} can become ${NEXT[status].join(", ")}, not ${wantedStatus}` };
  }
  if (wantedStatus === "resolved" && wantedDetermination === "unknown") {
    return { ok: false, reason: "determination-required", field: "determination", message: "resolving needs a determination other than unknown" };
  }
  const settled = wantedStatus === "false_positive" && wantedDetermination === "unknown" ? "benign" : wantedDetermination;
  const resolved = isFinished(wantedStatus) === isFinished(status) ? "keep" : isFinished(wantedStatus) ? "set" : "clear";
  return { ok: true, status: wantedStatus, determination: settled, resolved };
}
