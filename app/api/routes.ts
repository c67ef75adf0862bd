/**
 * Every route of the API and what it asks for: the one declaration that the guards are made of and the tests walk.
 *
 * - a permission: a signed-in user who has it (401 without a login, 403 without the permission)
 * - "login": any signed-in user
 * - "api-key": a webhook, which authenticates by key (app/api/webhooks.ts)
 * - "public": anybody; each of these says why
 */
import type { Permission } from "#app/server/permissions.ts";

export type Access = Permission | "login" | "api-key" | "public";

export const ROUTES = {
  /** For probes: says whether the database answers, nothing else. */
  "GET /health": "public",
  /** The shape of the API is in the public repository anyway. */
  "GET /openapi.json": "public",
  "GET /docs": "public",
  "GET /docs/{file}": "public",
  /** What the sign-in page may offer. */
  "GET /auth/capabilities": "public",
  /** One signs in with it. */
  "POST /auth/login": "public",
  "POST /auth/logout": "login",
  "GET /auth/me": "login",
  "POST /auth/change-password": "login",

  "GET /api-keys": "api_keys:manage",
  "POST /api-keys": "api_keys:manage",
  "DELETE /api-keys/{id}": "api_keys:manage",

  "POST /webhooks/alerts": "api-key",
  "POST /webhooks/alerts/{source}": "api-key",
  "POST /alert": "api-key",
  /** The address is the key: it answers one step of one run, once (engine/callbacks.ts). */
  "POST /callbacks/{run}/{step}/{mac}": "public",
  /** So it is here: it starts one playbook (engine/hooks.ts). */
  "POST /hooks/{token}": "public",

  "GET /alerts": "alerts:read",
  "POST /alerts": "alerts:update",
  "GET /alerts/counts": "alerts:read",
  "GET /alerts/{id}": "alerts:read",
  "PATCH /alerts/{id}": "alerts:update",
  "POST /alerts/{id}/claim": "alerts:update",
  "GET /alerts/{id}/activities": "alerts:read",
  "POST /alerts/{id}/comments": "alerts:update",
  "GET /alerts/{id}/runs": "playbooks:read",

  "GET /playbooks": "playbooks:read",
  "POST /playbooks": "playbooks:manage",
  "GET /playbooks/{id}": "playbooks:read",
  "PATCH /playbooks/{id}": "playbooks:manage",
  "POST /playbooks/new": "playbooks:manage",
  "GET /playbooks/{id}/draft": "playbooks:read",
  "POST /playbooks/{id}/draft/operations": "playbooks:manage",
  "PUT /playbooks/{id}/draft": "playbooks:manage",
  "DELETE /playbooks/{id}/draft": "playbooks:manage",
  "POST /playbooks/{id}/draft/publish": "playbooks:manage",
  /** These three change nothing: whoever may read a playbook may ask whether it is right. */
  "POST /playbooks/{id}/draft/check": "playbooks:read",
  "POST /playbooks/{id}/draft/scope": "playbooks:read",
  "POST /playbooks/{id}/draft/declarations": "playbooks:read",
  "POST /playbooks/{id}/draft/test": "playbooks:execute",
  "GET /playbooks/{id}/versions": "playbooks:read",
  "GET /playbooks/{id}/versions/{number}": "playbooks:read",
  "POST /playbooks/{id}/versions/{number}/restore": "playbooks:manage",
  "POST /playbooks/{id}/backtests": "playbooks:execute",
  "GET /playbooks/{id}/backtests": "playbooks:read",
  "GET /backtests/{id}": "playbooks:read",
  "POST /backtests/{id}/cancel": "playbooks:execute",
  "POST /playbooks/{id}/run": "playbooks:execute",
  "POST /playbooks/{id}/test-trigger": "playbooks:read",
  "GET /playbooks/{id}/hook": "playbooks:read",
  "POST /playbooks/{id}/hook": "playbooks:manage",
  "DELETE /playbooks/{id}/hook": "playbooks:manage",
  "POST /playbooks/explain": "playbooks:read",

  "GET /runs": "playbooks:read",
  "GET /runs/{id}": "playbooks:read",
  "GET /runs/{id}/steps/{step_id}/payload": "playbooks:read",
  "POST /runs/{id}/cancel": "playbooks:execute",
  "POST /runs/bulk": "playbooks:execute",
  "POST /runs/{id}/rerun": "playbooks:execute",
  "POST /runs/{id}/rerun/preview": "playbooks:execute",
  "POST /runs/{id}/answer": "playbooks:execute",
  /** Which roles may is up to the question, too. */
  "POST /runs/{id}/reply": "playbooks:execute",
  "GET /approvals": "playbooks:read",

  "GET /integrations/types": "integrations:read",
  "GET /integrations": "integrations:read",
  "POST /integrations": "integrations:manage",
  "GET /integrations/{id}": "integrations:read",
  "PATCH /integrations/{id}": "integrations:manage",
  "DELETE /integrations/{id}": "integrations:manage",
  "POST /integrations/{id}/health": "integrations:manage",

  "GET /catalog": "playbooks:read",
  "GET /audit": "audit:read",
  /** Each event names only ids, and only of kinds the user may read. */
  "GET /events": "login",
} as const satisfies Record<string, Access>;

export type RouteKey = keyof typeof ROUTES;

export type Method = "get" | "post" | "put" | "patch" | "delete";

export function splitKey(key: RouteKey): { method: Method; path: string } {
  const [method = "", path = ""] = key.split(" ");
  return { method: method.toLowerCase() as Method, path };
}

/** {id} → :id, as Hono writes it. */
export const honoPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1");
