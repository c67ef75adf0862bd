/** Pieces of request schemas that several resources share. */
import { z } from "@hono/zod-openapi";
import { decodeCursor } from "#app/models/page.ts";
import type { Json } from "#sdk";

/** Any UUID, also of versions this program does not make: unknown ones answer 404, malformed ones 422. */
export const idParam = z.object({ id: z.guid({ error: "must be a UUID" }) });

export const idOrSlugParam = z.object({ id: z.string().min(1).max(100).openapi({ description: "Id or slug" }) });

export const sourceParam = z.object({ source: z.string().openapi({ description: "elastic, wazuh, generic, …" }) });

export const errorSchema = z.object({
  detail: z.union([z.string(), z.array(z.object({ loc: z.array(z.union([z.string(), z.number()])), msg: z.string() }))]),
}).openapi("Error");

export const whole = (min: number, max: number) => z.coerce.number({ error: "must be a whole number" }).int().min(min).max(max);

const cursor = z.string().max(200).transform((text, ctx) => {
  const decoded = decodeCursor(text);
  if (!decoded) ctx.addIssue({ code: "custom", message: "is not a cursor of this list" });
  return decoded;
});

/** Both ways of paging of the two source systems, and cursors, which stay exact while rows arrive. */
export const pageQuery = z.object({
  limit: whole(1, 200).optional().openapi({ description: "At most 200. Default 50, or 20 with `page`" }),
  offset: whole(0, 100_000_000).optional(),
  page: whole(1, 1_000_000).optional().openapi({ description: "From 1; instead of offset" }),
  cursor: cursor.optional().openapi({ type: "string", description: "`next_cursor` of the page before" }),
});

export function toPage(query: z.output<typeof pageQuery>): { limit: number; offset: number; cursor?: NonNullable<z.output<typeof cursor>> } {
  const limit = query.limit ?? (query.page === undefined ? 50 : 20);
  return { limit, offset: query.page === undefined ? (query.offset ?? 0) : (query.page - 1) * limit, ...(query.cursor ? { cursor: query.cursor } : {}) };
}

/** One value or several with commas, in any case. */
export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.string().transform((text) => text.split(",").map((part) => part.trim().toLowerCase())).pipe(z.array(z.enum(values)).min(1))
    .openapi({ type: "string", description: `One or more of ${values.join(", ")}, separated by commas` });

/** A moment that PostgreSQL can hold too. */
export const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text)).refine((date) => date.getUTCFullYear() >= 1970 && date.getUTCFullYear() < 10_000, "must be a year from 1970 to 9999")
  .openapi({ type: "string", format: "date-time" });

/** Anything that came as JSON. (zod's own z.json() is recursive, which the OpenAPI generator cannot end.) */
export const anyJson = z.custom<Json>((value) => value !== undefined, "is missing").openapi({ type: ["string", "number", "boolean", "object", "array", "null"] });
/** A playbook as its folder has it. */
export const playbookContent = {
  document: anyJson.openapi({ description: "playbook.json" }),
  layout: anyJson.optional().openapi({ description: "layout.json" }),
  files: z.record(z.string(), z.string()).default({}).openapi({ description: "{\"code/score.ts\": source}" }),
};

export const jsonObject = z.record(z.string(), anyJson);

interface Issue {
  path: PropertyKey[];
  message: string;
}

const TARGETS: Record<string, string> = { json: "body", param: "path", query: "query" };

/** zod's issues as FastAPI's clients know them: where, and what. */
export const toValidationErrors = (issues: readonly Issue[], target: string) =>
  issues.map(({ path, message }) => ({ loc: [TARGETS[target] ?? target, ...path.map((part) => (typeof part === "symbol" ? String(part) : part))], msg: message }));
