import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context } from "hono";

/** Absent where no socket is behind the request: `app.request()` in tests. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any router's context will do
export function clientAddress(c: Context<any>): string {
  return c.env && "incoming" in (c.env as object) ? (getConnInfo(c).remote.address ?? "unknown") : "unknown";
}
