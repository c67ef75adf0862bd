/** What a person's change of an alert writes: the new column values and one history entry per field that really changes. Pure. */
import { transition } from "#engine/alerts/lifecycle.ts";
import { Refusal } from "./refusal.ts";

/** The row before the change. */
export interface AlertState {
  id: string;
  status: string;
  severity: string;
  determination: string;
  partner: string | null;
  tags: string[];
  assigned_to: string | null;
  assigned_username: string | null;
  resolve_reason: string | null;
}

export interface AlertChangeRequest {
  status?: string;
  severity?: string;
  determination?: string;
  partner?: string | null;
  tags?: string[];
  /** A user's id; null unassigns. */
  assigned_to?: string | null;
  resolve_reason?: string | null;
}

export interface ChangeEvent {
  action: string;
  detail?: string;
  data?: { field: string; old: string | string[] | null; new: string | string[] | null };
}

export interface ChangeDecision {
  set: {
    status?: string;
    severity?: string;
    determination?: string;
    partner?: string | null;
    tags?: string[];
    assigned_to?: string | null;
    assigned_username?: string | null;
    resolve_reason?: string | null;
    resolved_at?: Date | null;
  };
  events: ChangeEvent[];
}

const ACTIONS = { status: "status_change", severity: "severity_change", determination: "determination_set" } as const;

/** @param change `assignee` is whom `assigned_to` names. @throws Refusal invalid, conflict. */
export function decideChange(state: AlertState, change: AlertChangeRequest & { assignee?: { id: string; username: string } }, now: Date): ChangeDecision {
  const decision: ChangeDecision = { set: {}, events: [] };
  const set = <F extends "status" | "severity" | "determination" | "partner" | "resolve_reason">(field: F, value: ChangeDecision["set"][F]) => {
    if (value === undefined || value === state[field]) return;
    decision.set[field] = value;
    decision.events.push({ action: field in ACTIONS ? ACTIONS[field as keyof typeof ACTIONS] : "updated", data: { field, old: state[field], new: value ?? null } });
  };

  if (change.status !== undefined || change.determination !== undefined) {
    const to = transition({ status: state.status, determination: state.determination, to: { status: change.status, determination: change.determination } });
    if (!to.ok) throw new Refusal(to.reason === "not-allowed" ? "conflict" : "invalid", to.message, [{ loc: ["body", to.field], msg: to.message }]);
    set("status", to.status);
    set("determination", to.determination);
    if (to.resolved === "set") decision.set.resolved_at = now;
    if (to.resolved === "clear") decision.set.resolved_at = null;
  }
  set("severity", change.severity);
  set("partner", change.partner);
  set("resolve_reason", change.resolve_reason);
  if (change.tags !== undefined) setTags(state, change.tags, decision);
  if (change.assigned_to !== undefined && change.assigned_to !== state.assigned_to) {
    const username = change.assignee?.username ?? null;
    decision.set.assigned_to = change.assigned_to;
    decision.set.assigned_username = username;
    decision.events.push({ action: "assigned", data: { field: "assigned_to", old: state.assigned_username, new: username } });
  }
  return decision;
}

function setTags(state: AlertState, wanted: string[], decision: ChangeDecision): void {
  const tags = [...new Set(wanted)];
  if (tags.length === state.tags.length && tags.every((tag, at) => tag === state.tags[at])) return;
  decision.set.tags = tags;
  decision.events.push({ action: "updated", data: { field: "tags", old: state.tags, new: tags } });
}
