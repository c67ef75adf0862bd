import { z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import type { BacktestAlertWire, BacktestRunSummary, BacktestSummary } from "#app/models/backtest-wire.ts";
import { BACKTEST_STATUSES } from "#app/models/backtest-wire.ts";
import { cancelBacktest, getBacktest, listBacktests, startBacktest } from "#app/models/backtest.server.ts";
import { actorOf } from "#app/server/context.ts";
import { APPROVAL_CHOICES, BACKTEST_OUTCOMES, MISSING_CHOICES, MOST_ALERTS, type Selection } from "#engine";
import { FAILURE_KINDS, type Json, SEVERITIES } from "#sdk";
import { type Api, endpoint } from "./endpoint.ts";
import { idOrSlugParam, idParam, moment, oneOf, pageQuery, toPage } from "./schemas.ts";

const tag = "Backtests";
const DEFAULT_LAST = 50;
const time = z.string().openapi({ format: "date-time" });
const json = z.custom<Json>(() => true).openapi({ type: ["string", "number", "boolean", "object", "array", "null"] });
const missing = z.enum(MISSING_CHOICES);
const approvals = z.enum(APPROVAL_CHOICES);
const selection: z.ZodType<Selection> = z.union([z.object({ last: z.number().int(), since: z.string().optional(), until: z.string().optional() }), z.object({ alert_ids: z.array(z.string()) })]);

const startBody = z.strictObject({
  last: z.number().int().min(1).max(MOST_ALERTS).optional().openapi({ description: `The newest alerts on which the playbook ran live, or the newest of all where it never did. Default ${DEFAULT_LAST}` }),
  since: moment.optional().openapi({ description: "Of these, alerts that came in from then on" }),
  until: moment.optional().openapi({ description: "Of these, alerts that came in before" }),
  alert_ids: z.array(z.guid()).min(1).max(MOST_ALERTS).optional().openapi({ description: "These alerts instead" }),
  missing: missing.default("fail").openapi({ description: "A read that no live run has recorded for the alert: it fails (by the port `failed` where the step has one; else the alert counts as `unknown`), takes the node's stand-in, or is made live" }),
  approvals: approvals.default("recorded").openapi({ description: "Approvals and questions: what was said then (where nothing was, yes), always yes, always no" }),
}).refine(({ alert_ids, last, since, until }) => alert_ids === undefined || (last === undefined && since === undefined && until === undefined), { path: ["alert_ids"], message: "give either alert_ids or last, since and until" });

const summaryFields = {
  id: z.string(),
  playbook: z.object({ id: z.string(), slug: z.string(), name: z.string() }),
  version: z.number().int().nullable().openapi({ description: "The published version that the draft is compared with" }),
  status: z.enum(BACKTEST_STATUSES),
  selection,
  missing,
  approvals,
  total: z.number().int().openapi({ description: "Alerts" }),
  counts: z.object({ same: z.number().int(), different: z.number().int(), new_failure: z.number().int(), fixed: z.number().int(), unknown: z.number().int(), pending: z.number().int() }).openapi({ description: "Alerts by outcome" }),
  created_by: z.string().nullable(),
  created_at: time,
  finished_at: time.nullable(),
};
const summary: z.ZodType<BacktestSummary> = z.object(summaryFields).openapi("Backtest");

const run: z.ZodType<BacktestRunSummary> = z.object({
  run_id: z.string(),
  status: z.enum(["success", "failed", "cancelled"]),
  result: json,
  error: z.object({ kind: z.enum([...FAILURE_KINDS, "cancelled"]), message: z.string(), details: z.record(z.string(), z.unknown()).optional(), node_id: z.string().optional() }).nullable(),
  path: z.array(z.object({ node: z.string(), item: z.string(), status: z.string(), port: z.string().nullable() })).openapi({ description: "Nodes that were taken, in order, and the port that each was left by" }),
  writes: z.array(z.object({ node: z.string(), item: z.string(), type: z.string(), effect: z.enum(["write", "contain"]), input: json, hash: z.string() })).openapi({ description: "What would have been changed. `input` is null where it is too long: the run has it" }),
  unrecorded: z.array(z.string()).openapi({ description: "Reads that no live run has recorded" }),
}).openapi("BacktestRun");

const alert: z.ZodType<BacktestAlertWire> = z.object({
  position: z.number().int(),
  alert: z.object({ id: z.string(), title: z.string(), severity: z.enum(SEVERITIES) }).nullable(),
  outcome: z.enum(BACKTEST_OUTCOMES).nullable().openapi({ description: "unknown: one of the runs ended where nothing was recorded, or was cancelled. null: not known yet" }),
  differences: z.array(z.string()),
  draft_run_id: z.string().nullable(),
  published_run_id: z.string().nullable(),
  draft: run.nullable(),
  published: run.nullable(),
}).openapi("BacktestAlert");

export function backtestRoutes(api: Api): void {
  endpoint(api, "POST /playbooks/{id}/backtests", {
    summary: "Run the draft and the published version over alerts that came in, and compare them",
    description: "Nothing is changed: writes are held, reads are answered from what live runs of this playbook recorded for the alert, delays pass at once, callbacks time out. The runs have mode `backtest` and come after everything that is live. 422 lists what is wrong with the draft.",
    tag,
    params: idOrSlugParam,
    body: startBody,
    isBodyOptional: true,
    status: 202,
    answer: z.object({ backtest_id: z.string(), total: z.number().int() }),
  }, ({ app, user, params, body }) => {
    const { alert_ids, last = DEFAULT_LAST, since, until, ...options } = body;
    const chosen: Selection = alert_ids ? { alert_ids } : { last, ...(since ? { since: since.toISOString() } : {}), ...(until ? { until: until.toISOString() } : {}) };
    return startBacktest(app, user.tenant_id, { playbook: params.id, selection: chosen, ...options }, actorOf(user));
  });

  endpoint(api, "GET /playbooks/{id}/backtests", {
    summary: "Backtests of a playbook, newest first",
    tag,
    params: idOrSlugParam,
    query: pageQuery.omit({ cursor: true }),
    answer: z.object({ backtests: z.array(summary), total: z.number().int() }),
  }, ({ app, user, params, query }) => listBacktests(app.db, user.tenant_id, params.id, toPage(query)));

  endpoint(api, "GET /backtests/{id}", {
    summary: "One backtest: totals, and per alert what both versions did and how they differ",
    tag,
    params: idParam,
    query: pageQuery.omit({ cursor: true }).extend({ outcome: oneOf([...BACKTEST_OUTCOMES, "pending"]).optional() }),
    answer: z.object({ ...summaryFields, alerts: z.array(alert), matching: z.number().int().openapi({ description: "Alerts that meet the filter" }) }),
  }, async ({ app, user, params, query }) => {
    const { limit, offset } = toPage(query);
    const backtest = await getBacktest(app.db, user.tenant_id, params.id, { outcomes: query.outcome ?? [], limit, offset });
    if (!backtest) throw new HTTPException(404, { message: "Backtest not found" });
    return backtest;
  });

  endpoint(api, "POST /backtests/{id}/cancel", {
    summary: "End a backtest: nothing of it begins any more, and its runs are cancelled",
    tag,
    params: idParam,
    conflict: {},
    status: 202,
    answer: z.object({ id: z.string(), status: z.literal("cancelling") }),
  }, async ({ app, user, params }) => {
    await cancelBacktest(app, user.tenant_id, params.id, actorOf(user));
    return { id: params.id, status: "cancelling" as const };
  });
}
