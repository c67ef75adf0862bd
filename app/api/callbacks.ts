/**
 * Where the outside answers a step that waits to be called (`run.callback_urls.<id>`). Whoever knows an address may use it once;
 * there is no login, so nothing here trusts anything but the address.
 */
import { Hono } from "hono";
import { z } from "@hono/zod-openapi";
import { clientAddress } from "#app/server/client-address.ts";
import type { RateLimit } from "#app/server/rate-limit.ts";
import type { CallbackResult, Engine } from "#engine";
import type { Api } from "./endpoint.ts";
import { readBody, refuseBody } from "./read-body.ts";
import { honoPath, splitKey } from "./routes.ts";
import { errorSchema } from "./schemas.ts";

const KEY = "POST /callbacks/{run}/{step}/{mac}";
/** In a minute, from one address: a product that reports thousands of scans comes from one; who guesses gets nowhere with this many either. */
const PER_MINUTE = 600;

interface CallbackServices {
  engine: Pick<Engine, "callback">;
  rateLimit: RateLimit;
}

const ANSWERS = {
  accepted: [202, "The run goes on with it"],
  "not-found": [404, "There is no such callback address"],
  used: [409, "This address has been used: each works once"],
  finished: [410, "The run has ended without it"],
} as const satisfies Record<CallbackResult, readonly [number, string]>;

export function callbackRouter({ engine, rateLimit }: CallbackServices): Hono {
  const router = new Hono();
  router.post(honoPath(splitKey(KEY).path), async (c) => {
    const retryAfter = rateLimit.take(clientAddress(c), PER_MINUTE);
    if (retryAfter > 0) return c.json({ detail: `Rate limit exceeded: ${PER_MINUTE} callbacks per 60 s from one address`, retry_after: retryAfter }, 429, { "Retry-After": String(retryAfter) });
    const read = await readBody(c);
    if (!read.ok) return refuseBody(c, read);
    const part = (name: string): string => c.req.param(name) ?? "";
    const result = await engine.callback({ runId: part("run"), stepId: part("step"), mac: part("mac"), body: read.body });
    const [status, text] = ANSWERS[result];
    return c.json(status === 202 ? { status: result, message: text } : { detail: text }, status);
  });
  return router;
}

/** The router above is plain Hono, so the document learns of it here. */
export function describeCallbacks(api: Api): void {
  const error = (description: string) => ({ description, content: { "application/json": { schema: errorSchema } } });
  api.openAPIRegistry.registerPath({
    ...splitKey(KEY),
    summary: "Answer a step that waits for a callback",
    description: "The whole address is given away by the run (`run.callback_urls`) and works once, without a login. The step goes on with the body: JSON, or text.",
    tags: ["Callbacks"],
    request: {
      params: z.object({ run: z.string(), step: z.string(), mac: z.string().openapi({ description: "Proves that the address was given away by this installation" }) }),
      body: { required: false, content: { "application/json": { schema: {} }, "text/plain": { schema: { type: "string" } } } },
    },
    responses: {
      202: { description: "Kept; the run goes on with it", content: { "application/json": { schema: z.object({ status: z.literal("accepted"), message: z.string() }) } } },
      400: error("Not the JSON that it says to be"),
      404: error("No such address"),
      409: error("Used before"),
      410: error("The run has ended"),
      413: error("Larger than 1 MB"),
      422: error("NUL characters, or nested too deep"),
      429: error("Too many from one address"),
    },
  });
}
