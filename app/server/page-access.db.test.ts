/** Every loader and action of every page, called by itself (as a browser's single fetch can), as everybody. */
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { insertRows, type Rows } from "#tests/support/rows.ts";
import { type PageAccess, type PageId, PAGES } from "./page-access.ts";
import { type Permission, permissionsOf } from "./permissions.ts";
import { ALL_ROLES, BASE_URL, WebWorld } from "./testing.ts";

const APP = path.resolve(import.meta.dirname, "..");
const FILES = new Map([["root", "root.tsx"], ...readdirSync(path.join(APP, "routes")).map((name): [string, string] => [`routes/${name.replace(/\.tsx?$/, "")}`, existsSync(path.join(APP, "routes", name, "route.tsx")) ? `routes/${name}/route.tsx` : `routes/${name}`])]);

type Kind = "loader" | "action";
type Handler = (args: { request: Request; params: Record<string, string>; context: { app: unknown } }) => unknown;
type Module = Partial<Record<Kind, Handler>>;

let world: WebWorld;
let ours: Rows;
let theirs: Rows;
const modules = new Map<string, Module>();

beforeAll(async () => {
  world = await WebWorld.create();
  [ours, theirs] = await Promise.all([insertRows(world.owner, world.tenantId), insertRows(world.owner, world.otherTenantId)]);
  for (const [id, file] of FILES) modules.set(id, (await import(path.join(APP, file))) as Module);
});
afterAll(() => world.close());

/** What a route's parameters stand for. */
function paramsOf(page: string, rows: Rows): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [, name] of page.matchAll(/\$([a-z]*)/gi)) {
    if (name === "") params["*"] = "nowhere";
    else if (name === "slug") params["slug"] = rows.slug;
    else if (name === "id" && page.includes(".alerts.")) params["id"] = rows.alert;
    else if (name === "id" && page.includes(".runs.")) params["id"] = rows.run;
    else if (name === "id" && page.includes(".backtests.")) params["id"] = rows.backtest;
    else throw new Error(`Say here what $${name} of ${page} stands for.`);
  }
  return params;
}

interface Answer { status: number; location: string | null; text: string }

interface Call { token?: string | undefined; params?: Record<string, string>; query?: Record<string, string>; form?: Record<string, string> }

async function call(page: string, kind: Kind, { token, params = {}, query = {}, form }: Call): Promise<Answer> {
  const app = await world.pageContext(token);
  const request = new Request(`${BASE_URL}/page?${new URLSearchParams(query).toString()}`, form ? { method: "POST", body: new URLSearchParams(form) } : {});
  const outcome = await Promise.resolve().then(() => modules.get(page)![kind]!({ request, params, context: { app } })).catch((error: unknown) => {
    if (error instanceof Response || isData(error)) return error;
    throw error;
  });
  if (outcome instanceof Response) return { status: outcome.status, location: outcome.headers.get("location"), text: await outcome.text() };
  if (isData(outcome)) return { status: outcome.init?.status ?? 200, location: null, text: JSON.stringify(outcome.data) };
  return { status: 200, location: null, text: JSON.stringify(outcome) };
}

/** What data() of Remix makes. */
const isData = (value: unknown): value is { data: unknown; init: { status?: number } | null } => typeof value === "object" && value !== null && "type" in value && value.type === "DataWithResponseInit";

const pages = Object.entries(PAGES) as [PageId, PageAccess][];
const loaders = pages.flatMap(([page, { loader }]) => (loader === undefined || loader === "public" ? [] : [[page, loader] as const]));
const actions = pages.flatMap(([page, { action }]) => (action === undefined || action === "public" ? [] : Object.entries(action).map(([intent, permission]) => [page, intent, permission] as const)));
/** Ids in forms that nobody has. */
const unknownForm = () => ({ id: randomUUID(), alert_id: randomUUID(), step_id: randomUUID(), decision: "fail", number: "999" });

describe("the table of pages", () => {
  it("names every route, and no other", () => {
    expect([...FILES.keys()].sort()).toEqual(Object.keys(PAGES).sort());
  });

  it.each(pages)("says of %s which doors it has", (page, { loader, action }) => {
    expect([page, modules.get(page)!.loader !== undefined, modules.get(page)!.action !== undefined]).toEqual([page, loader !== undefined, action !== undefined]);
  });
});

describe("who may enter", () => {
  const roles = [...ALL_ROLES, "nobody"] as const;
  const isEntered = ({ status, location }: Answer): boolean => status !== 401 && status !== 403 && !location?.startsWith("/login");

  it.each(loaders)("%s shows itself to exactly the roles that have %s", async (page, permission) => {
    const params = paramsOf(page, ours);
    expect(await call(page, "loader", { params })).toMatchObject({ status: 302, location: expect.stringMatching(/^\/login/) });
    for (const role of roles) {
      const answer = await call(page, "loader", { token: (await world.person(role)).token, params });
      const isAllowed = permissionsOf(role).has(permission);
      expect([role, isEntered(answer)]).toEqual([role, isAllowed]);
      if (!isAllowed) expect(answer).toEqual({ status: 403, location: null, text: `Permission denied: requires ${permission}` });
    }
  });

  it.each(actions)("%s lets %s be done by exactly the roles that have %s", async (page, intent, permission) => {
    const params = paramsOf(page, ours);
    const form = { ...unknownForm(), intent };
    expect(await call(page, "action", { params, form })).toMatchObject({ status: 302, location: "/login" });
    for (const role of roles) {
      const answer = await call(page, "action", { token: (await world.person(role)).token, params, form });
      const isAllowed = permissionsOf(role).has(permission);
      expect([role, isEntered(answer)]).toEqual([role, isAllowed]);
      if (!isAllowed) expect(answer).toEqual({ status: 403, location: null, text: `Permission denied: requires ${permission}` });
    }
  });

  it.each([...new Set(actions.map(([page]) => page))])("%s does nothing that it does not declare", async (page) => {
    const { token } = await world.person("admin");
    for (const form of [{}, { intent: "no-such" }, { intent: "constructor" }] as Record<string, string>[]) expect((await call(page, "action", { token, params: paramsOf(page, ours), form })).status).toBe(400);
  });
});

describe("another tenant", () => {
  /** Their administrator, of whom we ask about our rows. */
  const stranger = async () => (await world.person("admin", world.otherTenantId)).token;
  const nobodys = (): Rows => ({ alert: randomUUID(), run: randomUUID(), playbook: randomUUID(), slug: `p-${randomUUID().slice(0, 8)}`, key: randomUUID(), connection: randomUUID(), backtest: randomUUID() });
  /** Also of what an action has made: its id is another one each time. */
  const withoutIds = (text: string): string => text.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\bp-[0-9a-f]{8}\b/g, "<id>");

  /** Every way of naming rows at once: a page takes of it what it knows. */
  const queryOf = (rows: Rows): Record<string, string> => ({ alert_id: rows.alert, playbook: rows.slug, q: rows.run, alert: rows.alert, run: rows.run });
  const formOf = (page: string, rows: Rows): Record<string, string> => ({ id: page.includes("api-keys") ? rows.key : rows.connection, alert_id: rows.alert, step_id: rows.run, decision: "fail", number: "1", text: "x" });

  async function answers(page: string, kind: Kind, make: (rows: Rows) => Call): Promise<void> {
    const token = await stranger();
    const [foreign, absent] = [await call(page, kind, { token, ...make(ours) }), await call(page, kind, { token, ...make(nobodys()) })];
    expect({ ...foreign, text: withoutIds(foreign.text) }).toEqual({ ...absent, text: withoutIds(absent.text) });
    expect(foreign.status).not.toBe(500);
  }

  it.each(loaders)("%s answers for our ids as for ids that nobody has (%s)", async (page) => {
    await answers(page, "loader", (rows) => ({ params: paramsOf(page, rows), query: queryOf(rows) }));
    // On a page of their own, too.
    await answers(page, "loader", (rows) => ({ params: paramsOf(page, theirs), query: queryOf(rows) }));
  });

  it.each(loaders)("%s shows none of our rows (%s)", async (page) => {
    const { text } = await call(page, "loader", { token: await stranger(), params: paramsOf(page, theirs) });
    for (const id of Object.values(ours) as string[]) expect(text).not.toContain(id);
  });

  it.each(actions)("%s: %s does to our rows what it does to none (%s)", async (page, intent) => {
    const before = await contents();
    await answers(page, "action", (rows) => ({ params: paramsOf(page, rows), form: { ...formOf(page, rows), intent } }));
    await answers(page, "action", (rows) => ({ params: paramsOf(page, theirs), form: { ...formOf(page, rows), intent } }));
    expect(await contents()).toEqual(before);
  });

  /** All of ours that an action could reach. */
  async function contents(): Promise<unknown> {
    const tables = ["alerts", "runs", "playbooks", "playbook_versions", "playbook_drafts", "api_keys", "connections"];
    return Promise.all(tables.map(async (table) => (await world.owner.query(`SELECT * FROM ${table} WHERE tenant_id = $1 ORDER BY 1`, [world.tenantId])).rows));
  }

  it("would notice: our own people are told more", async () => {
    const { token } = await world.person("admin");
    expect((await call("routes/_app.runs.$id", "loader", { token, params: { id: ours.run } })).text).toContain(ours.alert);
    expect((await call("routes/search", "loader", { token, query: { q: ours.run } })).text).toContain(ours.run);
  });
});

/** Every permission that a page asks for is one that somebody has. */
it("asks for nothing that nobody has", () => {
  const asked = new Set<Permission>([...loaders.map(([, permission]) => permission), ...actions.map(([, , permission]) => permission)]);
  for (const permission of asked) expect(permissionsOf("admin").has(permission), permission).toBe(true);
});
