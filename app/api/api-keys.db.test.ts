import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebWorld } from "#app/server/testing.ts";

let world: WebWorld;

beforeAll(async () => {
  world = await WebWorld.create();
});
afterAll(() => world.close());

const create = (body: unknown) => world.as("admin", "POST", "/api-keys", body);

describe("API keys (R199)", () => {
  it("are shown once and stored as a hash", async () => {
    const { status, body } = await create({ name: "SIEM" });
    expect(status).toBe(201);
    expect(body).toMatchObject({ name: "SIEM", scopes: [], rate_limit: 100, signature_required: false, is_active: true, expires_at: null, last_used_at: null });
    expect(body.key).toMatch(/^soar_[A-Za-z0-9_-]{43}$/);
    expect(body.prefix).toBe(body.key.slice(0, 12));
    const list = await world.as("admin", "GET", "/api-keys");
    expect(JSON.stringify(list.body)).not.toContain(body.key);
    const { rows } = await world.owner.query("SELECT hash, k::text AS text FROM api_keys k WHERE id = $1", [body.id]);
    expect(rows[0].hash).toBe(createHash("sha256").update(body.key).digest("hex"));
    expect(rows[0].text).not.toContain(body.key);
  });

  it("take scopes, a rate, an expiry and a demand for signatures", async () => {
    const expires_at = "2099-01-01T00:00:00.000Z";
    const { body } = await create({ name: "strict", scopes: ["webhooks:ingest:elastic"], rate_limit: null, signature_required: true, expires_at });
    expect(body).toMatchObject({ scopes: ["webhooks:ingest:elastic"], rate_limit: null, signature_required: true, expires_at });
  });

  it.each([{}, { name: "" }, { name: "x".repeat(101) }, { name: "x", rate_limit: 0 }, { name: "x", rate_limit: 1.5 }, { name: "x", scopes: ["all"] }, { name: "x", expires_at: "soon" }, { name: "x", key: "mine" }])("refuse %j", async (body) => {
    expect((await create(body)).status).toBe(422);
  });

  it("are revoked once, on the record", async () => {
    const { body: made } = await create({ name: "old" });
    const first = await world.as("admin", "DELETE", `/api-keys/${made.id}`);
    expect([first.status, first.body.is_active]).toEqual([200, false]);
    expect((await world.as("admin", "DELETE", `/api-keys/${made.id}`)).body.revoked_at).toBe(first.body.revoked_at);
    expect((await world.as("admin", "DELETE", `/api-keys/${randomUUID()}`)).status).toBe(404);
    const { entries } = (await world.as("auditor", "GET", "/audit?limit=200")).body;
    expect(entries.filter(({ target }: { target: string }) => target === made.id).map(({ action }: { action: string }) => action)).toEqual(["api_key_revoked", "api_key_created"]);
  });
});
