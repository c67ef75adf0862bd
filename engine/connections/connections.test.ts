import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { slack } from "#nodes/slack/connection.ts";
import { virustotal } from "#nodes/virustotal/connection.ts";
import { errors, startVirusTotal, type VirusTotalSimulator } from "#tests/simulators/virustotal.ts";
import { type ConnectionRow, checkConnection, createGateway, createVault, noConnection, openConnection, sealSettings } from "./index.ts";

const vault = createVault(randomBytes(32));
const gateway = createGateway();
const owner = { tenantId: "tenant", recordId: "connection" };
let vendor: VirusTotalSimulator;
beforeAll(async () => {
  vendor = await startVirusTotal();
});
beforeEach(() => vendor.reset());
afterAll(async () => {
  gateway.close();
  await vendor.close();
});

function row(values: Record<string, unknown>, change: Partial<ConnectionRow> = {}, definition: typeof virustotal | typeof slack = virustotal): ConnectionRow {
  const sealed = sealSettings(definition, values, owner, vault);
  if (!sealed.ok) throw new Error(JSON.stringify(sealed.issues));
  return { id: owner.recordId, tenant_id: owner.tenantId, type: definition.type, name: "main", settings: sealed.settings, secrets: sealed.secrets, allow_private: true, enabled: true, ...change };
}
const good = () => row({ api_key: vendor.apiKey, base_url: vendor.baseUrl });
const signal = new AbortController().signal;

describe("settings", () => {
  test("split into what may be shown and what is sealed", () => {
    const sealed = sealSettings(virustotal, { api_key: "abcdef" }, owner, vault);
    expect(sealed).toMatchObject({ ok: true, settings: { base_url: "https://www.virustotal.com/api/v3" }, secretsSet: ["api_key"] });
    expect(JSON.stringify(sealed)).not.toContain("abcdef");
  });

  test("keep a secret that is left out, replace one that is given, and clear one that is null", () => {
    const stored = row({ bot_token: "xoxb-1", webhook_url: "https://hooks.slack.com/x" }, {}, slack).secrets;
    const open = (values: Record<string, unknown>) => {
      const sealed = sealSettings(slack, values, owner, vault, stored);
      return sealed.ok ? JSON.parse(vault.open(sealed.secrets!, owner)) : sealed.issues;
    };
    expect(open({ default_channel: "#a" })).toEqual({ bot_token: "xoxb-1", webhook_url: "https://hooks.slack.com/x" });
    expect(open({ bot_token: "xoxb-2" })).toMatchObject({ bot_token: "xoxb-2" });
    expect(open({ bot_token: null })).toEqual({ webhook_url: "https://hooks.slack.com/x" });
    expect(open({ bot_token: null, webhook_url: "" })).toEqual([{ path: "bot_token", message: "give a bot token or a webhook address" }]);
  });

  test("that miss something are refused by name", () => {
    expect(sealSettings(virustotal, {}, owner, vault)).toMatchObject({ ok: false, issues: [{ path: "api_key" }] });
  });
});

describe("opening", () => {
  const open = (change: ConnectionRow) => openConnection({ row: change, definition: virustotal, vault, gateway, signal });

  test("gives a client that is limited to the connection's host", async () => {
    const { client, http, redactor } = open(good());
    expect(await (client as { get(collection: string, id: string): Promise<unknown> }).get("ip_addresses", "8.8.8.8")).toBeNull();
    await expect(http.request({ url: "http://127.0.0.1:9/" })).rejects.toMatchObject({ kind: "invalid-input" });
    expect(redactor.text(vendor.apiKey)).not.toContain(vendor.apiKey);
  });

  test.each([
    ["switched off", () => ({ ...good(), enabled: false }), "switched off"],
    ["another tenant's secrets", () => ({ ...good(), tenant_id: "other" }), "cannot be read"],
    ["incomplete", () => ({ ...good(), secrets: null }), "incomplete: api_key"],
    ["of another type", () => ({ ...good(), type: "slack" }), "not to VirusTotal"],
  ])("%s fails as unauthorized and says so", (_, make, words) => {
    expect(() => open(make())).toThrow(expect.objectContaining({ kind: "unauthorized", message: expect.stringContaining(words) }));
  });

  test("nothing to open is said in words", () => {
    expect(noConnection(virustotal)).toMatchObject({ kind: "unauthorized", message: "no VirusTotal connection is configured: add one under Connections" });
    expect(noConnection(virustotal, "eu").message).toContain('named "eu"');
  });
});

describe("health", () => {
  const check = (change: ConnectionRow, definition: typeof virustotal | typeof slack = virustotal) => checkConnection({ row: change, definition, vault, gateway });

  test("is proved by the vendor", async () => {
    expect(await check(good())).toEqual({ health: "healthy", message: "Signed in; 12 of 500 lookups used today" });
  });

  test("says what is wrong, and never shows the key", async () => {
    vendor.fail(errors.wrongKey);
    const { health, message } = await check(good());
    expect([health, message]).toEqual(["unhealthy", expect.stringContaining("refuses the credentials")]);
    expect(message).not.toContain(vendor.apiKey);
    expect(await check({ ...good(), allow_private: false })).toMatchObject({ health: "unhealthy", message: expect.stringContaining("not a public address") });
    expect(await check({ ...good(), enabled: false })).toMatchObject({ health: "unhealthy" });
  });

  test("of a webhook is not verified", async () => {
    expect(await check(row({ webhook_url: "https://hooks.slack.com/services/x" }, {}, slack), slack)).toMatchObject({ health: "unverified" });
  });
});
