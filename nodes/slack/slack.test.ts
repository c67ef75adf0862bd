import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestRecords, runNode, TEST_ALERT } from "#sdk/testing.ts";
import { openForTest } from "#tests/simulators/open.ts";
import { type SlackSimulator, startSlack } from "#tests/simulators/slack.ts";
import { slack } from "./connection.ts";
import { postMessage } from "./post-message.ts";

let vendor: SlackSimulator;
beforeAll(async () => {
  vendor = await startSlack();
});
beforeEach(() => {
  vendor.reset();
  vendor.messages.length = 0;
});
afterAll(() => vendor.close());

const bot = (settings: object = {}) => openForTest(slack, { bot_token: vendor.token, api_url: vendor.apiUrl, default_channel: "#soc", ...settings }, { timeout: 0.3 }).client;
const webhook = (webhook_url = vendor.webhookUrl) => openForTest(slack, { webhook_url }, { timeout: 0.3 }).client;

describe("a message", () => {
  test("goes to the channel that the step names, else to the connection's", async () => {
    const { data } = await runNode(postMessage, { client: bot(), input: { text: "hello", channel: "#alerts" } });
    expect(data).toEqual({ channel: "C024BE91L", ts: "1772366400.000001" });
    await runNode(postMessage, { client: bot(), input: { text: "again" } });
    expect(vendor.messages.map(({ channel, text }) => [channel, text])).toEqual([["C024BE91L", "hello"], ["C061EG9SL", "again"]]);
  });

  test("goes by webhook, which tells no time stamp", async () => {
    expect((await runNode(postMessage, { client: webhook(), input: { text: "hello" } })).data).toEqual({ channel: null, ts: null });
    expect(vendor.messages).toEqual([{ channel: null, text: "hello" }]);
    await expect(runNode(postMessage, { client: webhook(), input: { text: "x", channel: "#soc" } })).rejects.toMatchObject({ kind: "invalid-input" });
  });

  test("with the alert's summary shows mark, id, score, event, source and link", async () => {
    await runNode(postMessage, { client: bot(), config: { alert_summary: true }, input: { text: "VirusTotal: *malicious*" } });
    const { text, blocks } = vendor.messages[0]!;
    const shown = JSON.stringify(blocks);
    expect(text).toBe("HIGH alert: SSH brute force, risk 72/100 (high)");
    for (const part of [":large_orange_circle:", TEST_ALERT.id, "72/100", TEST_ALERT.rule_name, TEST_ALERT.source_ip, `https://playgraph.test/alerts/${TEST_ALERT.id}`, "VirusTotal: *malicious*"]) expect(shown).toContain(part);
  });

  test("cannot be forged by what an attacker wrote into the alert", async () => {
    const { records } = createTestRecords({ ...TEST_ALERT, title: "<!channel> <https://evil.example|click>", rule_name: null, risk_score: null, source_ip: null, username: "<@U123>" });
    await runNode(postMessage, { client: bot(), records, config: { alert_summary: true } });
    const shown = JSON.stringify(vendor.messages[0]);
    for (const control of ["<!", "<https://evil", "<@"]) expect(shown).not.toContain(control);
    expect(shown).toContain("not scored");
  });

  test("needs something to say, and a channel", async () => {
    await expect(runNode(postMessage, { client: bot(), input: { text: "  " } })).rejects.toMatchObject({ kind: "invalid-input" });
    await expect(runNode(postMessage, { client: bot({ default_channel: undefined }), input: { text: "x" } })).rejects.toMatchObject({ kind: "invalid-input" });
    expect(vendor.received).toEqual([]);
  });
});

describe("failures by kind", () => {
  const post = (client = bot()) => runNode(postMessage, { client, input: { text: "x" } });
  const says = (error: string) => ({ body: { ok: false, error } });

  test.each([
    [says("invalid_auth"), "unauthorized"], [says("token_revoked"), "unauthorized"], [{ body: { ok: false, error: "missing_scope", needed: "chat:write" } }, "unauthorized"],
    [says("channel_not_found"), "rejected"], [says("not_in_channel"), "rejected"], [says("is_archived"), "rejected"], [says("something_new"), "rejected"],
    [says("msg_too_long"), "invalid-input"], [says("service_unavailable"), "unavailable"], [says("fatal_error"), "ambiguous"],
    [{ status: 429, headers: { "retry-after": "30" }, body: { ok: false, error: "ratelimited" } }, "rate-limited"],
    [{ status: 500, body: "oops" }, "ambiguous"], [{ body: "not json" }, "ambiguous"],
    ["reset" as const, "ambiguous"], ["hang" as const, "ambiguous"], ["cut" as const, "ambiguous"],
  ])("token %j is %s", async (fault, kind) => {
    vendor.fail(fault);
    await expect(post()).rejects.toMatchObject({ kind, ...(kind === "rate-limited" ? { retryAfter: 30 } : {}) });
    expect(vendor.received).toHaveLength(1); // never sent twice
  });

  test.each([
    [{ status: 403, body: "invalid_token" }, "unauthorized"], [{ status: 404, body: "no_service" }, "unauthorized"], [{ status: 403, body: "action_prohibited" }, "rejected"],
    [{ status: 410, body: "channel_is_archived" }, "rejected"], [{ status: 400, body: "invalid_payload" }, "invalid-input"], [{ status: 429, headers: { "retry-after": "1" } }, "rate-limited"],
    [{ status: 500, body: "rollup_error" }, "ambiguous"], ["reset" as const, "ambiguous"],
  ])("webhook %j is %s", async (fault, kind) => {
    vendor.fail(fault);
    await expect(post(webhook())).rejects.toMatchObject({ kind });
  });

  test("says what to do", async () => {
    vendor.fail(says("not_in_channel"));
    await expect(post()).rejects.toThrow("invite the bot to the channel first");
  });
});

describe("the connection", () => {
  test("with a token is proved", async () => {
    const { client, settings } = openForTest(slack, { bot_token: vendor.token, api_url: vendor.apiUrl });
    expect(await slack.check(client, settings)).toEqual({ healthy: true, message: "Signed in to SOC as playgraph" });
    await expect(slack.check(bot({ bot_token: ["xoxb", "wrong"].join("-") }), settings)).rejects.toMatchObject({ kind: "unauthorized" });
  });
  test("with a webhook alone cannot be, and says so without posting", async () => {
    const { client, settings } = openForTest(slack, { webhook_url: vendor.webhookUrl });
    expect(await slack.check(client, settings)).toMatchObject({ healthy: false, unverifiable: true, message: expect.stringContaining("cannot be verified") });
    expect(vendor.received).toEqual([]);
  });
  test.each([{}, { bot_token: "abc" }, { webhook_url: "hooks.slack.com/x" }, { default_channel: "#soc" }])("%j is incomplete", (settings) => {
    expect(slack.settings.safeParse(settings).success).toBe(false);
  });
});
