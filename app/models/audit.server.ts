/** The audit log: who did what to accounts, keys, connections, playbooks and runs. Written in the transaction of the deed. */
import { randomUUID } from "node:crypto";
import type { Actor } from "#app/server/context.ts";
import type { Db, TenantTx } from "#prisma";

export type AuditAction =
  | "login" | "login_failed" | "logout" | "password_changed"
  | "api_key_created" | "api_key_revoked"
  | "connection_created" | "connection_changed" | "connection_deleted"
  | "playbook_created" | "playbook_published" | "playbook_restored" | "draft_replaced" | "draft_discarded" | "playbook_enabled" | "playbook_disabled" | "playbook_run" | "playbook_tested" | "playbook_backtested" | "backtest_cancelled" | "playbook_hook_made" | "playbook_hook_removed"
  | "run_cancelled" | "run_rerun" | "run_answered" | "run_replied";

export interface AuditEntryWire {
  id: string;
  at: string;
  actor: { kind: string; id: string | null; name: string | null };
  action: string;
  target: string | null;
  data: unknown;
}

export async function recordAudit(
  tx: TenantTx,
  tenantId: string,
  entry: { actor: Actor; action: AuditAction; target?: string; data?: Record<string, string | number | boolean | null> },
): Promise<void> {
  await tx.auditEntry.create({
    data: {
      id: randomUUID(),
      tenant_id: tenantId,
      actor_kind: entry.actor.kind,
      actor_id: entry.actor.id,
      actor_name: entry.actor.name,
      action: entry.action,
      target: entry.target ?? null,
      ...(entry.data ? { data: entry.data } : {}),
    },
    select: { id: true },
  });
}

export interface AuditFilter {
  action?: string;
  limit: number;
  offset: number;
}

/** Newest first. */
export function listAudit(db: Db, tenantId: string, filter: AuditFilter): Promise<{ entries: AuditEntryWire[]; total: number }> {
  return db.withTenant(tenantId, async (tx) => {
    const where = { tenant_id: tenantId, ...(filter.action ? { action: filter.action } : {}) };
    const rows = await tx.auditEntry.findMany({
      where,
      orderBy: [{ at: "desc" }, { id: "desc" }],
      take: filter.limit,
      skip: filter.offset,
      select: { id: true, at: true, actor_kind: true, actor_id: true, actor_name: true, action: true, target: true, data: true },
    });
    const total = await tx.auditEntry.count({ where });
    return {
      total,
      entries: rows.map((row) => ({
        id: row.id,
        at: row.at.toISOString(),
        actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
        action: row.action,
        target: row.target,
        data: row.data,
      })),
    };
  });
}
