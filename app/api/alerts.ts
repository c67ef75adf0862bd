import { z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { addComment, alertCounts, alertExists, changeAlert, claimAlert, getAlert, listAlertEvents, listAlerts } from "#app/models/alert.server.ts";
import { listRuns } from "#app/models/run.server.ts";
import { actorOf, type AppContext } from "#app/server/context.ts";
import { ALERT_STATUSES, DETERMINATIONS, GENERIC_SOURCE } from "#engine/alerts/index.ts";
import { SEVERITIES } from "#sdk";
import { type Api, endpoint } from "./endpoint.ts";
import { runList } from "./runs.ts";
import { idParam, moment, oneOf, pageQuery, toPage } from "./schemas.ts";
import { accepted, alertDetail, alertEvent, alertSummary } from "./shapes.ts";
import { acceptedAnswer } from "./webhooks.ts";

const tag = "Alerts";
const unknownAlert = () => new HTTPException(404, { message: "Alert not found" });
const text = z.string().max(200);

const lowerCase = <const T extends readonly [string, ...string[]]>(values: T) => z.string().transform((value) => value.toLowerCase()).pipe(z.enum(values)).openapi({ type: "string", enum: [...values] });

const changeBody = z.strictObject({
  status: lowerCase(ALERT_STATUSES).optional(),
  severity: lowerCase(SEVERITIES).optional(),
  determination: lowerCase(DETERMINATIONS).optional(),
  partner: z.string().max(100).nullable().optional(),
  tags: z.array(z.string().min(1).max(100)).max(100).optional(),
  assigned_to: z.guid().nullable().optional().openapi({ description: "Id of an active analyst; null unassigns" }),
  resolve_reason: z.string().max(2000).nullable().optional(),
});

/** What a person fills in; anything else they know is kept with the alert. */
const newAlert = z.looseObject({
  title: z.string().trim().min(1).max(500),
  severity: lowerCase(SEVERITIES).default("medium"),
  description: z.string().max(20_000).optional(),
  source_id: z.string().max(255).optional(),
});

export function alertRoutes(api: Api): void {
  endpoint(api, "GET /alerts", {
    summary: "List alerts, newest first",
    tag,
    query: pageQuery.extend({
      status: oneOf(ALERT_STATUSES).optional(),
      severity: oneOf(SEVERITIES).optional(),
      source: text.optional(),
      partner: text.optional(),
      determination: lowerCase(DETERMINATIONS).optional(),
      technique: text.optional(),
      assigned_to: z.guid().optional(),
      date_start: moment.optional(),
      date_end: moment.optional(),
      q: text.optional().openapi({ description: "Part of the title, host, user, rule, an address or any indicator" }),
    }),
    answer: z.object({ alerts: z.array(alertSummary), total: z.number().int(), next_cursor: z.string().nullable() }),
  }, ({ app, user, query }) => {
    const { limit, offset, page, cursor, ...filter } = query;
    return listAlerts(app.db, user.tenant_id, filter, toPage({ limit, offset, page, cursor }));
  });

  endpoint(api, "POST /alerts", {
    summary: "Create an alert by hand; it starts playbooks like any other",
    tag,
    body: newAlert,
    status: 201,
    answer: accepted,
  }, async ({ app, user, body }) => {
    const raw = Buffer.from(JSON.stringify({ source: "manual", ...body }));
    const result = await app.ingest.accept({ tenantId: user.tenant_id, raw, sourceHint: GENERIC_SOURCE, actor: { kind: "user", id: user.id, name: user.username } });
    return acceptedAnswer(result);
  });

  endpoint(api, "GET /alerts/counts", {
    summary: "How many alerts there are, by status and severity",
    tag,
    answer: z.object({ total: z.number(), by_status: z.record(z.string(), z.number()), by_severity: z.record(z.string(), z.number()), unassigned: z.number() }),
  }, ({ app, user }) => alertCounts(app.db, user.tenant_id));

  endpoint(api, "GET /alerts/{id}", { summary: "One alert with everything known about it", tag, params: idParam, answer: alertDetail }, async ({ app, user, params }) => {
    const alert = await getAlert(app.db, user.tenant_id, params.id);
    if (!alert) throw unknownAlert();
    return alert;
  });

  endpoint(api, "PATCH /alerts/{id}", {
    summary: "Change an alert; every changed field is an entry of its history",
    tag,
    params: idParam,
    body: changeBody,
    answer: alertDetail,
  }, ({ app, user, params, body }) => changeAlert(app.db, user.tenant_id, params.id, body, actorOf(user)));

  endpoint(api, "POST /alerts/{id}/claim", { summary: "Make an alert one's own", tag, params: idParam, answer: alertDetail }, ({ app, user, params }) =>
    claimAlert(app.db, user.tenant_id, params.id, actorOf(user)));

  endpoint(api, "GET /alerts/{id}/activities", {
    summary: "The history of an alert, newest first",
    tag,
    params: idParam,
    query: pageQuery.omit({ cursor: true }),
    answer: z.object({ activities: z.array(alertEvent), total: z.number().int() }),
  }, async ({ app, user, params, query }) => {
    await requireAlert(app, user.tenant_id, params.id);
    return listAlertEvents(app.db, user.tenant_id, params.id, toPage(query));
  });

  endpoint(api, "POST /alerts/{id}/comments", {
    summary: "Comment on an alert",
    tag,
    params: idParam,
    body: z.strictObject({ text: z.string().trim().min(1).max(10_000) }),
    status: 201,
    answer: alertEvent,
  }, ({ app, user, params, body }) => addComment(app.db, user.tenant_id, params.id, body.text, actorOf(user)));

  endpoint(api, "GET /alerts/{id}/runs", { summary: "Runs that this alert started", tag, params: idParam, query: pageQuery, answer: runList }, async ({ app, user, params, query }) => {
    await requireAlert(app, user.tenant_id, params.id);
    return listRuns(app.db, user.tenant_id, { alert_id: params.id }, toPage(query));
  });
}

async function requireAlert(app: AppContext, tenantId: string, alertId: string): Promise<void> {
  if (!(await alertExists(app.db, tenantId, alertId))) throw unknownAlert();
}
