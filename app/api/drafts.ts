/** What the editor saves by, and any script that edits: operations on a revision, refused when somebody else saved first. */
import { z } from "@hono/zod-openapi";
import { createPlaybook, discardDraft, editDraft, publishDraft, readDraft, replaceDraft } from "#app/models/playbook.server.ts";
import { actorOf } from "#app/server/context.ts";
import { type Operation, operationSchema } from "#format";
import { type Api, endpoint } from "./endpoint.ts";
import { unknownPlaybook } from "./errors.ts";
import { idOrSlugParam, playbookContent } from "./schemas.ts";
import { draftDetail, published } from "./shapes.ts";

const tag = "Drafts";
const MAX_OPERATIONS = 10_000;

const revision = z.number().int().min(0).openapi({ description: "Of the draft that was read" });

/** "set-input {id, field, binding?}" for each: the generator cannot end the recursion of JSON values, so the document has their fields in words. */
const OPERATIONS = operationSchema.options.map(({ shape: { op, ...fields } }) =>
  `${op.value} {${Object.entries(fields as Record<string, z.ZodType>).map(([name, field]) => `${name}${field.safeParse(undefined).success ? "?" : ""}`).join(", ")}}`);

const operation = z.custom<unknown>().transform((value, context): Operation => {
  const parsed = operationSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.addIssue({ code: "custom", path: issue.path, message: issue.message });
  return z.NEVER;
}).openapi("Operation", {
  type: "object",
  properties: { op: { type: "string", enum: operationSchema.options.map(({ shape }) => shape.op.value) } },
  required: ["op"],
  additionalProperties: true,
  description: `One of: ${OPERATIONS.join("; ")}. Ids, bindings and nodes are those of playbook.json.`,
});

export function draftRoutes(api: Api): void {
  endpoint(api, "GET /playbooks/{id}/draft", { summary: "What the editor opens: the draft, or the published version where there is none", tag, params: idOrSlugParam, answer: draftDetail }, async ({ app, user, params }) => {
    const draft = await readDraft(app.db, user.tenant_id, params.id);
    if (!draft) throw unknownPlaybook();
    return draft;
  });

  endpoint(api, "POST /playbooks/{id}/draft/operations", {
    summary: "Edit: all of the operations, or none; 409 with the stored draft when its revision is another",
    tag,
    params: idOrSlugParam,
    body: z.strictObject({
      revision,
      operations: z.array(operation).min(1).max(MAX_OPERATIONS),
      batch: z.string().min(1).max(64).optional().openapi({ description: "A name for this list: sent again because its answer got lost, it is not applied twice" }),
    }),
    conflict: { draft: draftDetail },
    answer: z.object({ revision: z.number().int(), updated_at: z.string().openapi({ format: "date-time" }) }),
  }, ({ app, user, params, body }) => editDraft(app.db, user.tenant_id, params.id, body, actorOf(user)));

  endpoint(api, "PUT /playbooks/{id}/draft", {
    summary: "Replace the draft; 409 while it holds what is not published, unless its revision is named",
    tag,
    params: idOrSlugParam,
    body: z.strictObject({
      revision: revision.optional().openapi({ description: "Of the draft that is given up" }),
      ...playbookContent,
    }),
    conflict: { draft: draftDetail },
    answer: draftDetail,
  }, ({ app, user, params, body }) => replaceDraft(app.db, user.tenant_id, params.id, body, actorOf(user)));

  endpoint(api, "DELETE /playbooks/{id}/draft", {
    summary: "Discard the draft: back to the published version",
    tag,
    params: idOrSlugParam,
    query: z.object({ revision: z.coerce.number({ error: "must be a whole number" }).int().min(0).optional().openapi({ description: "Only while the draft is at this revision" }) }),
    conflict: { draft: draftDetail },
    answer: draftDetail,
  }, ({ app, user, params, query }) => discardDraft(app.db, user.tenant_id, params.id, actorOf(user), query.revision));

  endpoint(api, "POST /playbooks/{id}/draft/publish", {
    summary: "Publish the draft; refused while anything in it is wrong, and when its revision is another",
    tag,
    params: idOrSlugParam,
    body: z.strictObject({ revision }),
    status: 201,
    conflict: { draft: draftDetail },
    answer: published,
  }, ({ app, user, params, body }) => publishDraft(app.db, user.tenant_id, params.id, body.revision, actorOf(user)));

  endpoint(api, "POST /playbooks/new", {
    summary: "A new playbook with an empty draft, and no version yet",
    tag,
    body: z.strictObject({ name: z.string().max(1000), slug: z.string().max(100).optional().openapi({ description: "Made from the name where it is absent; 409 where it is taken" }) }),
    status: 201,
    conflict: {},
    answer: z.object({ id: z.string(), slug: z.string() }),
  }, ({ app, user, body }) => createPlaybook(app.db, user.tenant_id, body, actorOf(user)));
}
