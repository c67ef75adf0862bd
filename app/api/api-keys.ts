import { z } from "@hono/zod-openapi";
import { createApiKey, listApiKeys, revokeApiKey } from "#app/models/api-key.server.ts";
import { actorOf } from "#app/server/context.ts";
import { type Api, endpoint } from "./endpoint.ts";
import { idParam, moment } from "./schemas.ts";

const tag = "API keys";

const apiKey = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(z.string()),
  rate_limit: z.number().int().nullable(),
  signature_required: z.boolean(),
  is_active: z.boolean(),
  expires_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
  last_used_at: z.string().nullable(),
  created_at: z.string(),
}).openapi("ApiKey");

const scope = z.string().regex(/^[a-z_-]{1,40}(:[a-z0-9_*-]{1,40}){1,3}$/, "a scope looks like webhooks:ingest or webhooks:ingest:elastic");

const newKey = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(scope).max(50).default([]).openapi({ description: "`webhooks:ingest` is the route that detects the source, `webhooks:ingest:<source>` that source's own, `webhooks:ingest:*` all of those. Empty: every webhook" }),
  rate_limit: z.number().int().min(1).max(1_000_000).nullable().default(100).openapi({ description: "Requests per 60 s; null is no limit" }),
  signature_required: z.boolean().default(false),
  expires_at: moment.nullish(),
});

export function apiKeyRoutes(api: Api): void {
  endpoint(api, "GET /api-keys", { summary: "List the keys", tag, answer: z.array(apiKey) }, ({ app, user }) => listApiKeys(app.db, user.tenant_id));

  endpoint(api, "POST /api-keys", {
    summary: "Make a key; the answer is the only place that shows it",
    tag,
    body: newKey,
    status: 201,
    answer: apiKey.extend({ key: z.string() }),
  }, ({ app, user, body }) => createApiKey(app.db, user.tenant_id, body, actorOf(user)));

  endpoint(api, "DELETE /api-keys/{id}", {
    summary: "Revoke a key; it is refused within a second",
    tag,
    params: idParam,
    answer: apiKey,
  }, ({ app, user, params }) => revokeApiKey(app.db, user.tenant_id, params.id, actorOf(user)));
}
