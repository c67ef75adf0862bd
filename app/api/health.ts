import { z } from "@hono/zod-openapi";
import type { Db } from "#prisma";
import manifest from "../../package.json" with { type: "json" };
import { type Api, endpoint } from "./endpoint.ts";

export const VERSION: string = manifest.version;

const health = z.object({ status: z.enum(["ok", "degraded"]), database: z.enum(["ok", "unreachable"]), version: z.string() }).openapi("Health");

const PATIENCE_MS = 2_000;

/** Answers within two seconds whatever the database does. */
export async function readHealth(db: Db): Promise<z.infer<typeof health>> {
  const isUp = await Promise.race([
    // The cheapest question that the web role may ask without a tenant.
    db.authSession("").then(() => true, () => false),
    new Promise<false>((resolve) => setTimeout(resolve, PATIENCE_MS, false).unref()),
  ]);
  return isUp ? { status: "ok", database: "ok", version: VERSION } : { status: "degraded", database: "unreachable", version: VERSION };
}

export function healthRoutes(api: Api): void {
  endpoint(api, "GET /health", { summary: "Whether the service and its database answer", tag: "Service", answer: health }, ({ app }) => readHealth(app.db));
}
