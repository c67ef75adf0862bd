import { createHmac, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebWorld } from "#app/server/testing.ts";

const UUID = /^[0-9a-f-]{36}$/;
let world: WebWorld;
let key: string;

beforeAll(async () => {
  world = await WebWorld.create();
  key = await world.addKey();
});
afterAll(() => world.close());

const post = (body: unknown, options: { key?: string; path?: string; headers?: Record<string, string> } = {}) =>
  world.request("POST", options.path ?? "/webhooks/alerts", { key: options.key ?? key, body, ...(options.headers ? { headers: options.headers } : {}) });

describe("a delivery", () => {
  it("answers 202 once the alert can be read", async () => {
    const { status, body } = await post({ title: "Brute force", severity: "high", source_ip: "203.0.113.7" });
    expect(status).toBe(202);
    expect(body).toEqual({
      alert_id: expect.stringMatching(UUID), job_id: expect.stringMatching(UUID), correlation_id: expect.stringMatching(UUID),
      title: "Brute force", severity: "high", duplicate: false, duplicate_count: 1, playbooks_triggered: [], status: "accepted",
      message: "Alert ingested. 0 playbooks triggered.",
    });
    const alert = await world.as("viewer", "GET", `/alerts/${body.alert_id}`);
    expect(alert.body).toMatchObject({ id: body.alert_id, status: "new", determination: "unknown", source_ip: "203.0.113.7", correlation_id: body.correlation_id, raw_payload: { title: "Brute force" } });
  });

  it("has a second name, and a route per source", async () => {
    expect((await post({ source: "x", event_type: "y" }, { path: "/alert" })).status).toBe(202);
    for (const source of ["elastic", "wazuh", "generic", "ELASTIC"]) {
      const { status, body } = await post({ message: source }, { path: `/webhooks/alerts/${source}` });
      expect([source, status]).toEqual([source, 202]);
      expect(body.title).toBe(source);
    }
  });

  it("for an unknown source is 404 with the known ones", async () => {
    const { status, body } = await post({}, { path: "/webhooks/alerts/nosuch" });
    expect(status).toBe(404);
    expect(body.sources).toEqual(expect.arrayContaining(["elastic", "wazuh", "generic"]));
  });

  it("twice is one alert, with the first answer's ids (R55–R57)", async () => {
    const id = randomUUID();
    const first = await post({ title: "Once", source_id: id });
    const second = await post({ title: "Once", source_id: id });
    expect(second).toMatchObject({ status: 202, body: { duplicate: true, duplicate_count: 2, alert_id: first.body.alert_id, job_id: first.body.job_id, correlation_id: first.body.correlation_id } });
    const list = await world.as("viewer", "GET", `/alerts?q=${id}`);
    expect(list.body).toMatchObject({ total: 1, alerts: [{ duplicate_count: 2 }] });
  });

  it("sixteen times at once is one alert that counts sixteen (R61)", async () => {
    const id = randomUUID();
    const answers = await Promise.all(Array.from({ length: 16 }, () => post({ title: "Storm", source_id: id })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body.alert_id)).size).toBe(1);
    expect((await world.as("viewer", "GET", `/alerts?q=${id}`)).body).toMatchObject({ total: 1, alerts: [{ duplicate_count: 16 }] });
  });
});

describe("who may deliver", () => {
  const body = { title: "x" };

  it("nobody without a key, with a wrong one, or with a login token", async () => {
    expect(await world.request("POST", "/webhooks/alerts", { body })).toMatchObject({ status: 401, body: { detail: "API key required" } });
    expect(await post(body, { key: "soar_wrong" })).toMatchObject({ status: 401, body: { detail: "Invalid or revoked API key" } });
    const { token } = await world.person("admin");
    expect((await world.request("POST", "/webhooks/alerts", { token, body })).status).toBe(401);
  });

  it("a key as a bearer token (R10)", async () => {
    expect((await world.request("POST", "/webhooks/alerts", { token: key, body })).status).toBe(202);
  });

  it("not with an expired key", async () => {
    const expired = await world.addKey({ expires_at: new Date(Date.now() - 1000) });
    expect(await post(body, { key: expired })).toMatchObject({ status: 401, body: { detail: "API key expired" } });
  });

  it("not with a key that was revoked a second ago", async () => {
    const { body: made } = await world.as("admin", "POST", "/api-keys", { name: "siem" });
    expect((await post(body, { key: made.key })).status).toBe(202);
    expect((await world.as("admin", "DELETE", `/api-keys/${made.id}`)).body).toMatchObject({ is_active: false });
    await sleep(1_050);
    expect((await post(body, { key: made.key })).status).toBe(401);
  });

  it("not for a tenant that was switched off", async () => {
    const foreign = await world.addKey({}, world.otherTenantId);
    await world.owner.query("UPDATE tenants SET active = false WHERE id = $1", [world.otherTenantId]);
    expect((await post(body, { key: foreign })).status).toBe(401);
    await world.owner.query("UPDATE tenants SET active = true WHERE id = $1", [world.otherTenantId]);
  });

  it("within the key's scopes (R13)", async () => {
    const elastic = await world.addKey({ scopes: ["webhooks:ingest:elastic"] });
    expect((await post(body, { key: elastic, path: "/webhooks/alerts/elastic" })).status).toBe(202);
    expect((await post(body, { key: elastic, path: "/webhooks/alerts/wazuh" })).status).toBe(403);
    expect((await post(body, { key: elastic })).status).toBe(403);
    expect((await post(body, { key: elastic, path: "/alert" })).status).toBe(403);
  });

  it("into the key's own tenant only", async () => {
    const foreign = await world.addKey({}, world.otherTenantId);
    const { body: answer } = await post({ title: "theirs", source_id: "same" }, { key: foreign });
    const ours = await post({ title: "ours", source_id: "same" });
    expect(ours.body).toMatchObject({ duplicate: false });
    expect((await world.as("admin", "GET", `/alerts/${answer.alert_id}`)).status).toBe(404);
  });

  it("is noted on the key (R12)", async () => {
    const { body: made } = await world.as("admin", "POST", "/api-keys", { name: "noted" });
    await post(body, { key: made.key });
    await expect.poll(async () => (await world.as("admin", "GET", "/api-keys")).body.find((each: { id: string }) => each.id === made.id).last_used_at, { timeout: 5_000 }).not.toBeNull();
  });
});

describe("the signature (R11)", () => {
  const raw = '{"title": "signed",  "n": 1.0}';
  const sign = (secret: string, text = raw) => ({ "x-webhook-signature": `sha256=${createHmac("sha256", secret).update(text).digest("hex")}` });

  it("is checked over the bytes as they came", async () => {
    expect((await post(raw, { headers: sign(key) })).status).toBe(202);
    for (const headers of [sign("other"), sign(key, `${raw} `), { "x-webhook-signature": "nonsense" }, { "x-webhook-signature": "" }]) {
      const { status, body } = await post(raw, { headers });
      expect(status).toBe(401);
      expect(body.detail).toContain("signature");
    }
  });

  it("may be left out, unless the key demands it", async () => {
    const strict = await world.addKey({ signature_required: true });
    const { status, body } = await post(raw, { key: strict });
    expect([status, body.detail]).toEqual([401, "This key requires a webhook signature"]);
    expect((await post(raw, { key: strict, headers: sign(strict) })).status).toBe(202);
  });
});

describe("the rate limit (R14)", () => {
  it("lets exactly 50 of 51 parallel deliveries pass", async () => {
    const limited = await world.addKey({ rate_limit: 50 });
    const answers = await Promise.all(Array.from({ length: 51 }, (_, at) => post({ title: `n${at}` }, { key: limited })));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(50);
    const refused = answers.find(({ status }) => status === 429)!;
    expect(refused.headers.get("retry-after")).toBe("60");
    expect(refused.body).toEqual({ detail: expect.stringContaining("50"), retry_after: 60 });
  });

  it("is the key's alone, and not the other routes'", async () => {
    const limited = await world.addKey({ rate_limit: 1 });
    await post({}, { key: limited });
    expect((await post({}, { key: limited })).status).toBe(429);
    expect((await post({})).status).toBe(202);
    const health = await Promise.all(Array.from({ length: 20 }, () => world.request("GET", "/health", { key: limited })));
    expect(health.every(({ status }) => status === 200)).toBe(true);
  });
});

describe("what strangers send", () => {
  it.each([
    ["no body", "", 400],
    ["half a document", '{"title":', 400],
    ["not JSON", "title=x", 400],
    ["bytes that are no text", Uint8Array.of(0xff, 0xfe, 0x00), 400],
    ["a list", "[]", 422],
    ["a string", '"x"', 422],
    ["null", "null", 422],
    ["a number", "1", 422],
  ])("%s", async (_name, body, status) => {
    const answer = await post(body);
    expect(answer.status).toBe(status);
    expect(typeof answer.body.detail).toBe("string");
  });

  it("6 MB are too large, said or not", async () => {
    const large = JSON.stringify({ title: "x", pad: "y".repeat(6 * 1024 * 1024) });
    expect((await post(large, { headers: { "content-length": String(large.length) } })).status).toBe(413);
    expect((await post(large)).status).toBe(413);
  });

  it.each<[string, string]>([
    ["NUL", '{"title":"a\\u0000b","host":{"name":"c\\u0000"}}'],
    ["lone surrogates", '{"title":"\\ud800 x","tags":["\\udfff"]}'],
    ["a huge number", '{"title":"n","level":1e400000,"id":123456789012345678901234567890}'],
    ["a long title", JSON.stringify({ title: "t".repeat(600), source: "s".repeat(600), source_id: "i".repeat(5000), hostname: "h".repeat(5000) })],
    ["10,000 levels", `{"title":"deep","a":${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}}`],
    ["10,000 nested lists", `{"title":"deep","a":${"[".repeat(10_000)}${"]".repeat(10_000)}}`],
    ["a prototype", '{"__proto__":{"title":"p"},"constructor":{"prototype":{"x":1}},"title":"proto"}'],
    ["wrong types", '{"title":{"a":1},"severity":["x"],"tags":"text","source":5,"id":{},"host":[1],"partner":true,"description":[[]]}'],
    ["every key empty", '{"":""}'],
    ["100,000 keys", `{${Array.from({ length: 100_000 }, (_, at) => `"k${at}":${at}`).join(",")}}`],
    ["bytes that are not UTF-8 inside a string", '{"title":"\u00ff\u00fe"}'],
  ])("%s: stored safely or refused, and readable afterwards", async (name, text) => {
    const body = name.startsWith("bytes") ? Uint8Array.from(text, (char) => char.charCodeAt(0)) : text;
    const answer = await post(body);
    expect([name, answer.status]).toEqual([name, 202]);
    const { status, body: alert } = await world.as("viewer", "GET", `/alerts/${answer.body.alert_id}`);
    expect(status).toBe(200);
    expect(alert.title.length).toBeLessThanOrEqual(500);
    expect((await world.as("viewer", "GET", "/alerts?limit=200")).status).toBe(200);
  });

  it("a bad document never fails its neighbours", async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, at) => post(at % 4 === 0 ? '{"title":' : at % 4 === 1 ? '{"title":"a\\u0000","tags":["\\ud800"]}' : { title: `good ${at}` })));
    expect(answers.map(({ status }) => status)).toEqual(answers.map((_, at) => (at % 4 === 0 ? 400 : 202)));
  });

  it("no header is worth a 500", async () => {
    const hostile: Record<string, string>[] = [{ "x-api-key": "\u00e9\u00ff" }, { "x-api-key": "k".repeat(10_000) }, { authorization: "Bearer" }, { authorization: "" }, { "x-webhook-signature": "sha256=" + "zz".repeat(32) }, { "content-type": "text/plain" }, { "content-type": "multipart/form-data; boundary=x" }];
    for (const headers of hostile) {
      const { status } = await world.request("POST", "/webhooks/alerts", { key, body: '{"title":"h"}', headers });
      expect([202, 401]).toContain(status);
    }
  });
});
