/** One alert: everything known about it, its history, and the changes people make. The list is in alert-query.server.ts. */
import { randomUUID } from "node:crypto";
import type { Actor } from "#app/server/context.ts";
import { changePayloads, CHANGES_CHANNEL } from "#engine/events.ts";
import type { Db, TenantTx } from "#prisma";
import type { Prisma } from "#prisma/generated/client.ts";
import { decideChange, type AlertChangeRequest, type AlertState, type ChangeEvent } from "./alert-change.ts";
import { type AlertRow, SUMMARY_COLUMNS, toSummary } from "./alert-query.server.ts";
import { isUuid } from "./page.ts";
import { Refusal } from "./refusal.ts";
import { findAssignee } from "./user.server.ts";
import type { AlertDetail, AlertEventWire, Iocs } from "./wire.ts";

export { alertCounts, type AlertCounts, type AlertFilter, type AlertPage, listAlerts } from "./alert-query.server.ts";
export type { AlertChangeRequest } from "./alert-change.ts";

interface DetailRow extends AlertRow {
  description: string | null;
  rule_id: string | null;
  iocs: Iocs & { internal?: Iocs };
  resolved_at: Date | null;
  resolve_reason: string | null;
  raw_payload: Uint8Array;
  normalized: unknown;
}

/** @returns null for an unknown id, and for what is none. */
export async function getAlert(db: Db, tenantId: string, alertId: string): Promise<AlertDetail | null> {
  if (!isUuid(alertId)) return null;
  return db.withTenant(tenantId, (tx) => readAlert(tx, tenantId, alertId));
}

async function readAlert(tx: TenantTx, tenantId: string, alertId: string): Promise<AlertDetail | null> {
  const [row] = await tx.$queryRaw<DetailRow[]>`SELECT ${SUMMARY_COLUMNS}, description, rule_id, iocs, resolved_at, resolve_reason, raw_payload, normalized
    FROM alerts WHERE tenant_id = ${tenantId}::uuid AND id = ${alertId}::uuid`;
  if (!row) return null;
  const { description, rule_id, iocs: { internal = {}, ...iocs }, resolved_at, resolve_reason, raw_payload, normalized, ...summary } = row;
  return {
    ...toSummary(summary),
    description,
    rule_id,
    iocs,
    internal_iocs: internal,
    resolved_at: resolved_at?.toISOString() ?? null,
    resolve_reason,
    raw_payload: parseRaw(raw_payload),
    normalized,
  };
}

/** Deeper JSON would overflow the stack when it is written again, so it stays text. */
const MAX_RAW_DEPTH = 500;

function parseRaw(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  try {
    return depthWithin(text, MAX_RAW_DEPTH) ? (JSON.parse(text) as unknown) : text;
  } catch {
    return text;
  }
}

/** Counts brackets, those in strings too: too careful at worst. */
function depthWithin(text: string, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x7b || code === 0x5b) {
      if (++depth > limit) return false;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return true;
}

interface EventRow {
  id: string;
  at: Date;
  action: string;
  actor_kind: AlertEventWire["actor"]["kind"];
  actor_id: string | null;
  actor_name: string | null;
  run_id: string | null;
  step_id: string | null;
  detail: string | null;
  data: AlertEventWire["data"];
  playbook_name: string | null;
  node_id: string | null;
}

/** Newest first. */
export async function listAlertEvents(db: Db, tenantId: string, alertId: string, page: { limit: number; offset?: number }): Promise<{ activities: AlertEventWire[]; total: number }> {
  if (!isUuid(alertId)) return { activities: [], total: 0 };
  return db.withTenant(tenantId, async (tx) => {
    const rows = await tx.$queryRaw<EventRow[]>`SELECT e.id, e.at, e.action, e.actor_kind, e.actor_id, e.actor_name, e.run_id, e.step_id, e.detail, e.data,
        p.name AS playbook_name, s.node_id
      FROM alert_events e LEFT JOIN runs r ON r.id = e.run_id LEFT JOIN playbooks p ON p.id = r.playbook_id LEFT JOIN steps s ON s.id = e.step_id
      WHERE e.tenant_id = ${tenantId}::uuid AND e.alert_id = ${alertId}::uuid
      ORDER BY e.at DESC, e.id DESC LIMIT ${page.limit} OFFSET ${page.offset ?? 0}`;
    const total = await tx.alertEvent.count({ where: { tenant_id: tenantId, alert_id: alertId } });
    return {
      total,
      activities: rows.map(({ at, actor_kind, actor_id, actor_name, ...rest }) => ({ ...rest, at: at.toISOString(), actor: { kind: actor_kind, id: actor_id, name: actor_name } })),
    };
  });
}

export async function alertExists(db: Db, tenantId: string, alertId: string): Promise<boolean> {
  return isUuid(alertId) && db.withTenant(tenantId, async (tx) => (await tx.alert.count({ where: { id: alertId, tenant_id: tenantId } })) > 0);
}

/** @throws Refusal not-found; invalid for unknown values, an unknown assignee, resolving without a determination; conflict for a status that cannot follow. */
export function changeAlert(db: Db, tenantId: string, alertId: string, change: AlertChangeRequest, actor: Actor): Promise<AlertDetail> {
  return withAlert(db, tenantId, alertId, async (tx, state) => {
    const assignee = change.assigned_to ? await findAssignee(tx, tenantId, change.assigned_to) : null;
    if (change.assigned_to && !assignee) throw new Refusal("invalid", "there is no such active analyst", [{ loc: ["body", "assigned_to"], msg: "there is no such active analyst" }]);
    return decideChange(state, { ...change, ...(assignee ? { assignee } : {}) }, new Date());
  }, actor);
}

/** Makes the alert the caller's; one that is new is in progress from then on. @throws Refusal not-found, conflict. */
export function claimAlert(db: Db, tenantId: string, alertId: string, actor: Actor): Promise<AlertDetail> {
  return withAlert(db, tenantId, alertId, (tx, state) => claim(tx, tenantId, state, actor), actor);
}

async function claim(tx: TenantTx, tenantId: string, state: AlertState, actor: Actor) {
  const assignee = actor.id ? await findAssignee(tx, tenantId, actor.id) : null;
  if (!assignee) throw new Refusal("forbidden", "only people can claim alerts");
  const isWaiting = state.status === "new" || state.status === "enriching" || state.status === "analyzing";
  const decision = decideChange(state, { assigned_to: assignee.id, assignee, ...(isWaiting ? { status: "in_progress" } : {}) }, new Date());
  return { ...decision, events: decision.events.map((event) => (event.action === "assigned" ? { ...event, action: "claimed" } : event)) };
}

/** @throws Refusal not-found. */
export function addComment(db: Db, tenantId: string, alertId: string, text: string, actor: Actor): Promise<AlertEventWire> {
  return db.withTenant(tenantId, async (tx) => {
    await lockAlert(tx, tenantId, alertId);
    const { id, at, action, detail } = await tx.alertEvent.create({
      data: eventRow(tenantId, alertId, { action: "comment", detail: text }, actor),
      select: { id: true, at: true, action: true, detail: true },
    });
    await notify(tx, tenantId, alertId);
    return { id, at: at.toISOString(), action, actor, run_id: null, step_id: null, playbook_name: null, node_id: null, detail, data: null };
  });
}

interface Decision {
  set: Prisma.AlertUpdateInput;
  events: ChangeEvent[];
}

async function withAlert(db: Db, tenantId: string, alertId: string, decide: (tx: TenantTx, state: AlertState) => Promise<Decision>, actor: Actor): Promise<AlertDetail> {
  return db.withTenant(tenantId, async (tx) => {
    const { set, events } = await decide(tx, await lockAlert(tx, tenantId, alertId));
    if (events.length > 0) {
      await tx.alert.update({ where: { id: alertId }, data: { ...set, updated_at: new Date() }, select: { id: true } });
      await tx.alertEvent.createMany({ data: events.map((event) => eventRow(tenantId, alertId, event, actor)) });
      await notify(tx, tenantId, alertId);
    }
    return (await readAlert(tx, tenantId, alertId))!;
  });
}

async function lockAlert(tx: TenantTx, tenantId: string, alertId: string): Promise<AlertState> {
  if (!isUuid(alertId)) throw new Refusal("not-found", "Alert not found");
  const [row] = await tx.$queryRaw<AlertState[]>`SELECT id, status, severity, determination, partner, tags, assigned_to, assigned_username, resolve_reason
    FROM alerts WHERE tenant_id = ${tenantId}::uuid AND id = ${alertId}::uuid FOR UPDATE`;
  if (!row) throw new Refusal("not-found", "Alert not found");
  return row;
}

const eventRow = (tenantId: string, alertId: string, event: ChangeEvent, actor: Actor) => ({
  id: randomUUID(),
  tenant_id: tenantId,
  alert_id: alertId,
  action: event.action,
  actor_kind: actor.kind,
  actor_id: actor.id,
  actor_name: actor.name,
  detail: event.detail ?? null,
  ...(event.data ? { data: event.data } : {}),
});

async function notify(tx: TenantTx, tenantId: string, alertId: string): Promise<void> {
  for (const payload of changePayloads([{ tenantId, alerts: [alertId] }])) await tx.$executeRaw`SELECT pg_notify(${CHANGES_CHANNEL}, ${payload})`;
}
