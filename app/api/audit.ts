import { z } from "@hono/zod-openapi";
import { listAudit } from "#app/models/audit.server.ts";
import { type Api, endpoint } from "./endpoint.ts";
import { pageQuery, toPage } from "./schemas.ts";

const entry = z.object({
  id: z.string(),
  at: z.string(),
  actor: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string().nullable() }),
  action: z.string(),
  target: z.string().nullable(),
  data: z.unknown(),
}).openapi("AuditEntry");

export function auditRoutes(api: Api): void {
  endpoint(api, "GET /audit", {
    summary: "The audit log, newest first",
    tag: "Audit",
    query: pageQuery.omit({ cursor: true }).extend({ action: z.string().max(60).optional() }),
    answer: z.object({ entries: z.array(entry), total: z.number().int() }),
  }, ({ app, user, query }) => listAudit(app.db, user.tenant_id, { ...toPage(query), ...(query.action ? { action: query.action } : {}) }));
}
