/** People who sign in. Passwords are hashed in app/server/password.ts; hashes never leave these functions but to be verified there. */
import type { Db, TenantTx } from "#prisma";
import { isUuid } from "./page.ts";

/** The wire's name for a user is "analyst". */
export interface AnalystWire {
  id: string;
  username: string;
  display_name: string;
  email: string | null;
  role: string;
  is_active: boolean;
  created_at: string;
}

export async function findUser(db: Db, tenantId: string, userId: string): Promise<AnalystWire | null> {
  const row = await db.withTenant(tenantId, (tx) =>
    tx.user.findFirst({
      where: { id: userId, tenant_id: tenantId },
      select: { id: true, username: true, display_name: true, email: true, role: true, active: true, created_at: true },
    }),
  );
  if (!row) return null;
  const { active, created_at, ...rest } = row;
  return { ...rest, is_active: active, created_at: created_at.toISOString() };
}

/** Active users by name, for assignments. */
export function listAssignable(db: Db, tenantId: string): Promise<{ id: string; username: string; display_name: string }[]> {
  return db.withTenant(tenantId, (tx) =>
    tx.user.findMany({ where: { tenant_id: tenantId, active: true }, orderBy: { username: "asc" }, select: { id: true, username: true, display_name: true } }),
  );
}

/** Name of the user if active: whom an alert may be assigned to. */
export async function findAssignee(tx: TenantTx, tenantId: string, userId: string): Promise<{ id: string; username: string } | null> {
  return !isUuid(userId) ? null : tx.user.findFirst({ where: { id: userId, tenant_id: tenantId, active: true }, select: { id: true, username: true } });
}

/** @returns the hash, or null for an account without a local password or an unknown id. */
export async function findPasswordHash(db: Db, tenantId: string, userId: string): Promise<string | null> {
  const row = await db.withTenant(tenantId, (tx) => tx.user.findFirst({ where: { id: userId, tenant_id: tenantId }, select: { password_hash: true } }));
  return row?.password_hash ?? null;
}
