import { z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { answerRun, bulkRuns, cancelRun, previewRerun, rerunRun } from "#app/models/run-actions.server.ts";
import { getRun, listRuns } from "#app/models/run.server.ts";
import { actorOf } from "#app/server/context.ts";
import { PAYLOAD_PARTS, RECEIPT_CHOICES } from "#engine";
import { RUN_STATUSES } from "#engine/status.ts";
import { type Api, endpoint } from "./endpoint.ts";
import { anyJson, idParam, oneOf, pageQuery, toPage } from "./schemas.ts";
import { runDetail, runSummary } from "./shapes.ts";

const tag = "Runs";

export const runList = z.object({ runs: z.array(runSummary), total: z.number().int(), next_cursor: z.string().nullable() });

const rerunBody = z.strictObject({
  from: z.union([z.literal("failed"), z.array(z.guid()).min(1).max(100)]).optional().openapi({ description: "Ids of the steps to begin with, or `failed`: where the run failed. Absent: at the start" }),
  version: z.enum(["same", "published"]).optional().openapi({ description: "The version that it ran (default), or the one that is published now" }),
  receipts: z.record(z.guid(), z.enum(RECEIPT_CHOICES)).optional().openapi({ description: "By step id, what becomes of a call that happened: reuse its result, repeat it under a new key, or skip it. Default: repeat from the start, reuse from the middle" }),
});

const answerBody = z.strictObject({
  step_id: z.guid(),
  decision: z.enum(["happened", "again", "fail"]).openapi({ description: "What is known now: it happened, do it again, or let the step fail" }),
  reason: z.string().max(2000).optional(),
  data: anyJson.optional().openapi({ description: "With `happened`: what the step would have returned" }),
});

export function runRoutes(api: Api): void {
  endpoint(api, "GET /runs", {
    summary: "List runs, newest first",
    tag,
    query: pageQuery.extend({
      status: oneOf(RUN_STATUSES).optional(),
      mode: z.enum(["live", "test", "backtest"]).optional().openapi({ description: "Default live: tests are listed only when they are asked for" }),
      alert_id: z.guid().optional(),
      playbook_id: z.guid().optional(),
      playbook: z.string().max(100).optional().openapi({ description: "Slug" }),
    }),
    answer: runList,
  }, ({ app, user, query }) => {
    const { status, mode, alert_id, playbook_id, playbook } = query;
    return listRuns(app.db, user.tenant_id, { status, mode, alert_id, playbook_id, playbook_slug: playbook }, toPage(query));
  });

  endpoint(api, "GET /runs/{id}", { summary: "One run with its steps and the graph it executed", tag, params: idParam, answer: runDetail }, async ({ app, user, params }) => {
    const run = await getRun(app.db, app.engine, user.tenant_id, params.id);
    if (!run) throw new HTTPException(404, { message: "Run not found" });
    return run;
  });

  endpoint(api, "GET /runs/{id}/steps/{step_id}/payload", {
    summary: "The whole input or output of a step",
    description: "A run only previews what is larger than 256 KB (`apart` of its step says how large it is).",
    tag,
    params: idParam.extend({ step_id: z.guid() }),
    query: z.object({ part: z.enum(PAYLOAD_PARTS).default("output") }),
    answer: anyJson,
  }, async ({ app, user, params, query }) => {
    const found = await app.engine.readPayload({ tenantId: user.tenant_id, runId: params.id, stepId: params.step_id, part: query.part });
    if (!found) throw new HTTPException(404, { message: "Step not found" });
    return found.value;
  });

  endpoint(api, "POST /runs/{id}/cancel", {
    summary: "Stop a run, and the runs that its steps started and wait for",
    description: "The answer comes at once; the run is cancelled when nothing of it is in flight any more. Runs that it started are cancelled with it, however deep; the run that started it hears of it as its step's failure.",
    tag,
    params: idParam,
    body: z.strictObject({ reason: z.string().max(2000).optional() }),
    isBodyOptional: true,
    status: 202,
    conflict: {},
    answer: z.object({ id: z.string(), status: z.literal("cancelling"), children: z.number().int().openapi({ description: "Unfinished runs that are cancelled with it" }) }),
  }, async ({ app, user, params, body }) => {
    const { children } = await cancelRun(app, user.tenant_id, params.id, actorOf(user), body.reason);
    return { id: params.id, status: "cancelling" as const, children };
  });

  endpoint(api, "POST /runs/{id}/rerun", {
    summary: "Run again on the same trigger, as a new run: from the start, from a step, or from where it failed",
    tag,
    params: idParam,
    body: rerunBody.extend({ reason: z.string().max(2000).optional().openapi({ description: "Needed to repeat a containment" }) }),
    isBodyOptional: true,
    status: 202,
    answer: z.object({ run_id: z.string() }),
  }, ({ app, user, params, body }) => rerunRun(app, user.tenant_id, params.id, actorOf(user), body));

  endpoint(api, "POST /runs/{id}/rerun/preview", {
    summary: "What a re-run would do anew and take over, and which calls that happened it comes to again",
    tag,
    params: idParam,
    body: rerunBody,
    isBodyOptional: true,
    answer: z.object({
      version_id: z.string(),
      anew: z.array(z.string()).openapi({ description: "Ids of steps of the old run" }),
      reused: z.array(z.string()),
      receipts: z.array(z.object({ step_id: z.string(), node_id: z.string(), item: z.string(), effect: z.enum(["write", "contain"]), choice: z.enum(RECEIPT_CHOICES) })),
      needs_reason: z.boolean(),
    }),
  }, ({ app, user, params, body }) => previewRerun(app, user.tenant_id, params.id, body));

  endpoint(api, "POST /runs/bulk", {
    summary: "Re-run, retry (from where each failed) or cancel many runs, each with a result of its own",
    tag,
    body: z.strictObject({ action: z.enum(["rerun", "retry", "cancel"]), ids: z.array(z.guid()).min(1).max(500), reason: z.string().max(2000).optional() }),
    answer: z.object({ results: z.array(z.object({ id: z.string(), ok: z.boolean(), run_id: z.string().nullable(), message: z.string().nullable() })) }),
  }, async ({ app, user, body }) => ({ results: await bulkRuns(app, user.tenant_id, body.action, body.ids, actorOf(user), body.reason) }));

  endpoint(api, "POST /runs/{id}/answer", {
    summary: "Decide about a step of which nobody knows whether it happened",
    tag,
    params: idParam,
    body: answerBody,
    status: 202,
    conflict: {},
    answer: z.object({ id: z.string(), step_id: z.string(), decision: z.string() }),
  }, async ({ app, user, params, body }) => {
    const { step_id, decision, reason, data } = body;
    await answerRun(app, user.tenant_id, params.id, { stepId: step_id, decision, reason, data }, actorOf(user));
    return { id: params.id, step_id, decision };
  });
}
