/** Every error as {detail}. What nobody foresaw is logged with an id, and only the id is answered. */
import { randomUUID } from "node:crypto";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { isRefusal, REFUSAL_STATUS } from "#app/models/refusal.ts";
import type { Logger } from "#app/server/log.ts";

const RETRY_SECONDS = "5";

export const unknownPlaybook = (): HTTPException => new HTTPException(404, { message: "Playbook not found" });

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any router's context will do
export function errorAnswer(error: Error, c: Context<any>, log: Logger): Response {
  if (error instanceof HTTPException) return c.json({ detail: error.message || "Refused" }, error.status);
  if (isRefusal(error)) return c.json({ detail: error.details ?? error.message, ...error.beside }, REFUSAL_STATUS[error.kind]);
  // The client hung up in the middle of its body: nobody reads this answer, and it is no fault of ours.
  if (c.req.raw.signal.aborted) return c.json({ detail: "The request was cut off" }, 400);
  const errorId = randomUUID();
  log.error({ err: error, error_id: errorId, method: c.req.method, path: withoutSecret(c.req.path) }, "request failed");
  if (isDatabaseGone(error)) return c.json({ detail: "The database is not reachable; try again", error_id: errorId }, 503, { "Retry-After": RETRY_SECONDS });
  return c.json({ detail: "Internal error", error_id: errorId }, 500);
}

/** What stands in the addresses of callbacks and webhooks opens them. */
const withoutSecret = (path: string): string => path.replace(/(\/(?:hooks|callbacks)\/).+$/, "$1…");

const GONE = new Set(["ECONNREFUSED", "ECONNRESET", "ENOENT", "EPIPE", "57P01", "57P02", "57P03", "08006", "P1001", "P1002", "P1017"]);

/** A sender that is told 503 delivers again, and one that is told 500 may not. */
function isDatabaseGone(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ("code" in at && typeof at.code === "string" && GONE.has(at.code)) return true;
  }
  return false;
}
