/** Bearer tokens for scripts: opaque, 480 minutes, never renewed; stored like sessions, as a SHA-256, of the kind "token". */
import { randomBytes } from "node:crypto";
import type { Db } from "#prisma";
import type { SignedIn } from "./context.ts";
import { hashToken, insertSession } from "./session.ts";

export const TOKEN_MINUTES = 480;

export async function createToken(db: Db, user: { id: string; tenant_id: string }): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  await insertSession(db, { token, kind: "token", userId: user.id, tenantId: user.tenant_id, expiresAt: new Date(Date.now() + TOKEN_MINUTES * 60_000) });
  return token;
}

/** @returns null for an unknown or expired token, and for a token of somebody who was deactivated. */
export async function readToken(db: Db, token: string): Promise<SignedIn | null> {
  const row = await db.authSession(hashToken(token));
  if (!row || row.kind !== "token" || !row.active || row.expires_at <= new Date()) return null;
  const { user_id, tenant_id, username, display_name, email, role } = row;
  return { id: user_id, tenant_id, username, display_name, email, role, via: "token" };
}

export function bearerOf(headers: Headers): string | null {
  const [scheme, token] = headers.get("authorization")?.split(" ") ?? [];
  return scheme?.toLowerCase() === "bearer" && token ? token : null;
}
