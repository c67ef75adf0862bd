import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebWorld } from "#app/server/testing.ts";

let world: WebWorld;
let key: string;

beforeAll(async () => {
  world = await WebWorld.create();
  key = await world.addKey();
});
afterAll(() => world.close());

async function deliver(payload: object): Promise<string> {
  const { body } = await world.request("POST", "/webhooks/alerts", { key, body: payload });
  return body.alert_id;
}

const get = (path: string) => world.as("viewer", "GET", path);
const actions = async (id: string): Promise<string[]> => (await get(`/alerts/${id}/activities`)).body.activities.map((each: { action: string }) => each.action);

describe("the list", () => {
  const partner = `p-${randomUUID()}`;
  beforeAll(async () => {
    for (let at = 0; at < 25; at++) {
      await deliver({ title: `alert ${at} 100%_done`, severity: at % 2 ? "high" : "low", source: at % 5 ? "edr" : "fw", partner, hostname: `host-${at}`, message: `seen 198.51.100.${at}` });
    }
  });

  it("filters, counts and is newest first", async () => {
    const all = await get(`/alerts?partner=${partner}`);
    expect(all.body.total).toBe(25);
    expect(all.body.alerts[0].title).toBe("alert 24 100%_done");
    expect((await get(`/alerts?partner=${partner}&severity=HIGH`)).body.total).toBe(12);
    expect((await get(`/alerts?partner=${partner}&severity=high,low&source=fw`)).body.total).toBe(5);
    expect((await get(`/alerts?partner=${partner}&status=resolved`)).body.total).toBe(0);
    expect((await get(`/alerts?partner=${partner}&date_start=2099-01-01T00:00:00Z`)).body.total).toBe(0);
  });

  it("finds parts of titles, hosts and indicators, literally", async () => {
    expect((await get(`/alerts?partner=${partner}&q=HOST-1`)).body.total).toBe(11);
    expect((await get(`/alerts?partner=${partner}&q=${encodeURIComponent("100%_d")}`)).body.total).toBe(25);
    expect((await get(`/alerts?partner=${partner}&q=${encodeURIComponent("100%d")}`)).body.total).toBe(0);
    expect((await get(`/alerts?partner=${partner}&q=198.51.100.7`)).body).toMatchObject({ total: 1, alerts: [{ hostname: "host-7" }] });
  });

  it("pages by offset, by page and by cursor to the same end", async () => {
    const everything = (await get(`/alerts?partner=${partner}`)).body.alerts.map(({ id }: { id: string }) => id);
    const offset = await get(`/alerts?partner=${partner}&limit=10&offset=20`);
    expect(offset.body.alerts.map(({ id }: { id: string }) => id)).toEqual(everything.slice(20));
    const page = await get(`/alerts?partner=${partner}&page=2`);
    expect(page.body.alerts.map(({ id }: { id: string }) => id)).toEqual(everything.slice(20));
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const { body } = await get(`/alerts?partner=${partner}&limit=7${cursor ? `&cursor=${cursor}` : ""}`);
      expect(body.total).toBe(25);
      seen.push(...body.alerts.map(({ id }: { id: string }) => id));
      cursor = body.next_cursor;
    }
    expect(seen).toEqual(everything);
  });

  it("with a cursor neither repeats nor skips while alerts arrive, also within one millisecond", async () => {
    const inOne = `m-${randomUUID()}`;
    const ids = await Promise.all(Array.from({ length: 9 }, (_, at) => deliver({ title: `m${at}`, partner: inOne })));
    await world.owner.query("UPDATE alerts SET created_at = '2026-01-01T00:00:00.123Z' WHERE id = ANY($1)", [ids]);
    const first = await get(`/alerts?partner=${inOne}&limit=4`);
    await deliver({ title: "newer", partner: inOne });
    const second = await get(`/alerts?partner=${inOne}&limit=100&cursor=${first.body.next_cursor}`);
    expect([...first.body.alerts, ...second.body.alerts].map(({ id }) => id).sort()).toEqual(ids.sort());
  });

  it.each(["limit=201", "limit=0", "limit=-1", "limit=x", "limit=1e400", "offset=-1", "page=0", "status=banana", "severity=ultra", "determination=maybe", "cursor=nonsense", "assigned_to=me", "date_start=yesterday", "date_start=0000-01-01T00:00:00Z", "q=%00", `q=${"x".repeat(201)}`])(
    "refuses ?%s with 422", async (query) => expect((await get(`/alerts?${query}`)).status).toBe(422));

  it("counts by status and severity what the list returns (R214)", async () => {
    const { body } = await get("/alerts/counts");
    expect(body.total).toBe((await get("/alerts?limit=1")).body.total);
    expect(body.by_severity.high).toBe((await get("/alerts?limit=1&severity=high")).body.total);
  });
});

describe("one alert", () => {
  it("is claimed: mine, in progress, and both are in its history (R73)", async () => {
    const id = await deliver({ title: "claim me" });
    const { username, id: analyst } = await world.person("analyst");
    const { status, body } = await world.as("analyst", "POST", `/alerts/${id}/claim`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "in_progress", assigned_to: analyst, assigned_username: username });
    expect((await actions(id)).sort()).toEqual(["claimed", "created", "status_change"]);
  });

  it("is changed with an entry per field, by whom and from what (R173)", async () => {
    const id = await deliver({ title: "change me", severity: "low" });
    const { username } = await world.person("analyst");
    const { status, body } = await world.as("analyst", "PATCH", `/alerts/${id}`, { severity: "Critical", tags: ["a", "b"], partner: "acme", determination: "suspicious" });
    expect([status, body.severity, body.tags, body.partner, body.determination]).toEqual([200, "critical", ["a", "b"], "acme", "suspicious"]);
    const { activities } = (await get(`/alerts/${id}/activities`)).body;
    const severity = activities.find((each: { action: string }) => each.action === "severity_change");
    expect(severity).toMatchObject({ actor: { kind: "user", name: username }, data: { field: "severity", old: "low", new: "critical" } });
    const again = await world.as("analyst", "PATCH", `/alerts/${id}`, { severity: "critical" });
    expect(again.status).toBe(200);
    expect((await get(`/alerts/${id}/activities`)).body.total).toBe(activities.length);
  });

  it("is resolved with a determination only (R69), and re-opened without its time", async () => {
    const id = await deliver({ title: "resolve me" });
    const patch = (body: object) => world.as("analyst", "PATCH", `/alerts/${id}`, body);
    const refused = await patch({ status: "resolved" });
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([422, expect.stringContaining("determination")]);
    const resolved = await patch({ status: "resolved", determination: "benign", resolve_reason: "backup" });
    expect(resolved.body).toMatchObject({ status: "resolved", resolved_at: expect.any(String), resolve_reason: "backup" });
    expect((await patch({ status: "escalated" })).status).toBe(409);
    expect((await patch({ status: "in_progress" })).body.resolved_at).toBeNull();
  });

  it("is given to active people of the tenant only (R74)", async () => {
    const id = await deliver({ title: "assign me" });
    const give = (assigned_to: unknown) => world.as("analyst", "PATCH", `/alerts/${id}`, { assigned_to });
    const viewer = await world.person("viewer");
    expect((await give(viewer.id)).body.assigned_username).toBe(viewer.username);
    expect((await give(null)).body.assigned_to).toBeNull();
    const foreign = await world.person("analyst", world.otherTenantId);
    for (const nobody of [randomUUID(), foreign.id, "me", 5]) expect((await give(nobody)).status).toBe(422);
  });

  it.each([{ status: "banana" }, { severity: "ultra" }, { determination: "maybe" }, { title: "x" }, { tags: "a" }, { tags: [""] }, { tenant_id: randomUUID() }, [], "x", { partner: "a\0" }, { tags: ["\ud800"] }])(
    "refuses %j", async (body) => {
      const id = await deliver({ title: "keep me" });
      expect((await world.as("analyst", "PATCH", `/alerts/${id}`, body)).status).toBe(typeof body === "string" ? 400 : 422);
    });

  it("takes comments", async () => {
    const id = await deliver({ title: "comment me" });
    const { status, body } = await world.as("analyst", "POST", `/alerts/${id}/comments`, { text: "  looked at it, @bob  " });
    expect(status).toBe(201);
    expect(body).toMatchObject({ action: "comment", detail: "looked at it, @bob", actor: { kind: "user" } });
    expect((await get(`/alerts/${id}/activities`)).body.activities[0]).toEqual(body);
    for (const text of ["", "   ", "x".repeat(10_001), "\0"]) expect((await world.as("analyst", "POST", `/alerts/${id}/comments`, { text })).status).toBe(422);
  });

  it("keeps every change when two people act at once", async () => {
    const id = await deliver({ title: "race me", severity: "low" });
    await Promise.all(["a", "b", "c", "d"].map((tag) => world.as("analyst", "PATCH", `/alerts/${id}`, { partner: tag })));
    const { activities } = (await get(`/alerts/${id}/activities`)).body;
    const chain = activities.filter((each: { data?: { field?: string } }) => each.data?.field === "partner").map((each: { data: { old: string; new: string } }) => each.data);
    expect(chain).toHaveLength(4);
    expect(new Set(chain.map(({ old }: { old: string | null }) => old)).size).toBe(4);
  });

  it("is created by hand, also while keys are required (R23)", async () => {
    const { status, body } = await world.as("analyst", "POST", "/alerts", { title: "Phone call", severity: "High", source_ip: "192.0.2.5" });
    expect(status).toBe(201);
    expect((await get(`/alerts/${body.alert_id}`)).body).toMatchObject({ title: "Phone call", severity: "high", source: "manual", source_ip: "192.0.2.5" });
    expect((await get(`/alerts/${body.alert_id}/activities`)).body.activities[0].actor.kind).toBe("user");
    expect((await world.as("analyst", "POST", "/alerts", { severity: "high" })).status).toBe(422);
  });
});
