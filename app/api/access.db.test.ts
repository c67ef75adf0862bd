import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { permissionsOf } from "#app/server/permissions.ts";
import { ALL_ROLES, WebWorld } from "#app/server/testing.ts";
import { insertRows, type Rows } from "#tests/support/rows.ts";
import { type Access, honoPath, ROUTES, type RouteKey, splitKey } from "./routes.ts";

let world: WebWorld;
let ids: Rows;

beforeAll(async () => {
  world = await WebWorld.create();
  ids = await insertRows(world.owner, world.tenantId);
});
afterAll(() => world.close());

const guarded = (Object.entries(ROUTES) as [RouteKey, Access][]).filter(([, access]) => access !== "public" && access !== "api-key");
/** A stream never ends by itself; events.db.test.ts looks at it. */
const callable = guarded.filter(([key]) => key !== "GET /events");

function pathFor(key: RouteKey, known: Rows = ids): string {
  const { path } = splitKey(key);
  const id = path.startsWith("/alerts") ? known.alert : path.startsWith("/runs") ? known.run : path.startsWith("/backtests") ? known.backtest : path.startsWith("/playbooks") ? known.playbook : path.startsWith("/api-keys") ? known.key : known.connection;
  return path.replace("{id}", id).replace("{number}", "1").replace("{step_id}", id);
}

/** Never a valid body, so that nothing is changed by looking: who may enter is told by anything but 401 and 403. */
const bodyFor = (method: string): unknown => (method === "get" || method === "delete" ? undefined : { no_such_field: true });

describe("the table of routes", () => {
  it("names every route that exists, and no other", () => {
    const wanted = new Set((Object.keys(ROUTES) as RouteKey[]).map((key) => `${splitKey(key).method.toUpperCase()} /api/v1${honoPath(splitKey(key).path)}`));
    // Middleware and the last "not found" are registered for all methods.
    const registered = new Set(world.routes.filter(({ method, path }) => method !== "ALL" && path.startsWith("/api/v1")).map(({ method, path }) => `${method} ${path}`));
    expect([...registered].sort()).toEqual([...wanted].sort());
  });

  it("is what the OpenAPI document describes", async () => {
    const { body } = await world.request("GET", "/openapi.json");
    const described = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
    const own = new Set(["GET /openapi.json", "GET /docs", "GET /docs/{file}"]);
    expect(described.sort()).toEqual(Object.keys(ROUTES).filter((key) => !own.has(key)).sort());
  });
});

describe("who may enter", () => {
  it.each(guarded)("%s asks a stranger to sign in", async (key) => {
    const { method } = splitKey(key);
    for (const headers of [{}, { authorization: "Bearer nonsense" }, { authorization: "Basic x" }, { cookie: "playgraph_session_3000=nonsense" }]) {
      const answer = await world.request(method.toUpperCase(), pathFor(key), { headers: headers as Record<string, string>, body: bodyFor(method) });
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual({ detail: "Authentication required" });
    }
  });

  it.each(callable.filter(([key]) => !key.startsWith("DELETE")))("%s is open to exactly the roles that have %s", async (key, access) => {
    const { method } = splitKey(key);
    for (const role of [...ALL_ROLES, "nobody"] as const) {
      const { token } = key === "POST /auth/logout" ? await world.addPerson(role) : await world.person(role);
      const answer = await world.request(method.toUpperCase(), pathFor(key), { token, body: bodyFor(method) });
      const isAllowed = access === "login" || permissionsOf(role).has(access as never);
      expect([role, answer.status === 403]).toEqual([role, !isAllowed]);
      expect([200, 201, 202, 400, 403, 404, 409, 422]).toContain(answer.status);
      if (!isAllowed) expect(answer.body.detail).toBe(`Permission denied: requires ${access}`);
    }
  });

  it.each(callable.filter(([key]) => key.startsWith("DELETE")))("%s is open to exactly the roles that have %s", async (key, access) => {
    for (const role of ALL_ROLES) {
      const answer = await world.as(role, "DELETE", splitKey(key).path.replace("{id}", randomUUID()));
      expect([role, answer.status]).toEqual([role, permissionsOf(role).has(access as never) ? 404 : 403]);
    }
  });
});

describe("another tenant", () => {
  const BODIES: Partial<Record<RouteKey, unknown>> = {
    "PATCH /alerts/{id}": { severity: "low" },
    "POST /alerts/{id}/comments": { text: "hello" },
    "PATCH /playbooks/{id}": { enabled: false },
    "POST /playbooks/{id}/draft/operations": { revision: 0, operations: [{ op: "set-details", changes: {} }] },
    "POST /playbooks/{id}/draft/publish": { revision: 0 },
    "PUT /playbooks/{id}/draft": { document: { format: 1, name: "x", nodes: [], edges: [] } },
    "POST /playbooks/{id}/draft/scope": { node: "a" },
    "POST /playbooks/{id}/run": {},
    "POST /runs/{id}/answer": { step_id: randomUUID(), decision: "fail" },
    "POST /runs/{id}/reply": { wait_id: randomUUID(), choice: "approve" },
    "PATCH /integrations/{id}": { enabled: false },
  };

  it.each(callable.filter(([key]) => key.includes("{id}") && key !== "POST /playbooks/{id}/test-trigger"))("%s does not know our ids", async (key) => {
    const { token } = await world.person("admin", world.otherTenantId);
    const { method } = splitKey(key);
    const answer = await world.request(method.toUpperCase(), pathFor(key), { token, body: BODIES[key] });
    expect(answer.status).toBe(404);
  });

  it("POST /playbooks/{id}/test-trigger knows neither our playbook nor our alert", async () => {
    const { token } = await world.person("admin", world.otherTenantId);
    expect((await world.request("POST", `/playbooks/${ids.playbook}/test-trigger`, { token, body: { alert_id: ids.alert } })).status).toBe(404);
    const foreign = await insertRows(world.owner, world.otherTenantId);
    expect((await world.request("POST", `/playbooks/${foreign.playbook}/test-trigger`, { token, body: { alert_id: ids.alert } })).status).toBe(404);
    expect((await world.request("POST", `/playbooks/${foreign.playbook}/run`, { token, body: { alert_id: ids.alert } })).status).toBe(404);
  });

  it("sees none of our rows in any list", async () => {
    const { token } = await world.person("admin", world.otherTenantId);
    for (const path of ["/alerts", "/runs", "/playbooks", "/api-keys", "/integrations", "/audit", "/approvals", "/approvals?status=answered", `/runs?alert_id=${ids.alert}`]) {
      const text = JSON.stringify((await world.request("GET", path, { token })).body);
      for (const id of Object.values(ids)) expect(text).not.toContain(id);
    }
  });
});

describe("ids that are none", () => {
  it.each(callable.filter(([key]) => key.includes("{id}")))("%s answers 404 or 422", async (key) => {
    const { method } = splitKey(key);
    for (const id of ["x", "123", "%00", "..%2f..", "00000000-0000-0000-0000-00000000000g", "%E0%A4%A", randomUUID()]) {
      const answer = await world.as("admin", method.toUpperCase(), splitKey(key).path.replace("{id}", id).replace("{number}", "1").replace("{step_id}", id), bodyFor(method));
      expect([id, [400, 404, 422].includes(answer.status)]).toEqual([id, true]);
    }
  });
});
