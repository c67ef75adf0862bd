/** What an editor asks while somebody writes, about the stored draft or about one that is not saved yet. Nothing here changes anything. */
import { z } from "@hono/zod-openapi";
import { checkDraft, declareDraft, describeDraftScope } from "#app/models/draft-code.server.ts";
import type { SignedIn } from "#app/server/context.ts";
import type { Declarations, ScopeDescription, ScopeField } from "#engine";
import type { Problem } from "#format";
import { type Api, endpoint } from "./endpoint.ts";
import { anyJson, idOrSlugParam } from "./schemas.ts";

const tag = "Drafts";

const draft = z.strictObject({
  document: anyJson.optional().openapi({ description: "playbook.json as the editor has it; absent: the stored draft's" }),
  files: z.record(z.string(), z.string()).optional().openapi({ description: "{\"code/score.ts\": source}; absent: the stored draft's" }),
});

const place = z.number().int().min(1).optional();
export const problem: z.ZodType<Problem> = z.object({
  severity: z.enum(["error", "warning"]),
  code: z.string(),
  message: z.string(),
  node: z.string().optional(),
  edge: z.string().optional(),
  field: z.string().optional(),
  file: z.string().optional().openapi({ description: "Absent for an expression" }),
  line: place,
  column: place,
  endLine: place,
  endColumn: place,
}).openapi("Problem");

const scopeField: z.ZodType<ScopeField> = z.object({
  path: z.string().openapi({ description: "The expression that reads it" }),
  name: z.string(),
  type: z.string(),
  optional: z.boolean(),
  partial: z.literal(true).optional().openapi({ description: "Only some variants have it: ask `\"name\" in object` first" }),
  get children() { return z.array(scopeField).optional(); },
  summary: z.string().optional(),
}).openapi("ScopeField", { type: "object" }) as z.ZodType<ScopeField>;

const scope: z.ZodType<ScopeDescription> = z.object({ declaration: z.string(), fields: z.array(scopeField), gives: z.array(scopeField).openapi({ description: "What later nodes see of it, by port" }) });

const declared: z.ZodType<Declarations> = z.object({
  files: z.record(z.string(), z.string()).openapi({ description: "Path below the project's root → text" }),
  nodes: z.record(z.string(), z.object({ prefix: z.string(), suffixes: z.record(z.string(), z.string()), own: z.record(z.string(), z.object({ prefix: z.string(), suffix: z.string() })).optional() })).openapi({ description: "What stands around an expression of this node, by field" }),
  scopes: z.record(z.string(), z.string()).openapi({ description: "Code file → the type of what its default export is called with" }),
  untyped: z.array(z.string()),
});

const question = (user: SignedIn, playbook: string, body: z.output<typeof draft> | undefined) => ({ tenantId: user.tenant_id, userId: user.id, playbook, document: body?.document, files: body?.files });

export function draftCodeRoutes(api: Api): void {
  endpoint(api, "POST /playbooks/{id}/draft/check", {
    summary: "Everything that is wrong with a draft: structure, compilation and types; 409 when the same user asked anew meanwhile",
    tag,
    params: idOrSlugParam,
    body: draft,
    isBodyOptional: true,
    answer: z.object({ problems: z.array(problem) }),
  }, async ({ app, user, params, body }) => ({ problems: await checkDraft(app.db, question(user, params.id, body)) }));

  endpoint(api, "POST /playbooks/{id}/draft/scope", {
    summary: "What a node may read, as a tree of typed fields",
    tag,
    params: idOrSlugParam,
    body: draft.extend({ node: z.string().max(63) }),
    answer: scope,
  }, ({ app, user, params, body }) => describeDraftScope(app.db, { ...question(user, params.id, body), node: body.node }));

  endpoint(api, "POST /playbooks/{id}/draft/declarations", {
    summary: "The type declarations that another TypeScript needs to see the playbook as the check does",
    tag,
    params: idOrSlugParam,
    body: draft,
    isBodyOptional: true,
    answer: declared,
  }, ({ app, user, params, body }) => declareDraft(app.db, question(user, params.id, body)));
}
