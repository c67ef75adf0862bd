import { z } from "@hono/zod-openapi";
import { APPROVAL_KINDS } from "#app/approvals/kinds.ts";
import { listApprovals } from "#app/models/approval.server.ts";
import { replyRun } from "#app/models/reply-run.server.ts";
import { type Api, endpoint } from "./endpoint.ts";
import { anyJson, idParam, oneOf, pageQuery } from "./schemas.ts";
import { approval } from "./shapes.ts";

const tag = "Approvals";

const replyBody = z.strictObject({
  wait_id: z.guid(),
  choice: z.string().max(100).nullish().openapi({ description: "One of the question's choices; of an approval `approve` or `refuse`" }),
  values: z.record(z.string().max(63), anyJson).optional().openapi({ description: "Of the question's fields, by their names" }),
  reason: z.string().max(2000).nullish(),
});

export function approvalRoutes(api: Api): void {
  endpoint(api, "GET /approvals", {
    summary: "What waits for a person, longest first; or what was answered, newest first",
    description: "Steps that need leave (approval), questions of playbooks (question), and calls of which nobody knows whether they happened (decision). Approvals and questions are answered by POST /runs/{id}/reply, decisions by POST /runs/{id}/answer. Of live runs, unless `run_id` names one.",
    tag,
    query: pageQuery.pick({ limit: true, cursor: true }).extend({
      kind: oneOf(APPROVAL_KINDS).optional(),
      status: z.enum(["open", "answered"]).default("open"),
      run_id: z.guid().optional(),
    }),
    answer: z.object({ approvals: z.array(approval), total: z.number().int(), next_cursor: z.string().nullable() }),
  }, ({ app, user, query: { kind, status, run_id, limit = 50, cursor } }) =>
    listApprovals(app.db, user.tenant_id, { status, ...(kind ? { kind } : {}), ...(run_id ? { run_id } : {}) }, { limit, ...(cursor ? { cursor } : {}) }));

  endpoint(api, "POST /runs/{id}/reply", {
    summary: "Allow or refuse a step, or answer its question; the first answer counts",
    description: "403 where the question is for other roles, 409 where somebody was faster, nobody is asked any more, or its time is over; 422 names the fields that do not fit.",
    tag,
    params: idParam,
    body: replyBody,
    status: 202,
    conflict: {},
    answer: z.object({ id: z.string(), wait_id: z.string(), choice: z.string().nullable() }),
  }, async ({ app, user, params, body: { wait_id, choice = null, values = {}, reason = null } }) => {
    await replyRun(app, params.id, { waitId: wait_id, choice, values, reason }, user);
    return { id: params.id, wait_id, choice };
  });
}
