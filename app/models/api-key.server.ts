/** Keys that SIEMs send. Only the SHA-256 is stored; the key itself is shown once. */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { Actor } from "#app/server/context.ts";
import type { Db } from "#prisma";
import { recordAudit } from "./audit.server.ts";
import { isUuid } from "./page.ts";
import { Refusal } from "./refusal.ts";

export interface ApiKeyWire {
  id: string;
  name: string;
  prefix: string;
  /** Empty: every webhook. */
  scopes: string[];
  /** Requests per 60 s; null is no limit. */
  rate_limit: number | null;
  signature_required: boolean;
  is_active: boolean;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
  created_at: string;
}

export interface NewApiKey {
  name: string;
  scopes?: string[];
  rate_limit?: number | null;
  signature_required?: boolean;
  expires_at?: Date | null;
}

export const hashApiKey = (key: string): string => createHash("sha256").update(key).digest("hex");

const PREFIX_LENGTH = 12;

const COLUMNS = {
  id: true, name: true, prefix: true, scopes: true, rate_limit: true, signature_required: true,
  expires_at: true, revoked_at: true, last_used_at: true, created_at: true,
} as const;

interface Row {
  id: string; name: string; prefix: string; scopes: string[]; rate_limit: number | null; signature_required: boolean;
  expires_at: Date | null; revoked_at: Date | null; last_used_at: Date | null; created_at: Date;
}

const toWire = (row: Row): ApiKeyWire => ({
  id: row.id,
  name: row.name,
  prefix: row.prefix,
  scopes: row.scopes,
  rate_limit: row.rate_limit,
  signature_required: row.signature_required,
  is_active: row.revoked_at === null && (row.expires_at === null || row.expires_at > new Date()),
  expires_at: row.expires_at?.toISOString() ?? null,
  revoked_at: row.revoked_at?.toISOString() ?? null,
  last_used_at: row.last_used_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
});

export async function listApiKeys(db: Db, tenantId: string): Promise<ApiKeyWire[]> {
  const rows = await db.withTenant(tenantId, (tx) => tx.apiKey.findMany({ where: { tenant_id: tenantId }, orderBy: { created_at: "desc" }, select: COLUMNS }));
  return rows.map(toWire);
}

/** @returns the record and the key, which nobody can read again. */
export function createApiKey(db: Db, tenantId: string, input: NewApiKey, actor: Actor): Promise<ApiKeyWire & { key: string }> {
  const key = `soar_${randomBytes(32).toString("base64url")}`;
  return db.withTenant(tenantId, async (tx) => {
    const row = await tx.apiKey.create({
      data: {
        id: randomUUID(),
        tenant_id: tenantId,
        name: input.name,
        prefix: key.slice(0, PREFIX_LENGTH),
        hash: hashApiKey(key),
        scopes: input.scopes ?? [],
        rate_limit: input.rate_limit === undefined ? 100 : input.rate_limit,
        signature_required: input.signature_required ?? false,
        expires_at: input.expires_at ?? null,
        created_by: actor.kind === "user" ? actor.id : null,
      },
      select: COLUMNS,
    });
    await recordAudit(tx, tenantId, { actor, action: "api_key_created", target: row.id, data: { name: row.name, prefix: row.prefix } });
    return { ...toWire(row), key };
  });
}

/** Revoking twice keeps the first time. @throws Refusal not-found. */
export function revokeApiKey(db: Db, tenantId: string, id: string, actor: Actor): Promise<ApiKeyWire> {
  return db.withTenant(tenantId, async (tx) => {
    const found = !isUuid(id) ? null : await tx.apiKey.findFirst({ where: { id, tenant_id: tenantId }, select: COLUMNS });
    if (!found) throw new Refusal("not-found", "API key not found");
    if (found.revoked_at) return toWire(found);
    const row = await tx.apiKey.update({ where: { id }, data: { revoked_at: new Date() }, select: COLUMNS });
    await recordAudit(tx, tenantId, { actor, action: "api_key_revoked", target: id, data: { name: row.name, prefix: row.prefix } });
    return toWire(row);
  });
}
