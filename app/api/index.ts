/** The API as one Hono app, to be mounted at /api/v1. What a request may do is in routes.ts. */
import type { ErrorHandler, Hono } from "hono";
import { createRateLimit } from "#app/server/rate-limit.ts";
import type { Services } from "#app/server/context.ts";
import { GENERIC_SOURCE } from "#engine/alerts/index.ts";
import { catalog } from "#nodes/catalog.ts";
import { alertRoutes } from "./alerts.ts";
import { approvalRoutes } from "./approvals.ts";
import { apiKeyRoutes } from "./api-keys.ts";
import { auditRoutes } from "./audit.ts";
import { authRoutes } from "./auth.ts";
import { backtestRoutes } from "./backtests.ts";
import { callbackRouter, describeCallbacks } from "./callbacks.ts";
import { catalogRoutes } from "./catalog.ts";
import { docsRoutes } from "./docs.ts";
import { draftCodeRoutes } from "./draft-code.ts";
import { draftRoutes } from "./drafts.ts";
import { draftTestRoutes } from "./draft-tests.ts";
import { type Api, type ApiEnv, createApiRouter } from "./endpoint.ts";
import { errorAnswer } from "./errors.ts";
import { eventRoutes } from "./events.ts";
import { healthRoutes } from "./health.ts";
import { integrationRoutes } from "./integrations.ts";
import { jsonGuard } from "./json-guard.ts";
import { describeHooks, hookRouter, hookRoutes } from "./playbook-webhooks.ts";
import { playbookRoutes } from "./playbooks.ts";
import { runRoutes } from "./runs.ts";
import { triggerTestRoutes } from "./trigger-tests.ts";
import { versionRoutes } from "./versions.ts";
import { describeWebhooks, webhookRouter } from "./webhooks.ts";

const RATE_WINDOW_MS = 60_000;

/** Expects `app` among the request's variables (app/server/application.ts puts it there). */
export function createApi(services: Pick<Services, "log">): Api {
  const api = createApiRouter();
  const onError: ErrorHandler<ApiEnv> = (error, c) => errorAnswer(error, c, services.log);
  api.onError(onError);
  api.notFound((c) => c.json({ detail: "Not found" }, 404));
  api.use(jsonGuard);
  for (const routes of [healthRoutes, authRoutes, apiKeyRoutes, alertRoutes, playbookRoutes, draftRoutes, draftCodeRoutes, versionRoutes, draftTestRoutes, backtestRoutes, triggerTestRoutes, hookRoutes, runRoutes, approvalRoutes, integrationRoutes, catalogRoutes, auditRoutes, eventRoutes]) routes(api);
  describeWebhooks(api);
  describeCallbacks(api);
  describeHooks(api);
  docsRoutes(api);
  return api;
}

/** What authenticates by itself and takes any bytes stands before sessions, the JSON guard and the question where a request comes from. */
export function createWebhooks(services: Pick<Services, "ingest" | "engine" | "apiKeys" | "db" | "live" | "log">): Hono {
  const sources = [...new Set([...catalog().sources.map(({ id }) => id), GENERIC_SOURCE])];
  const router = webhookRouter({ ...services, sources, rateLimit: createRateLimit({ windowMs: RATE_WINDOW_MS }) });
  router.route("/", callbackRouter({ ...services, rateLimit: createRateLimit({ windowMs: RATE_WINDOW_MS }) }));
  router.route("/", hookRouter({ ...services, rateLimit: createRateLimit({ windowMs: RATE_WINDOW_MS }) }));
  router.onError((error, c) => errorAnswer(error, c, services.log));
  return router;
}
