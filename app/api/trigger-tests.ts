/** What an alert starts, and why it does not start the rest (R111). */
import { z } from "@hono/zod-openapi";
import { explainTriggers, resolvePlaybookId, type TriggerExplanation } from "#app/models/playbook.server.ts";
import type { PlaybookTrigger } from "#format";
import { triggerSchema } from "#format/trigger.ts";
import { type Api, endpoint } from "./endpoint.ts";
import { unknownPlaybook } from "./errors.ts";
import { idOrSlugParam } from "./schemas.ts";

const tag = "Playbooks";

interface Trace { holds: boolean; text: string; parts?: Trace[] }
const trace: z.ZodType<Trace> = z.object({ holds: z.boolean(), text: z.string(), get parts() { return z.array(trace).optional(); } }).openapi("ConditionTrace", { type: "object" });

const explanation: z.ZodType<TriggerExplanation> = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  by_draft: z.boolean().openapi({ description: "Judged by the trigger of the request, not by the published one" }),
  moment: z.enum(["ingested", "enriched"]),
  order: z.number().int(),
  matches: z.boolean(),
  position: z.number().int().nullable().openapi({ description: "Among those that match at the same moment, from 1" }),
  reasons: z.array(trace),
}).openapi("TriggerExplanation");

/** Conditions nest, which the OpenAPI generator cannot end. */
const trigger = z.custom<unknown>().transform((value, context): PlaybookTrigger => {
  const parsed = triggerSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.addIssue({ code: "custom", path: issue.path, message: issue.message });
  return z.NEVER;
}).openapi("Trigger", { type: "object", description: "As a playbook's document has it" });

const request = z.strictObject({
  alert_id: z.guid(),
  playbook_id: z.string().min(1).max(100).optional().openapi({ description: "Id or slug of the playbook that `trigger` belongs to" }),
  trigger: trigger.optional().openapi({ type: "object", description: "A draft's, judged instead of the published one" }),
}).refine((body) => (body.trigger === undefined) === (body.playbook_id === undefined), { error: "trigger and playbook_id go together: whose draft it is", path: ["trigger"] });

export function triggerTestRoutes(api: Api): void {
  endpoint(api, "POST /playbooks/explain", {
    summary: "Which playbooks an alert would start, in which order, and why not the others; with the trigger of a draft, what publishing it would change",
    tag,
    body: request,
    answer: z.object({ alert_id: z.string(), playbooks: z.array(explanation) }),
  }, async ({ app, user, body }) => {
    const playbookId = body.playbook_id === undefined ? null : await resolvePlaybookId(app.db, user.tenant_id, body.playbook_id);
    if (body.playbook_id !== undefined && playbookId === null) throw unknownPlaybook();
    const playbooks = await explainTriggers(app.db, user.tenant_id, { alertId: body.alert_id, ...(playbookId !== null && body.trigger ? { draft: { playbookId, trigger: body.trigger } } : {}) });
    return { alert_id: body.alert_id, playbooks };
  });

  endpoint(api, "POST /playbooks/{id}/test-trigger", {
    summary: "Whether an alert would start this playbook, and why (not)",
    tag,
    params: idOrSlugParam,
    body: z.strictObject({ alert_id: z.guid() }),
    answer: z.object({ alert_id: z.string(), playbook_id: z.string(), matches: z.boolean(), reasons: z.array(trace) }),
  }, async ({ app, user, params, body }) => {
    const playbookId = await resolvePlaybookId(app.db, user.tenant_id, params.id);
    if (!playbookId) throw unknownPlaybook();
    const [explained] = await explainTriggers(app.db, user.tenant_id, { alertId: body.alert_id, playbookId });
    if (!explained) throw unknownPlaybook();
    return { alert_id: body.alert_id, playbook_id: playbookId, matches: explained.matches, reasons: explained.reasons };
  });
}
