import { z } from "@hono/zod-openapi";
import { type Catalog, catalog } from "#nodes/catalog.ts";
import { type Api, endpoint } from "./endpoint.ts";

const answer = z.custom<Catalog>().openapi("Catalog", { type: "object", description: "Node types, connection types and alert sources, with JSON Schemas for their fields" });

export function catalogRoutes(api: Api): void {
  endpoint(api, "GET /catalog", { summary: "What playbooks can be built from", tag: "Playbooks", answer }, async () => catalog());
}
