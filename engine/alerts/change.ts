/** What a change asked for by a step means for an alert: columns with old and new value. Pure; refuses with a Failure. */
import { type AlertChange, type AlertView, Failure, SEVERITIES } from "#sdk";
import { coarseStatus, isAlertStatus, riskLabel, transition } from "./lifecycle.ts";
import { LIMITS, storable, toList } from "./text.ts";

export type Column = "status" | "determination" | "resolved_at" | "resolve_reason" | "severity" | "risk_score" | "risk_label" | "tags" | "assigned_to" | "assigned_username";

export interface FieldChange {
  /** What was asked for that led to it: its event's name. */
  field: keyof AlertChange | "assigned_to";
  column: Column;
  /** What the history calls it, where that is not the column. */
  label?: string;
  old: unknown;
  value: unknown;
  /** Null for columns that only follow another one and have no event of their own. */
  action: "status_change" | "determination_set" | "severity_change" | "assigned" | "updated" | null;
  detail?: string;
}

const MAX_REASON = 2000;

/** @throws Failure `invalid-input` for values that no alert can have, `rejected` for a change that the alert's state forbids */
export function planChange(alert: AlertView, resolveReason: string | null, change: AlertChange): FieldChange[] {
  return [...planState(alert, change), ...planReason(resolveReason, change), ...planSeverity(alert, change), ...planRisk(alert, change), ...planTags(alert, change)];
}

/** Whoever is given an alert that nobody works on yet has it in progress (R133); taking it from somebody changes nothing else. */
export function planAssignment(alert: AlertView, assignedTo: string | null, assignee: { id: string; username: string } | null): FieldChange[] {
  const starts = assignee !== null && isAlertStatus(alert.status) && coarseStatus(alert.status) === "new";
  const started = starts ? planState(alert, { status: "in_progress" }) : [];
  if ((assignee?.id ?? null) === assignedTo) return started;
  return [
    // People read names in the history, as in that of a person's own assignment.
    { field: "assigned_to", column: "assigned_username", label: "assigned_to", old: alert.assigned_username, value: assignee?.username ?? null, action: "assigned" },
    { field: "assigned_to", column: "assigned_to", old: assignedTo, value: assignee?.id ?? null, action: null },
    ...started,
  ];
}

function planState(alert: AlertView, change: AlertChange): FieldChange[] {
  if (change.status === undefined && change.determination === undefined) return [];
  const to = { ...(change.status === undefined ? {} : { status: change.status }), ...(change.determination === undefined ? {} : { determination: change.determination }) };
  const next = transition({ status: alert.status, determination: alert.determination, to });
  if (!next.ok) throw new Failure(next.reason === "unknown-value" ? "invalid-input" : "rejected", next.message, { details: { field: next.field } });
  const changes: FieldChange[] = [];
  if (next.determination !== alert.determination) {
    changes.push({ field: "determination", column: "determination", old: alert.determination, value: next.determination, action: "determination_set" });
  }
  if (next.status !== alert.status) {
    changes.push({ field: "status", column: "status", old: alert.status, value: next.status, action: "status_change", ...(change.resolve_reason === undefined ? {} : { detail: storable(change.resolve_reason).slice(0, MAX_REASON) }) });
  }
  if (next.resolved !== "keep") changes.push({ field: "status", column: "resolved_at", old: null, value: next.resolved === "set" ? new Date() : null, action: null });
  return changes;
}

function planReason(old: string | null, { resolve_reason }: AlertChange): FieldChange[] {
  if (resolve_reason === undefined) return [];
  const value = storable(resolve_reason).trim().slice(0, MAX_REASON).toWellFormed();
  return value === (old ?? "") ? [] : [{ field: "resolve_reason", column: "resolve_reason", old, value, action: "updated" }];
}

function planSeverity({ severity: old }: AlertView, { severity }: AlertChange): FieldChange[] {
  if (severity === undefined || severity === old) return [];
  if (!SEVERITIES.includes(severity)) throw new Failure("invalid-input", `"${String(severity)}" is not a severity: use ${SEVERITIES.join(", ")}`, { details: { field: "severity" } });
  return [{ field: "severity", column: "severity", old, value: severity, action: "severity_change" }];
}

function planRisk(alert: AlertView, { risk_score: score }: AlertChange): FieldChange[] {
  if (score === undefined || score === alert.risk_score) return [];
  if (!Number.isInteger(score) || score < 0 || score > 100) throw new Failure("invalid-input", "a risk score is a whole number from 0 to 100", { details: { field: "risk_score" } });
  return [
    { field: "risk_score", column: "risk_score", old: alert.risk_score, value: score, action: "updated" },
    { field: "risk_score", column: "risk_label", old: alert.risk_label, value: riskLabel(score), action: null },
  ];
}

/** Adding and removing are two fields of the change and one column: the event belongs to the first that is given. */
function planTags({ tags: old }: AlertView, { add_tags, remove_tags }: AlertChange): FieldChange[] {
  const removed = new Set(toList(remove_tags, LIMITS.tag, LIMITS.tags));
  const value = [...new Set([...old.filter((tag) => !removed.has(tag)), ...toList(add_tags, LIMITS.tag, LIMITS.tags)])].slice(0, LIMITS.tags);
  if (value.length === old.length && value.every((tag, at) => tag === old[at])) return [];
  return [{ field: add_tags === undefined ? "remove_tags" : "add_tags", column: "tags", old, value, action: "updated" }];
}
