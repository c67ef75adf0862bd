import { z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { changeConnection, checkConnection, createConnection, deleteConnection, getConnection, listConnections } from "#app/models/connection.server.ts";
import { actorOf } from "#app/server/context.ts";
import { catalog } from "#nodes/catalog.ts";
import { type Api, endpoint } from "./endpoint.ts";
import { idParam, jsonObject } from "./schemas.ts";
import { connection } from "./shapes.ts";

const tag = "Integrations";
const name = z.string().trim().min(1).max(100);
const settings = jsonObject.openapi({ description: "By the type's schema; secrets go in here and never come out" });

const integrationType = z.object({ type: z.string(), display_name: z.string(), description: z.string(), settings: z.record(z.string(), z.unknown()), secrets: z.array(z.string()) }).openapi("IntegrationType");

/** The names that scripts written for OpenSOAR's API send mean the same. */
const OTHER_NAMES: Record<string, string> = { integration_type: "type", config: "settings" };
const withOtherNames = <S extends z.ZodType>(schema: S) =>
  z.preprocess((body) => (typeof body === "object" && body !== null && !Array.isArray(body) ? Object.fromEntries(Object.entries(body).map(([key, value]) => [OTHER_NAMES[key] ?? key, value])) : body), schema);

/** Steps at a time. */
const maxConcurrent = z.number().int().min(1).max(1000).nullable();

export function integrationRoutes(api: Api): void {
  endpoint(api, "GET /integrations/types", { summary: "What can be connected", tag, answer: z.array(integrationType) }, async () =>
    catalog().connections.map(({ type, title, description, settings, secrets }) => ({ type, display_name: title, description, settings, secrets })));

  endpoint(api, "GET /integrations", { summary: "List connections", tag, answer: z.array(connection) }, ({ app, user }) => listConnections(app, user.tenant_id));

  endpoint(api, "POST /integrations", {
    summary: "Connect a product",
    tag,
    body: withOtherNames(z.strictObject({ type: z.string().max(60), name, settings: settings.default({}), allow_private: z.boolean().default(false), enabled: z.boolean().default(true), max_concurrent: maxConcurrent.default(null) })),
    status: 201,
    answer: connection,
  }, ({ app, user, body }) => createConnection(app, user.tenant_id, body, actorOf(user)));

  endpoint(api, "GET /integrations/{id}", { summary: "One connection", tag, params: idParam, answer: connection }, async ({ app, user, params }) => {
    const found = await getConnection(app, user.tenant_id, params.id);
    if (!found) throw new HTTPException(404, { message: "Connection not found" });
    return found;
  });

  endpoint(api, "PATCH /integrations/{id}", {
    summary: "Change a connection; secrets that are left out stay, null clears a field",
    tag,
    params: idParam,
    body: withOtherNames(z.strictObject({ name: name.optional(), settings: settings.optional(), allow_private: z.boolean().optional(), enabled: z.boolean().optional(), max_concurrent: maxConcurrent.optional() })),
    answer: connection,
  }, ({ app, user, params, body }) => changeConnection(app, user.tenant_id, params.id, body, actorOf(user)));

  endpoint(api, "DELETE /integrations/{id}", { summary: "Remove a connection", tag, params: idParam, answer: z.object({ detail: z.string() }) }, async ({ app, user, params }) => {
    await deleteConnection(app, user.tenant_id, params.id, actorOf(user));
    return { detail: "Connection deleted" };
  });

  endpoint(api, "POST /integrations/{id}/health", {
    summary: "Ask the product whether the connection works",
    tag,
    params: idParam,
    answer: z.object({ healthy: z.boolean(), message: z.string(), connection }),
  }, async ({ app, user, params }) => {
    const checked = await checkConnection(app, user.tenant_id, params.id);
    return { healthy: checked.health === "healthy", message: checked.health_message ?? "", connection: checked };
  });
}
