/**
 * The hot path: bytes in, 202 out. No schema looks at the body here; engine/alerts parses, normalises and stores it, and only
 * answers once it is on disk.
 */
import { Hono } from "hono";
import { type Accepted, type Ingest, IngestError } from "#engine/alerts/index.ts";
import type { ApiKeys } from "#app/server/api-keys.ts";
import type { RateLimit } from "#app/server/rate-limit.ts";
import { type Api, securityOf } from "./endpoint.ts";
import { honoPath, type RouteKey, splitKey } from "./routes.ts";
import { errorSchema, sourceParam } from "./schemas.ts";
import { accepted } from "./shapes.ts";
import { admit, signatureMatches } from "./webhook-access.ts";

export interface WebhookServices {
  ingest: Ingest;
  apiKeys: ApiKeys;
  rateLimit: RateLimit;
  /** Ids of the registered sources, and `generic`. */
  sources: readonly string[];
}

export type AcceptedAnswer = Accepted & { status: "accepted"; message: string };

export function acceptedAnswer(result: Accepted): AcceptedAnswer {
  const count = result.playbooks_triggered.length;
  const what = result.duplicate ? `Duplicate of an alert that arrived before (${result.duplicate_count} times now).` : "Alert ingested.";
  return { ...result, status: "accepted", message: `${what} ${count} ${count === 1 ? "playbook" : "playbooks"} triggered.${result.deferred === undefined ? "" : ` Queued at low priority: ${result.deferred}.`}` };
}

const WEBHOOKS = ["POST /webhooks/alerts", "POST /webhooks/alerts/{source}", "POST /alert"] as const satisfies RouteKey[];

export function webhookRouter({ ingest, apiKeys, rateLimit, sources }: WebhookServices): Hono {
  const known = new Set(sources);
  const router = new Hono();
  for (const key of WEBHOOKS) {
    router.post(honoPath(splitKey(key).path), async (c) => {
      const source = c.req.param("source")?.toLowerCase() ?? null;
      const admission = await admit({ headers: c.req.raw.headers, source }, apiKeys, rateLimit);
      if (!admission.ok) {
        const { status, detail, retryAfter } = admission;
        return retryAfter === undefined ? c.json({ detail }, status) : c.json({ detail, retry_after: retryAfter }, status, { "Retry-After": String(retryAfter) });
      }
      if (source !== null && !known.has(source)) return c.json({ detail: `There is no source "${source.slice(0, 60)}"; there are ${sources.join(", ")}`, sources }, 404);
      const raw = Buffer.from(await c.req.arrayBuffer());
      const signature = c.req.header("x-webhook-signature");
      if (signature !== undefined && !signatureMatches(signature, raw, admission.secret)) return c.json({ detail: "Invalid webhook signature" }, 401);
      const { key: apiKey } = admission;
      try {
        const result = await ingest.accept({ tenantId: apiKey.tenant_id, raw, sourceHint: source, actor: { kind: "api_key", id: apiKey.id, name: apiKey.name } });
        apiKeys.used(apiKey);
        return c.json(acceptedAnswer(result), 202);
      } catch (error) {
        if (error instanceof IngestError) return c.json({ detail: error.message }, error.code);
        throw error;
      }
    });
  }
  return router;
}

/** The router above is plain Hono, so the document learns of it here. */
export function describeWebhooks(api: Api): void {
  const error = (description: string) => ({ description, content: { "application/json": { schema: errorSchema } } });
  for (const key of WEBHOOKS) {
    api.openAPIRegistry.registerPath({
      ...splitKey(key),
      summary: key === "POST /alert" ? "Another name of /webhooks/alerts" : key.endsWith("{source}") ? "Deliver an alert of a known format" : "Deliver an alert; its format is recognised",
      tags: ["Webhooks"],
      ...securityOf(key),
      request: {
        ...(key.endsWith("{source}") ? { params: sourceParam } : {}),
        body: { required: true, content: { "application/json": { schema: { type: "object", additionalProperties: true } } } },
      },
      responses: {
        202: { description: "Stored; runs are queued", content: { "application/json": { schema: accepted } } },
        400: error("Not JSON"),
        401: error("Key missing, wrong, revoked or expired; or a wrong signature"),
        403: error("The key's scopes do not cover this route"),
        ...(key.endsWith("{source}") ? { 404: error("Unknown source") } : {}),
        413: error("Larger than 5 MB"),
        422: error("Not a JSON object"),
        429: error("Too many requests for this key"),
      },
    });
  }
}
