/** The address at which the outside starts a playbook. Only the SHA-256 of its token is stored; the address is shown once. */
import { randomBytes } from "node:crypto";
import type { Actor } from "#app/server/context.ts";
import { hashHookToken } from "#engine";
import type { Db } from "#prisma";
import { recordAudit } from "./audit.server.ts";
import { resolvePlaybook } from "./playbook-key.server.ts";
import { Refusal } from "./refusal.ts";

export interface HookWire {
  /** The token's last characters, to tell one address from another. */
  hint: string;
  created_by: string | null;
  created_at: string;
}

const HINT_LENGTH = 4;
const COLUMNS = { hint: true, created_by: true, created_at: true } as const;

const toWire = ({ hint, created_by, created_at }: { hint: string; created_by: string | null; created_at: Date }): HookWire => ({ hint, created_by, created_at: created_at.toISOString() });

const unknown = (): Refusal => new Refusal("not-found", "Playbook not found");

/** @returns null while it has none. @throws Refusal not-found. */
export function getHook(db: Db, tenantId: string, idOrSlug: string): Promise<HookWire | null> {
  return db.withTenant(tenantId, async (tx) => {
    const playbook = await resolvePlaybook(tx, tenantId, idOrSlug);
    if (!playbook) throw unknown();
    const hook = await tx.playbookHook.findFirst({ where: { playbook_id: playbook.id, tenant_id: tenantId }, select: COLUMNS });
    return hook && toWire(hook);
  });
}

/** Another address takes the place of the one before it, which nobody can use from then on. @throws Refusal not-found. */
export function makeHook(db: Db, tenantId: string, idOrSlug: string, actor: Actor): Promise<HookWire & { token: string }> {
  const token = randomBytes(32).toString("base64url");
  return db.withTenant(tenantId, async (tx) => {
    const playbook = await resolvePlaybook(tx, tenantId, idOrSlug);
    if (!playbook) throw unknown();
    const data = { token_hash: hashHookToken(token), hint: token.slice(-HINT_LENGTH), created_by: actor.name, created_at: new Date() };
    const hook = await tx.playbookHook.upsert({ where: { playbook_id: playbook.id }, create: { playbook_id: playbook.id, tenant_id: tenantId, ...data }, update: data, select: COLUMNS });
    await recordAudit(tx, tenantId, { actor, action: "playbook_hook_made", target: playbook.id, data: { slug: playbook.slug, hint: hook.hint } });
    return { ...toWire(hook), token };
  });
}

/** Removing none is no mistake. @throws Refusal not-found for an unknown playbook. */
export function removeHook(db: Db, tenantId: string, idOrSlug: string, actor: Actor): Promise<void> {
  return db.withTenant(tenantId, async (tx) => {
    const playbook = await resolvePlaybook(tx, tenantId, idOrSlug);
    if (!playbook) throw unknown();
    const { count } = await tx.playbookHook.deleteMany({ where: { playbook_id: playbook.id, tenant_id: tenantId } });
    if (count > 0) await recordAudit(tx, tenantId, { actor, action: "playbook_hook_removed", target: playbook.id, data: { slug: playbook.slug } });
  });
}
