/**
 * A playbook's own webhook. The token in the address is all the authority there is, so nothing here trusts anything else; who asks for
 * the result is kept on the line for as long as the playbook says.
 */
import { Hono } from "hono";
import { z } from "@hono/zod-openapi";
import { awaitRun } from "#app/models/await-run.server.ts";
import { getHook, type HookWire, makeHook, removeHook } from "#app/models/playbook-hook.server.ts";
import { clientAddress } from "#app/server/client-address.ts";
import { actorOf, type Services } from "#app/server/context.ts";
import type { RateLimit } from "#app/server/rate-limit.ts";
import { isStorable } from "#app/server/storable.ts";
import type { HookResult } from "#engine";
import { type Api, endpoint } from "./endpoint.ts";
import { readBody, refuseBody } from "./read-body.ts";
import { honoPath, splitKey } from "./routes.ts";
import { errorSchema, idOrSlugParam } from "./schemas.ts";

const KEY = "POST /hooks/{token}";
const PER_MINUTE = 600;
/** Somebody who guesses stops at the first of these; a playbook is protected from its own senders by the second. */
const LIMITS = { address: PER_MINUTE, playbook: PER_MINUTE } as const;
const MAX_KEY_LENGTH = 200;
const TOKEN = /^[\w-]{43}$/;

type HookServices = Pick<Services, "engine" | "db" | "live"> & { rateLimit: RateLimit };

const REFUSALS = {
  "not-found": [404, "There is no such webhook"],
  "not-published": [409, "The playbook has no published version"],
  disabled: [409, "The playbook is switched off"],
  "other-trigger": [409, "The playbook is not started by a webhook (any more)"],
} as const satisfies Record<Extract<HookResult, { error: string }>["error"], readonly [number, string]>;

export function hookRouter({ engine, rateLimit, ...access }: HookServices): Hono {
  const router = new Hono();
  router.post(honoPath(splitKey(KEY).path), async (c) => {
    const throttled = (key: string, limit: number): Response | undefined => {
      const retryAfter = rateLimit.take(key, limit);
      return retryAfter === 0 ? undefined : c.json({ detail: `Rate limit exceeded: ${limit} requests per 60 s`, retry_after: retryAfter }, 429, { "Retry-After": String(retryAfter) });
    };
    const token = c.req.param("token") ?? "";
    const early = throttled(`address ${clientAddress(c)}`, LIMITS.address) ?? (TOKEN.test(token) ? throttled(`token ${token}`, LIMITS.playbook) : undefined);
    if (early) return early;
    if (!TOKEN.test(token)) return c.json({ detail: REFUSALS["not-found"][1] }, 404);
    const idempotencyKey = c.req.header("idempotency-key") ?? null;
    if (idempotencyKey !== null && (idempotencyKey === "" || idempotencyKey.length > MAX_KEY_LENGTH || !isStorable(idempotencyKey))) return c.json({ detail: `An Idempotency-Key has 1 to ${MAX_KEY_LENGTH} characters` }, 422);
    const read = await readBody(c, { forms: true });
    if (!read.ok) return refuseBody(c, read);

    const received = await engine.hook({ token, body: read.body, idempotencyKey });
    if ("error" in received) {
      const [status, detail] = REFUSALS[received.error];
      return c.json({ detail }, status);
    }
    const { runId, tenantId, isNew, response } = received;
    const headers = { "X-Run-Id": runId };
    const end = response.respond === "result" ? await awaitRun(access, { tenantId, runId, ms: response.within * 1000, signal: c.req.raw.signal }) : null;
    if (end === null) return c.json({ status: "accepted", run_id: runId, duplicate: !isNew }, 202, headers);
    // Why it failed is for those who may read runs.
    if (end.status !== "success") return c.json({ detail: end.status === "failed" ? "The run failed" : "The run was cancelled", status: end.status, run_id: runId }, 502, headers);
    return c.json(end.result?.result ?? { status: end.status, run_id: runId }, 200, headers);
  });
  return router;
}

const hookFields = {
  hint: z.string().openapi({ description: "The last characters of the token" }),
  created_by: z.string().nullable(),
  created_at: z.string().openapi({ format: "date-time" }),
};
const hook: z.ZodType<HookWire> = z.object(hookFields);
const made = z.object({ ...hookFields, url: z.string().openapi({ description: "Shown here and never again" }) });

const tag = "Playbooks";

export function hookRoutes(api: Api): void {
  endpoint(api, "GET /playbooks/{id}/hook", { summary: "Whether the playbook has an address of its own", tag, params: idOrSlugParam, answer: z.object({ hook: hook.nullable() }) }, async ({ app, user, params }) =>
    ({ hook: await getHook(app.db, user.tenant_id, params.id) }));

  endpoint(api, "POST /playbooks/{id}/hook", {
    summary: "Make the address at which the outside starts the playbook; the one before it, if any, is refused from then on",
    tag, params: idOrSlugParam, status: 201, answer: made,
  }, async ({ app, user, params }) => {
    const { token, ...wire } = await makeHook(app.db, user.tenant_id, params.id, actorOf(user));
    return { ...wire, url: `${app.baseUrl}/api/v1/hooks/${token}` };
  });

  endpoint(api, "DELETE /playbooks/{id}/hook", { summary: "Remove the address", tag, params: idOrSlugParam, answer: z.object({ hook: z.null() }) }, async ({ app, user, params }) => {
    await removeHook(app.db, user.tenant_id, params.id, actorOf(user));
    return { hook: null };
  });
}

/** The router above is plain Hono, so the document learns of it here. */
export function describeHooks(api: Api): void {
  const error = (description: string) => ({ description, content: { "application/json": { schema: errorSchema } } });
  const accepted = z.object({ status: z.literal("accepted"), run_id: z.string(), duplicate: z.boolean() });
  api.openAPIRegistry.registerPath({
    ...splitKey(KEY),
    summary: "Start a playbook at its own address",
    description: "No login: the token is the authority. The run sees the body as `trigger`: JSON, the fields of a form, or text. A playbook may answer with the result of its run, where that does not take longer than it says.",
    tags: [tag],
    request: {
      params: z.object({ token: z.string() }),
      headers: z.object({ "Idempotency-Key": z.string().max(MAX_KEY_LENGTH).optional().openapi({ description: "The same key again is the same delivery: nothing is started, and the first run is answered" }) }),
      body: { required: false, content: { "application/json": { schema: {} }, "application/x-www-form-urlencoded": { schema: { type: "object" } }, "text/plain": { schema: { type: "string" } } } },
    },
    responses: {
      200: { description: "What the run ended with; where it ended with nothing, {status, run_id}", content: { "application/json": { schema: {} } } },
      202: { description: "The run goes on", content: { "application/json": { schema: accepted } } },
      400: error("Not the JSON that it says to be"),
      404: error("No such webhook"),
      409: error("The playbook is off, not published, or started by something else"),
      413: error("Larger than 1 MB"),
      415: error("multipart"),
      422: error("NUL characters, or nested too deep"),
      429: error("Too many from one address, or for one playbook"),
      502: error("The run failed or was cancelled"),
    },
  });
}
