import { streamSSE } from "hono/streaming";
import { can } from "#app/server/permissions.ts";
import type { LiveChange } from "#app/server/live.ts";
import { type Api, plainRoute, securityOf } from "./endpoint.ts";

const HEARTBEAT_MS = 15_000;
const RETRY_MS = 2_000;
/** A reader this far behind gets one "read everything again" in place of a list that grows for ever. */
const MAX_PENDING = 1_000;
/** The login is looked at again this often: signing out, deactivation and expiry end the stream too. */
const RECHECK_MS = 60_000;

/**
 * `hello` at the start and `change` {alerts, runs} with ids ("*" is everything) afterwards. Changes that arrive while the
 * client is slow are merged. Nothing is replayed: whoever reconnects hears `hello` and reads what it shows anew.
 */
export function eventRoutes(api: Api): void {
  api.openAPIRegistry.registerPath({
    method: "get",
    path: "/events",
    summary: "Live changes, as server-sent events: `hello`, then `change` {alerts, runs}",
    tags: ["Service"],
    ...securityOf("GET /events"),
    responses: { 200: { description: "The stream", content: { "text/event-stream": { schema: { type: "string" } } } }, 401: { description: "Not signed in" } },
  });

  plainRoute(api, "GET /events", (c) => {
    const { auth, live, user } = c.get("app");
    // A proxy that buffers would hold the events back.
    c.header("X-Accel-Buffering", "no");
    return streamSSE(c, async (stream) => {
      if (!user) return;
      const seesAlerts = can(user, "alerts:read");
      const seesRuns = can(user, "playbooks:read");
      let pending: LiveChange | undefined;
      let wake: (() => void) | undefined;
      const stop = live.subscribe(user.tenant_id, (change) => {
        pending = mergeChanges(pending, { alerts: seesAlerts ? change.alerts : [], runs: seesRuns ? change.runs : [] });
        wake?.();
      });
      stream.onAbort(() => {
        stop();
        wake?.();
      });
      try {
        await stream.writeSSE({ event: "hello", data: JSON.stringify({ alerts: seesAlerts, runs: seesRuns }), retry: RETRY_MS });
        let checkedAt = Date.now();
        while (!stream.aborted && !live.isClosed) {
          if (!pending) await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, HEARTBEAT_MS);
            wake = () => {
              clearTimeout(timer);
              resolve();
            };
          });
          wake = undefined;
          if (Date.now() - checkedAt >= RECHECK_MS) {
            if (!(await auth.identify(c.req.raw)).user) return;
            checkedAt = Date.now();
          }
          const change = pending;
          pending = undefined;
          if (!change) await stream.write(": still here\n\n");
          else if (change.alerts.length > 0 || change.runs.length > 0) await stream.writeSSE({ event: "change", data: JSON.stringify(change) });
        }
      } finally {
        stop();
      }
    });
  });
}

function mergeChanges(known: LiveChange | undefined, added: LiveChange): LiveChange {
  return known ? { alerts: mergeIds(known.alerts, added.alerts), runs: mergeIds(known.runs, added.runs) } : added;
}

function mergeIds(known: string[] | "*", added: string[] | "*"): string[] | "*" {
  if (known === "*" || added === "*") return "*";
  const merged = new Set([...known, ...added]);
  return merged.size > MAX_PENDING ? "*" : [...merged];
}
