import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebWorld } from "#app/server/testing.ts";

const TOKEN = "xoxb-very-secret-token";
let world: WebWorld;

beforeAll(async () => {
  world = await WebWorld.create();
});
afterAll(() => world.close());

let count = 0;
const create = (settings: unknown, rest: object = {}) => world.as("admin", "POST", "/integrations", { type: "slack", name: `slack ${++count}`, settings, ...rest });

describe("connections", () => {
  it("list what can be connected, with the form's schema", async () => {
    const { body } = await world.as("viewer", "GET", "/integrations/types");
    const slack = body.find((each: { type: string }) => each.type === "slack");
    expect(slack).toMatchObject({ display_name: "Slack", secrets: ["bot_token", "webhook_url"] });
  });

  it("are also made by OpenSOAR's names for the fields", async () => {
    const { status, body } = await world.as("admin", "POST", "/integrations", { integration_type: "slack", name: "by script", config: { bot_token: TOKEN } });
    expect(status).toBe(201);
    expect(body).toMatchObject({ type: "slack", secrets_set: ["bot_token"] });
  });

  it("take secrets and never give them back (R147)", async () => {
    const { status, body } = await create({ bot_token: TOKEN, default_channel: "#soc" });
    expect(status).toBe(201);
    expect(body).toMatchObject({ settings: { default_channel: "#soc", api_url: "https://slack.com/api" }, secrets_set: ["bot_token"], health: null });
    const list = await world.as("admin", "GET", "/integrations");
    const detail = await world.as("admin", "GET", `/integrations/${body.id}`);
    const audit = await world.as("admin", "GET", "/audit");
    for (const answer of [body, list.body, detail.body, audit.body]) expect(JSON.stringify(answer)).not.toContain(TOKEN);
    const { rows } = await world.owner.query("SELECT c::text AS text, encode(secrets, 'escape') AS sealed FROM connections c WHERE id = $1", [body.id]);
    expect(rows[0].text + rows[0].sealed).not.toContain("very-secret");
  });

  it.each([
    ["an unknown type", { type: "nosuch", name: "n", settings: {} }, 422],
    ["a type of the prototype", { type: "constructor", name: "n", settings: {} }, 422],
    ["no credentials (R146)", { type: "slack", name: "n", settings: {} }, 422],
    ["a malformed token", { type: "slack", name: "n", settings: { bot_token: "nope" } }, 422],
    ["an unknown setting", { type: "slack", name: "n", settings: { bot_token: TOKEN, colour: "red" } }, 422],
    ["no name", { type: "slack", settings: { bot_token: TOKEN } }, 422],
    ["__proto__", '{"type":"slack","name":"n","settings":{"__proto__":{"bot_token":"xoxb-1"}}}', 422],
    ["another tenant", { type: "slack", name: "n", settings: { bot_token: TOKEN }, tenant_id: "x" }, 422],
  ])("refuse %s", async (_name, body, status) => {
    const answer = await world.as("admin", "POST", "/integrations", body);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).not.toContain(TOKEN);
  });

  it("refuse a taken name", async () => {
    expect((await create({ bot_token: TOKEN }, { name: "same" })).status).toBe(201);
    expect((await create({ bot_token: TOKEN }, { name: "same" })).status).toBe(409);
  });

  it("change field by field: what is left out stays, null clears", async () => {
    const { body: made } = await create({ bot_token: TOKEN, default_channel: "#soc" });
    const change = async (body: object) => (await world.as("admin", "PATCH", `/integrations/${made.id}`, body)).body;
    expect(await change({ enabled: false })).toMatchObject({ enabled: false, secrets_set: ["bot_token"], settings: { default_channel: "#soc" } });
    expect(await change({ settings: { default_channel: "#night" } })).toMatchObject({ secrets_set: ["bot_token"], settings: { default_channel: "#night" } });
    expect((await change({ settings: { default_channel: null } })).settings).not.toHaveProperty("default_channel");
    expect((await world.as("admin", "PATCH", `/integrations/${made.id}`, { settings: { bot_token: null } })).status).toBe(422);
  });

  it("never send a stored secret to a new address", async () => {
    const { body: made } = await create({ bot_token: TOKEN });
    const moved = await world.as("admin", "PATCH", `/integrations/${made.id}`, { settings: { api_url: "https://evil.example/api" } });
    expect([moved.status, JSON.stringify(moved.body)]).toEqual([422, expect.stringContaining("again")]);
    expect((await world.as("admin", "PATCH", `/integrations/${made.id}`, { settings: { api_url: "https://slack-gov.com/api", bot_token: "xoxb-new" } })).status).toBe(200);
  });

  it("say honestly that they do not work (R145), and never reach inside (R255)", async () => {
    const { body: made } = await create({ bot_token: TOKEN, api_url: "http://127.0.0.1:9/api" });
    const { status, body } = await world.as("admin", "POST", `/integrations/${made.id}/health`);
    expect([status, body.healthy]).toEqual([200, false]);
    expect(body.message).not.toBe("");
    expect((await world.as("admin", "GET", `/integrations/${made.id}`)).body).toMatchObject({ health: "unhealthy", health_at: expect.any(String) });
    const { body: hook } = await create({ webhook_url: "https://hooks.slack.example/x" });
    expect((await world.as("admin", "POST", `/integrations/${hook.id}/health`)).body.connection.health).toBe("unverified");
  });

  it("can be removed, and are in the audit log", async () => {
    const { body: made } = await create({ bot_token: TOKEN });
    expect((await world.as("admin", "DELETE", `/integrations/${made.id}`)).status).toBe(200);
    expect((await world.as("admin", "GET", `/integrations/${made.id}`)).status).toBe(404);
    const { body } = await world.as("auditor", "GET", "/audit?limit=200");
    expect(body.entries.filter((entry: { target: string }) => entry.target === made.id).map((entry: { action: string }) => entry.action)).toEqual(["connection_deleted", "connection_created"]);
  });
});
