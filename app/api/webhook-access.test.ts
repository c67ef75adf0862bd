import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { scopeAllows, signatureMatches } from "./webhook-access.ts";

describe("webhook signature", () => {
  const body = Buffer.from('{"title":"ü\\u0000"}');
  const hex = createHmac("sha256", "secret").update(body).digest("hex");

  it.each([
    [`sha256=${hex}`, true],
    [`sha256=${hex.toUpperCase()}`, true],
    [hex, false],
    [`sha1=${hex}`, false],
    [`sha256=${hex}00`, false],
    [`sha256=${hex.slice(2)}`, false],
    [`sha256=${"0".repeat(64)}`, false],
    ["", false],
  ])("%s → %s", (header, expected) => expect(signatureMatches(header, body, "secret")).toBe(expected));
});

describe("scopes", () => {
  it.each<[string[], string | null, boolean]>([
    [[], null, true],
    [[], "elastic", true],
    [["webhooks:ingest"], null, true],
    [["webhooks:ingest"], "elastic", false],
    [["webhooks:ingest:elastic"], "elastic", true],
    [["webhooks:ingest:elastic"], "wazuh", false],
    [["webhooks:ingest:elastic"], null, false],
    [["webhooks:ingest:*"], "wazuh", true],
    [["webhooks:ingest:*"], null, false],
    [["alerts:read"], null, false],
  ])("%j on %s → %s", (scopes, source, expected) => expect(scopeAllows(scopes, source)).toBe(expected));
});
