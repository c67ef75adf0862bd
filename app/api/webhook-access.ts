/** Who may post alerts: the key, its scope, its signature, its rate. Pure but for the key's look-up. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { ApiKeys } from "#app/server/api-keys.ts";
import type { RateLimit } from "#app/server/rate-limit.ts";
import { bearerOf } from "#app/server/tokens.ts";
import type { AuthApiKey } from "#prisma";

export type Admission =
  | { ok: true; key: AuthApiKey; secret: string }
  | { ok: false; status: 401 | 403 | 429; detail: string; retryAfter?: number };

const refuse = (status: 401 | 403, detail: string): Admission => ({ ok: false, status, detail });

export interface AdmissionRequest {
  headers: Headers;
  /** The source in the route; null for the route that detects it. */
  source: string | null;
}

/** The limit counts verified keys only: a header anybody can make up limits nobody. */
export async function admit({ headers, source }: AdmissionRequest, apiKeys: ApiKeys, rateLimit: RateLimit): Promise<Admission> {
  const secret = headers.get("x-api-key") ?? bearerOf(headers);
  if (!secret) return refuse(401, "API key required");
  const key = await apiKeys.find(secret);
  if (!key || key.revoked_at || !key.active) return refuse(401, "Invalid or revoked API key");
  if (key.expires_at && key.expires_at.getTime() <= Date.now()) return refuse(401, "API key expired");
  if (!scopeAllows(key.scopes, source)) return refuse(403, `This key may not post here: it lacks the scope ${scopeOf(source)}`);
  if (key.signature_required && !headers.has("x-webhook-signature")) return refuse(401, "This key requires a webhook signature");
  if (key.rate_limit !== null) {
    const retryAfter = rateLimit.take(key.id, key.rate_limit);
    if (retryAfter > 0) return { ok: false, status: 429, detail: `Rate limit exceeded: ${key.rate_limit} requests per 60 s`, retryAfter };
  }
  return { ok: true, key, secret };
}

const scopeOf = (source: string | null): string => (source === null ? "webhooks:ingest" : `webhooks:ingest:${source}`);

export const scopeAllows = (scopes: readonly string[], source: string | null): boolean =>
  scopes.length === 0 || scopes.includes(scopeOf(source)) || (source !== null && scopes.includes("webhooks:ingest:*"));

/** `sha256=` and the hex HMAC-SHA256 of the body as it came, keyed with the API key. An absent header is the caller's matter. */
export function signatureMatches(header: string, body: Uint8Array, secret: string): boolean {
  const expected = createHmac("sha256", secret).update(body).digest();
  const [, hex] = /^sha256=([0-9a-f]{64})$/i.exec(header) ?? [];
  return hex !== undefined && timingSafeEqual(Buffer.from(hex, "hex"), expected);
}
