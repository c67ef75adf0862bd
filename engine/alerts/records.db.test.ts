import pg from "pg";
import pino from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type TestDatabase, createTestDatabase } from "#tests/support/database.ts";
import { uuidv7 } from "../ids.ts";
import { createIngest } from "./ingest.ts";
import { createRecords } from "./records.ts";

let database: TestDatabase;
let owner: pg.Pool;
let pool: pg.Pool;
let alertId: string;
const run = { id: uuidv7() };
const step = { id: uuidv7(), nodeId: "triage", title: "Update alert", playbookName: "Triage" };
const records = (idempotencyKey: string = uuidv7(), over: { alertId?: string | null; tenantId?: string } = {}) =>
  createRecords({ pool, tenantId: database.tenantId, alertId, run, step, idempotencyKey, ...over });
const events = async () => (await owner.query("SELECT * FROM alert_events WHERE alert_id = $1 AND action <> 'created' ORDER BY at, id", [alertId])).rows;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Pool({ connectionString: database.url, max: 2 });
  pool = new pg.Pool({ connectionString: database.engineUrl, max: 4 });
});
afterAll(async () => {
  await Promise.all([owner.end(), pool.end()]);
  await database.drop();
});
beforeEach(async () => {
  const ingest = createIngest({ pool, sources: [], log: pino({ level: "silent" }) });
  ({ alert_id: alertId } = await ingest.accept({ tenantId: database.tenantId, raw: Buffer.from('{"title":"t","severity":"medium","tags":["a","b"]}'), sourceHint: null, actor: { kind: "user", id: "u", name: "u" } }));
});

describe("changing an alert", () => {
  it("writes every field with the step that changed it", async () => {
    const { alert, changed } = await records().updateAlert(undefined, { status: "in_progress", severity: "high", determination: "malicious", risk_score: 91, add_tags: ["c", "a"], remove_tags: ["b"] });
    expect(alert).toMatchObject({ status: "in_progress", severity: "high", determination: "malicious", risk_score: 91, risk_label: "critical", tags: ["a", "c"] });
    expect([...changed].sort()).toEqual(["add_tags", "determination", "risk_score", "severity", "status"]);
    const history = await events();
    // One commit, one time: their order among each other says nothing.
    expect(history.map((event) => [event.action, event.data]).sort(([, a], [, b]) => (a.field < b.field ? -1 : 1))).toEqual([
      ["determination_set", { field: "determination", old: "unknown", new: "malicious" }], ["updated", { field: "risk_score", old: null, new: 91 }],
      ["severity_change", { field: "severity", old: "medium", new: "high" }], ["status_change", { field: "status", old: "new", new: "in_progress" }], ["updated", { field: "tags", old: ["a", "b"], new: ["a", "c"] }],
    ]);
    for (const event of history) expect(event).toMatchObject({ actor_kind: "step", actor_id: "triage", actor_name: "Triage › Update alert", run_id: run.id, step_id: step.id, tenant_id: database.tenantId });
  });

  it("a repetition changes nothing twice, whatever people did meanwhile", async () => {
    const key = uuidv7();
    await records(key).updateAlert(undefined, { severity: "critical", risk_score: 95 });
    await owner.query("UPDATE alerts SET severity = 'low' WHERE id = $1", [alertId]);
    const { alert, changed } = await records(key).updateAlert(undefined, { severity: "critical", risk_score: 95 });
    expect(alert.severity).toBe("low");
    expect(changed).toEqual(["severity", "risk_score"]);
    expect(await events()).toHaveLength(2);
    await records().updateAlert(undefined, { severity: "critical" });
    expect(await events()).toHaveLength(3);
  });

  it("what is already so is no change", async () => {
    expect((await records().updateAlert(undefined, { severity: "medium", status: "new", add_tags: ["a"] })).changed).toEqual([]);
    expect(await events()).toEqual([]);
  });

  it("resolves with a determination only, and keeps the reason", async () => {
    await expect(records().updateAlert(undefined, { status: "resolved" })).rejects.toMatchObject({ kind: "rejected" });
    await records().updateAlert(undefined, { status: "resolved", determination: "benign", resolve_reason: "a scanner of ours" });
    const { rows } = await owner.query("SELECT status, resolve_reason, resolved_at FROM alerts WHERE id = $1", [alertId]);
    expect(rows[0]).toEqual({ status: "resolved", resolve_reason: "a scanner of ours", resolved_at: expect.any(Date) });
    await records().updateAlert(undefined, { status: "in_progress" });
    expect((await owner.query("SELECT resolved_at FROM alerts WHERE id = $1", [alertId])).rows[0].resolved_at).toBeNull();
  });

  it.each([
    [{ status: "banana" }, "invalid-input"], [{ determination: "x" }, "invalid-input"], [{ severity: "ultra" as "low" }, "invalid-input"], [{ risk_score: 101 }, "invalid-input"], [{ risk_score: 1.5 }, "invalid-input"], [{ status: "closed" }, "rejected"],
  ])("refuses %j as %s and changes nothing", async (change, kind) => {
    await expect(records().updateAlert(undefined, { risk_score: 50, ...change })).rejects.toMatchObject({ name: "Failure", kind });
    expect(await events()).toEqual([]);
  });

  it("concurrent changes do not lose each other's tags", async () => {
    await Promise.all(["x", "y", "z"].map((tag) => records().updateAlert(undefined, { add_tags: [tag] })));
    expect([...(await records().getAlert()).tags].sort()).toEqual(["a", "b", "x", "y", "z"]);
  });
});

describe("assigning", () => {
  const users = { ann: uuidv7(), gone: uuidv7(), foreign: uuidv7() };
  const assigned = async () => (await owner.query("SELECT assigned_to, assigned_username, status FROM alerts WHERE id = $1", [alertId])).rows[0];

  beforeAll(async () => {
    const other = uuidv7();
    await owner.query("INSERT INTO tenants (id, slug, name) VALUES ($1, 'other', 'Other')", [other]);
    for (const [username, id] of Object.entries(users)) {
      await owner.query("INSERT INTO users (id, tenant_id, username, display_name, role, active) VALUES ($1, $2, $3, $3, 'analyst', $4)", [id, username === "foreign" ? other : database.tenantId, username, username !== "gone"]);
    }
  });

  it("gives a new alert to a user, has it in progress, and tells which step did it", async () => {
    const { alert, changed } = await records().assign(undefined, "ann");
    expect(alert).toMatchObject({ assigned_username: "ann", status: "in_progress" });
    expect(changed).toEqual(["assigned_to", "status"]);
    expect(await assigned()).toEqual({ assigned_to: users.ann, assigned_username: "ann", status: "in_progress" });
    const history = await events();
    expect(history.map((event) => [event.action, event.data]).sort()).toEqual([
      ["assigned", { field: "assigned_to", old: null, new: "ann" }], ["status_change", { field: "status", old: "new", new: "in_progress" }],
    ]);
    for (const event of history) expect(event).toMatchObject({ actor_kind: "step", run_id: run.id, step_id: step.id });
  });

  it("takes it from somebody with null and leaves the status; what is already so is no change", async () => {
    await records().assign(undefined, "ann");
    expect((await records().assign(undefined, null)).changed).toEqual(["assigned_to"]);
    expect(await assigned()).toEqual({ assigned_to: null, assigned_username: null, status: "in_progress" });
    const before = (await events()).length;
    expect((await records().assign(undefined, null)).changed).toEqual([]);
    expect(await events()).toHaveLength(before);
  });

  it("does not take up a finished alert", async () => {
    await records().updateAlert(undefined, { status: "resolved", determination: "benign" });
    expect(await records().assign(undefined, "ann")).toMatchObject({ alert: { status: "resolved" }, changed: ["assigned_to"] });
  });

  it("a repetition changes nothing twice, though a person took it over and the user has left", async () => {
    const key = uuidv7();
    await records(key).assign(undefined, "ann");
    await owner.query("UPDATE alerts SET assigned_to = NULL, assigned_username = NULL WHERE id = $1", [alertId]);
    await owner.query("UPDATE users SET active = false WHERE id = $1", [users.ann]);
    expect(await records(key).assign(undefined, "ann")).toMatchObject({ alert: { assigned_username: null }, changed: ["assigned_to", "status"] });
    await owner.query("UPDATE users SET active = true WHERE id = $1", [users.ann]);
    expect(await events()).toHaveLength(2);
  });

  it.each(["nobody", "gone", "foreign", "ANN", "a%", "", "a\0"])("%j is nobody who could have it", async (username) => {
    await expect(records().assign(undefined, username)).rejects.toMatchObject({ name: "Failure", kind: "invalid-input" });
    expect(await events()).toEqual([]);
  });
});

it("comments, once per call and attempt, with any text", async () => {
  const key = uuidv7();
  const write = async () => {
    const bound = records(key);
    return [await bound.comment(undefined, "first \0 \ud800"), await bound.comment(undefined, "second")];
  };
  expect(await write()).toEqual(await write());
  expect((await events()).map((event) => [event.action, event.detail])).toEqual([["comment", "first \uFFFD \uFFFD"], ["comment", "second"]]);
  await expect(records().comment(undefined, "  ")).rejects.toMatchObject({ kind: "invalid-input" });
});

it("reaches only alerts of its tenant, by id, that exist", async () => {
  for (const bad of [records(uuidv7(), { tenantId: uuidv7() }), records(uuidv7(), { alertId: null }), records(uuidv7(), { alertId: uuidv7() }), records(uuidv7(), { alertId: "nonsense'" })]) {
    await expect(bad.getAlert()).rejects.toMatchObject({ kind: "invalid-input" });
    await expect(bad.comment(undefined, "x")).rejects.toMatchObject({ kind: "invalid-input" });
  }
  expect(await records(uuidv7(), { alertId: null }).getAlert(alertId)).toMatchObject({ id: alertId, severity: "medium", observed_at: null });
});

it("tells the live pages in the same transaction", async () => {
  const listener = new pg.Client({ connectionString: database.url });
  await listener.connect();
  const heard: string[] = [];
  listener.on("notification", ({ payload }) => heard.push(payload ?? ""));
  await listener.query("LISTEN playgraph_changes");
  await records().updateAlert(undefined, { severity: "high" });
  await expect.poll(() => heard.map((payload) => JSON.parse(payload))).toEqual([{ t: database.tenantId, a: [alertId] }]);
  await listener.end();
});
