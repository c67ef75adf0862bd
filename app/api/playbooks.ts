import { z } from "@hono/zod-openapi";
import { getPlaybook, listPlaybooks, publishVersion, setEnabled } from "#app/models/playbook.server.ts";
import { startRun } from "#app/models/run-actions.server.ts";
import { actorOf } from "#app/server/context.ts";
import { type Api, endpoint } from "./endpoint.ts";
import { unknownPlaybook } from "./errors.ts";
import { anyJson, idOrSlugParam, playbookContent } from "./schemas.ts";
import { playbookDetail, playbookSummary, published } from "./shapes.ts";

const tag = "Playbooks";

const publishBody = z.strictObject({
  slug: z.string().max(63),
  ...playbookContent,
  enabled: z.boolean().optional(),
  strict: z.boolean().optional().openapi({ description: "Warnings refuse it, too: a condition on a field that alerts do not have, say" }),
});

export function playbookRoutes(api: Api): void {
  endpoint(api, "GET /playbooks", { summary: "List playbooks in the order in which they run", tag, answer: z.array(playbookSummary) }, ({ app, user }) => listPlaybooks(app.db, user.tenant_id));

  endpoint(api, "POST /playbooks", {
    summary: "Publish a playbook from its document and code files; the same content twice is one version; refused while anything in it is wrong, types included",
    tag,
    body: publishBody,
    status: 201,
    answer: published,
  }, ({ app, user, body }) => publishVersion(app.db, { ...body, tenantId: user.tenant_id, actor: actorOf(user) }));

  endpoint(api, "GET /playbooks/{id}", { summary: "One playbook with its published version", tag, params: idOrSlugParam, answer: playbookDetail }, async ({ app, user, params }) => {
    const playbook = await getPlaybook(app.db, user.tenant_id, params.id);
    if (!playbook) throw unknownPlaybook();
    return playbook;
  });

  endpoint(api, "PATCH /playbooks/{id}", {
    summary: "Enable or disable; holds from the next alert on, in every process",
    tag,
    params: idOrSlugParam,
    body: z.strictObject({ enabled: z.boolean() }),
    answer: playbookDetail,
  }, ({ app, user, params, body }) => setEnabled(app.db, user.tenant_id, params.id, body.enabled, actorOf(user)));

  endpoint(api, "POST /playbooks/{id}/run", {
    summary: "Run now, on an alert or on an input",
    description: "The run sees the input as `trigger`; without one, what came with the alert. Where the playbook has a form, the input is its fields, and 422 names each that does not fit; a playbook that handles failed runs takes what such a run would give it.",
    tag,
    params: idOrSlugParam,
    body: z.strictObject({ alert_id: z.guid().nullish(), input: anyJson.optional() }),
    isBodyOptional: true,
    status: 202,
    answer: z.object({ run_id: z.string() }),
  }, ({ app, user, params, body }) => startRun(app, user.tenant_id, { playbook: params.id, alertId: body.alert_id ?? null, input: body.input }, actorOf(user)));
}
