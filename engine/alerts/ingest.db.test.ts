import pg from "pg";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SourceDefinition } from "#sdk";
import { type TestDatabase, createTestDatabase } from "#tests/support/database.ts";
import { uuidv7 } from "../ids.ts";
import { type Ingest, type IngestItem, createIngest } from "./ingest.ts";
import { IngestError } from "./parse.ts";

let database: TestDatabase;
let owner: pg.Pool;
let pools: pg.Pool[];
let ingest: Ingest;
const sources: SourceDefinition[] = [];
const log = pino({ level: "silent" });

const actor = { kind: "api_key", id: "key-1", name: "siem" } as const;
const item = (payload: unknown, over: Partial<IngestItem> = {}): IngestItem => ({
  tenantId: database.tenantId, raw: Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload)), sourceHint: null, actor, ...over,
});

async function addPlaybook(name: string, trigger: Record<string, unknown>, enabled = true): Promise<string> {
  const [id, version] = [uuidv7(), uuidv7()];
  const document = { format: 1, name, trigger, nodes: [], edges: [] };
  await owner.query("INSERT INTO playbooks (id, tenant_id, slug, name, enabled, published_version_id) VALUES ($1, $2, $3, $4, $5, $6)", [id, database.tenantId, name, name, enabled, version]);
  await owner.query("INSERT INTO playbook_versions (id, tenant_id, playbook_id, number, document, layout, content_hash) VALUES ($1, $2, $3, 1, $4, '{}', 'x')", [version, database.tenantId, id, document]);
  return id;
}

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Pool({ connectionString: database.url, max: 2 });
  pools = [0, 1].map(() => new pg.Pool({ connectionString: database.engineUrl, max: 4 }));
  ingest = createIngest({ pool: pools[0]!, sources, log });
});

afterAll(async () => {
  await Promise.all([owner, ...pools].map((pool) => pool.end()));
  await database.drop();
});

const alertRow = async (id: string) => (await owner.query("SELECT * FROM alerts WHERE id = $1", [id])).rows[0];
const eventsOf = async (id: string) => (await owner.query("SELECT action, actor_kind, actor_name, data FROM alert_events WHERE alert_id = $1 ORDER BY at, id", [id])).rows;

describe("accepting one alert", () => {
  it("stores the bytes as they came, the fields, and who sent it", async () => {
    const body = '{"rule_name":"Beacon",  "severity":"high","source_ip":"10.0.0.1","dest_ip":"203.0.113.7","tags":"c2, dns"}';
    const answer = await ingest.accept(item(body));
    expect(answer).toEqual({ alert_id: expect.any(String), job_id: expect.any(String), title: "Beacon", severity: "high", duplicate: false, duplicate_count: 1, playbooks_triggered: [], correlation_id: expect.any(String) });
    const row = await alertRow(answer.alert_id);
    expect(row.raw_payload.toString()).toBe(body);
    expect(row).toMatchObject({ title: "Beacon", source: "generic", source_ip: "10.0.0.1", dest_ip: "203.0.113.7", tags: ["c2", "dns"], status: "new", determination: "unknown", dedup_key: null });
    expect(row.iocs).toEqual({ ips: ["203.0.113.7"], internal: { ips: ["10.0.0.1"] } });
    expect(row.normalized).toMatchObject({ title: "Beacon", severity: "high" });
    expect(await eventsOf(answer.alert_id)).toEqual([{ action: "created", actor_kind: "api_key", actor_name: "siem", data: { source: "generic", severity: "high" } }]);
  });

  it("refuses what is not a JSON object before anything is stored", async () => {
    const before = (await owner.query("SELECT count(*)::int AS n FROM alerts")).rows[0].n;
    await expect(ingest.accept(item("{nope"))).rejects.toMatchObject({ name: "IngestError", code: 400 });
    for (const body of ["[]", "null", '"text"', "7"]) await expect(ingest.accept(item(body))).rejects.toMatchObject({ name: "IngestError", code: 422 });
    expect((await owner.query("SELECT count(*)::int AS n FROM alerts")).rows[0].n).toBe(before);
  });

  it("stamps the key's partner over the payload's own", async () => {
    const answer = await ingest.accept(item({ title: "t", partner: "theirs" }, { partner: "acme" }));
    expect((await alertRow(answer.alert_id)).partner).toBe("acme");
  });
});

describe("hostile documents", () => {
  const hostile: Record<string, string> = {
    "a NUL in every place": String.raw`{"title":"a\u0000b","id":"x\u0000y","tags":["t\u0000"],"partner":"p\u0000","description":"d\u0000","url":"http://evil.com/\u0000"}`,
    "lone surrogates": String.raw`{"title":"\ud800 high","id":"\udc00","message":"low \udfff end","a":{"b":"\ud83d"}}`,
    "a number that is no number": '{"title":1e400000,"id":1e400000,"severity":1e400000,"timestamp":1e400000}',
    "__proto__ keys": '{"__proto__":{"title":"polluted","severity":"critical"},"constructor":{"prototype":{"x":1}},"title":"safe"}',
    "ten thousand levels of objects": `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`,
    "ten thousand levels of lists": `{"title":${"[".repeat(10_000)}1${"]".repeat(10_000)},"big":12345678901234567890}`,
    "a title of 600 characters and an emoji at the cut": `{"title":"${"x".repeat(498)}😀${"y".repeat(100)}"}`,
    "wrong types everywhere": '{"title":{"a":1},"severity":{},"source":7,"id":{"x":1},"description":["d",{"e":1}],"tags":{"a":1},"source_ip":true,"hostname":[[]],"user":[],"timestamp":"yesterday"}',
    "an id of 100 000 characters": `{"title":"long id","id":"${"i".repeat(100_000)}"}`,
    "bytes that are not UTF-8": "replaced below",
  };
  it.each(Object.keys(hostile))("stores %s, and its neighbours", async (name) => {
    const raw = name.startsWith("bytes") ? Buffer.from([0x7b, 0x22, 0x74, 0x69, 0x74, 0x6c, 0x65, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]) : Buffer.from(hostile[name]!);
    const results = await ingest.acceptMany([item({ title: "before" }), item("", { raw }), item({ title: "after" })]);
    expect(results.map((result) => result.status)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
    const stored = await alertRow((results[1] as PromiseFulfilledResult<{ alert_id: string }>).value.alert_id);
    expect(stored.raw_payload.equals(raw)).toBe(true);
    expect(stored.title.length).toBeLessThanOrEqual(500);
    expect(stored.title.isWellFormed()).toBe(true);
  });

  it("keeps ids apart that a double would merge", async () => {
    const [a, b] = await Promise.all([ingest.accept(item('{"id":90071992547409931}')), ingest.accept(item('{"id":90071992547409932}'))]);
    expect(a.alert_id).not.toBe(b.alert_id);
    expect((await alertRow(a.alert_id)).source_id).toBe("90071992547409931");
  });

  it("rejects a wrong document alone", async () => {
    const results = await ingest.acceptMany([item({ title: "good" }), item("{"), item({ title: "also good" })]);
    expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect((results[1] as PromiseRejectedResult).reason).toBeInstanceOf(IngestError);
  });

  it("a row that PostgreSQL refuses fails alone", async () => {
    await owner.query("ALTER TABLE alerts ADD CONSTRAINT no_bad CHECK (title <> 'refuse me')");
    const results = await ingest.acceptMany([item({ title: "n1" }), item({ title: "refuse me" }), item({ title: "n2" })]);
    await owner.query("ALTER TABLE alerts DROP CONSTRAINT no_bad");
    expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });
});

describe("duplicates", () => {
  it("16 deliveries at once through two processes are one alert with count 16, and the next is the 17th", async () => {
    const other = createIngest({ pool: pools[1]!, sources, log });
    for (let round = 0; round < 10; round++) {
      const id = `race-${round}`;
      const answers = await Promise.all(Array.from({ length: 16 }, (_, at) => (at % 2 ? other : ingest).accept(item({ id, title: "same", severity: "low", at }))));
      expect(new Set(answers.map((answer) => answer.alert_id)).size).toBe(1);
      expect(new Set(answers.map((answer) => answer.job_id)).size).toBe(1);
      expect(new Set(answers.map((answer) => answer.correlation_id)).size).toBe(1);
      expect(answers.filter((answer) => !answer.duplicate)).toHaveLength(1);
      expect(answers.map((answer) => answer.duplicate_count).sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, at) => at + 1));
      expect((await alertRow(answers[0]!.alert_id)).duplicate_count).toBe(16);
      expect(await ingest.accept(item({ id, title: "later" }))).toMatchObject({ alert_id: answers[0]!.alert_id, duplicate: true, duplicate_count: 17, title: "same" });
    }
  });

  it("overlapping batches of many keys in opposite orders never fail", async () => {
    const other = createIngest({ pool: pools[1]!, sources, log });
    const keys = Array.from({ length: 60 }, (_, at) => `cross-${at}`);
    await Promise.all(Array.from({ length: 8 }, (_, round) => Promise.all((round % 2 ? keys : [...keys].reverse()).map((id) => (round % 2 ? ingest : other).accept(item({ id, title: id }))))));
    const { rows } = await owner.query("SELECT count(*)::int AS n, sum(duplicate_count)::int AS total FROM alerts WHERE source_id LIKE 'cross-%'");
    expect(rows[0]).toEqual({ n: 60, total: 480 });
  });

  it("keeps identity, takes the newest payload, raises but never lowers the severity", async () => {
    const first = await ingest.accept(item({ id: "rise", title: "first", severity: "medium" }));
    const second = await ingest.accept(item({ id: "rise", title: "second", severity: "critical" }));
    const third = await ingest.accept(item({ id: "rise", title: "third", severity: "low" }));
    expect([second, third]).toMatchObject([{ title: "first", severity: "critical", duplicate_count: 2 }, { severity: "critical", duplicate_count: 3 }]);
    const row = await alertRow(first.alert_id);
    expect(JSON.parse(row.raw_payload)).toMatchObject({ title: "third" });
    expect(row.normalized).toMatchObject({ title: "third" });
    expect(await eventsOf(first.alert_id)).toMatchObject([{ action: "created" }, { action: "duplicate" }, { action: "severity_change", data: { field: "severity", old: "medium", new: "critical" } }, { action: "duplicate" }]);
  });

  it("brings a resolved alert back to the queue, but not one that was found benign", async () => {
    for (const [determination, status] of [["malicious", "new"], ["benign", "resolved"]]) {
      const { alert_id } = await ingest.accept(item({ id: `again-${determination}`, title: "t" }));
      await owner.query("UPDATE alerts SET status = 'resolved', determination = $2, resolved_at = now() WHERE id = $1", [alert_id, determination]);
      await ingest.accept(item({ id: `again-${determination}`, title: "t" }));
      const row = await alertRow(alert_id);
      expect(row.status).toBe(status);
      expect(row.resolved_at === null).toBe(status === "new");
    }
  });

  it("tells tenants and sources apart", async () => {
    const tenant = uuidv7();
    await owner.query("INSERT INTO tenants (id, slug, name) VALUES ($1, 'other', 'Other')", [tenant]);
    const answers = await ingest.acceptMany([item({ id: "same", source: "a" }), item({ id: "same", source: "b" }), item({ id: "same", source: "a" }, { tenantId: tenant })]);
    expect(new Set(answers.map((answer) => (answer as PromiseFulfilledResult<{ alert_id: string }>).value.alert_id)).size).toBe(3);
  });
});

describe("playbooks", () => {
  it("start in order as one sequence, not on duplicates, and not once disabled", async () => {
    const second = await addPlaybook("B late", { source: "acme", order: 20, conditions: { match: { severity: ["high", "critical"] } } });
    await addPlaybook("A first", { source: "acme.alert", order: 10, priority: "high" });
    await addPlaybook("C duplicates too", { source: "webhook", order: 30, onDuplicate: true, conditions: { match: { source: "acme" } } });
    await addPlaybook("off", { source: "acme" }, false);
    await addPlaybook("manual", { on: "manual", source: "acme" });
    await addPlaybook("broken", { source: 7 });

    const answer = await ingest.accept(item({ source: "acme", id: "p1", title: "t", severity: "high" }));
    expect(answer.playbooks_triggered).toEqual(["A first", "B late", "C duplicates too"]);
    const { rows: runs } = await owner.query("SELECT r.*, p.name FROM runs r JOIN playbooks p ON p.id = r.playbook_id WHERE alert_id = $1 ORDER BY sequence_position", [answer.alert_id]);
    expect(runs).toMatchObject([1, 2, 3].map((position) => ({ sequence_position: position, sequence_total: 3, status: "pending", priority: -10, correlation_id: answer.correlation_id, origin: { kind: "alert" } })));
    expect(new Set(runs.map((run) => run.sequence_id)).size).toBe(1);
    expect(runs[1].waiting_on).toMatchObject({ kind: "sequence", run_id: runs[0].id });
    const { rows: jobs } = await owner.query("SELECT key FROM graphile_worker.jobs WHERE key = ANY($1)", [runs.map((run) => `run:${run.id}`)]);
    expect(jobs).toEqual([{ key: `run:${runs[0].id}` }]);

    expect((await ingest.accept(item({ source: "acme", id: "p1", severity: "high" }))).playbooks_triggered).toEqual(["C duplicates too"]);

    await owner.query("UPDATE playbooks SET enabled = false WHERE id = $1", [second]);
    expect((await ingest.accept(item({ source: "ACME", id: "p2", severity: "high" }))).playbooks_triggered).toEqual(["A first"]);
  });

  it("sees a newly published version at its next alert", async () => {
    const id = await addPlaybook("republished", { source: "zeta", conditions: { match: { severity: "low" } } });
    expect((await ingest.accept(item({ source: "zeta", severity: "high" }))).playbooks_triggered).toEqual([]);
    const version = uuidv7();
    await owner.query("INSERT INTO playbook_versions (id, tenant_id, playbook_id, number, document, layout, content_hash) VALUES ($1, $2, $3, 2, $4, '{}', 'y')", [version, database.tenantId, id, { format: 1, name: "republished", trigger: { source: "zeta" }, nodes: [], edges: [] }]);
    await owner.query("UPDATE playbooks SET published_version_id = $2, revision = revision + 1 WHERE id = $1", [id, version]);
    expect((await ingest.accept(item({ source: "zeta", severity: "high" }))).playbooks_triggered).toEqual(["republished"]);
  });
});

it("says so when the database is away, and stores nothing", async () => {
  const nowhere = new pg.Pool({ connectionString: "postgres://nobody@127.0.0.1:1/none", max: 1 });
  await expect(createIngest({ pool: nowhere, sources, log }).accept(item({ title: "t" }))).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await nowhere.end();
});
