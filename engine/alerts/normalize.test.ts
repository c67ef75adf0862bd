import { readFileSync, readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Payload } from "#sdk/source.ts";
import { defineSource } from "#sdk";
import { normalize } from "./normalize.ts";
import { createRead, payloadRoots, readPath } from "./read.ts";

const generic = (payload: unknown, sourceHint: string | null = null) => normalize({ payload: payload as Payload, sources: [], sourceHint });
const alertOf = (payload: unknown) => generic(payload).alert;

describe("reading a path", () => {
  it.each([
    { rule: { name: "x" } },
    { "rule.name": "x" },
  ])("finds rule.name in %j", (payload) => expect(readPath(payload, "rule.name")).toBe("x"));

  it.each([
    { kibana: { alert: { rule: { name: "x" } } } },
    { "kibana.alert.rule.name": "x" },
    { "kibana.alert": { "rule.name": "x" } },
    { kibana: { "alert.rule": { name: "x" } } },
    { "kibana.alert.rule": { other: 1 }, kibana: { alert: { rule: { name: "x" } } } },
  ])("finds kibana.alert.rule.name in %j", (payload) => expect(readPath(payload, "kibana.alert.rule.name")).toBe("x"));

  it("takes null as absent and goes on to the next path", () => {
    expect(createRead([{ a: null, b: 0 }])("a", "b")).toBe(0);
    expect(createRead([{ a: { b: null }, "a.b": "flat" }])("a.b")).toBe("flat");
  });

  it("sees own properties only", () => {
    const payload = JSON.parse('{"__proto__": {"admin": true}}') as Payload;
    expect(readPath({}, "constructor.name")).toBeUndefined();
    expect(readPath({}, "__proto__.admin")).toBeUndefined();
    expect(readPath(payload, "admin")).toBeUndefined();
    expect(readPath(payload, "__proto__.admin")).toBe(true);
    expect(readPath({ a: "text" }, "a.length")).toBeUndefined();
  });

  it("looks into an Elasticsearch hit before its wrapper", () => {
    const read = createRead(payloadRoots({ _id: "hit", _source: { id: "inner", title: "t" } }));
    expect([read("title"), read("id"), read("_id")]).toEqual(["t", "inner", "hit"]);
  });
});

describe("generic rules", () => {
  it.each([
    ["rule_name", { rule_name: "x", title: "no" }], ["rule.name", { rule: { name: "x" }, name: "no" }], ["alert.rule.name", { alert: { rule: { name: "x" } }, title: "no" }],
    ["title", { title: "x", name: "no" }], ["name", { name: "x", message: "no" }], ["signal.rule.name", { signal: { rule: { name: "x" } } }], ["message", { message: "x" }],
    ["null is skipped", { rule_name: null, title: "x" }], ["an object is skipped", { title: { a: 1 }, message: "x" }], ["PascalCase", { AlertName: "x" }],
  ])("title from %s", (_, payload) => expect(alertOf(payload).title).toBe("x"));

  it("nothing at all is Untitled Alert of medium severity", () => {
    expect(generic({})).toEqual({
      alert: {
        title: "Untitled Alert", description: null, severity: "medium", source: "generic", source_id: null, rule_id: null, rule_name: null, hostname: null,
        username: null, source_ip: null, dest_ip: null, tags: [], partner: null, techniques: [], observed_at: null,
      },
      dedup_key: null,
      source: null,
    });
  });

  it.each([
    ["CRITICAL", "critical"], [" crit ", "critical"], ["High", "high"], ["error", "high"], ["medium", "medium"], ["med", "medium"], ["warning", "medium"], ["WARN", "medium"],
    ["low", "low"], ["info", "info"], ["Informational", "info"], ["severe", "medium"], ["", "medium"], [null, "medium"], [{}, "medium"], [true, "medium"],
    [0, "low"], [-3, "low"], [1, "low"], [2, "medium"], ["3", "high"], [3, "high"], [4, "critical"], [15, "critical"], [7.5, "medium"], ["7.5", "medium"], [Infinity, "medium"],
  ])("severity %j is %s", (value, expected) => expect(alertOf({ severity: value }).severity).toBe(expected));

  it.each([
    ["rule.severity", { rule: { severity: "low" } }], ["alert.severity", { alert: { severity: "low" } }], ["signal.rule.severity", { signal: { rule: { severity: "low" } } }],
    ["level", { level: "low" }], ["priority", { priority: 1 }], ["urgency", { urgency: "low" }],
  ])("severity from %s", (_, payload) => expect(alertOf(payload).severity).toBe("low"));

  it("without a severity, an interactive shell is high and a failed sign-in medium", () => {
    expect(alertOf({ process: { name: "nc" } }).severity).toBe("high");
    expect(alertOf({ process: { name: "PowerShell.exe" } }).severity).toBe("high");
    expect(alertOf({ event: { outcome: "failure", category: "authentication" } }).severity).toBe("medium");
    expect(alertOf({ process: { name: "nc" }, severity: "low" }).severity).toBe("low");
  });

  it.each(["source_ip", "src_ip", "sourceAddress", "src", "attacker_ip"])("source_ip from %s", (key) => expect(alertOf({ [key]: "10.1.2.3" }).source_ip).toBe("10.1.2.3"));
  it.each(["dest_ip", "dst_ip", "destinationAddress", "dst"])("dest_ip from %s", (key) => expect(alertOf({ [key]: "2001:db8::1" }).dest_ip).toBe("2001:db8::1"));
  it.each(["256.1.1.1", "1.2.3", "1.2.3.4.5", "", "web-01", "24.273.97.14"])("%j is no address", (value) => expect(alertOf({ source_ip: value, src: "10.0.0.9" }).source_ip).toBe("10.0.0.9"));
  it.each(["hostname", "host", "computer", "fqdn", "computer_name"])("hostname from %s", (key) => expect(alertOf({ [key]: "web-01" }).hostname).toBe("web-01"));
  it.each(["partner", "tenant", "customer", "organization"])("partner from %s", (key) => expect(alertOf({ [key]: "acme" }).partner).toBe("acme"));

  it("tags are a list, one text with commas, or nothing", () => {
    expect(alertOf({ tags: ["a", "b", "a", "", 7, null, { x: 1 }] }).tags).toEqual(["a", "b", "7"]);
    expect(alertOf({ tags: "a, b" }).tags).toEqual(["a", "b"]);
    expect(alertOf({ tags: {}, rule: { tags: "one" } }).tags).toEqual(["one"]);
  });

  it("techniques from lists, names and tags, never from links", () => {
    expect(alertOf({ mitre: { id: ["T1110", "t1110.001"] }, tags: ["attack.t1059", "x"], technique: "Phishing (T1566)" }).techniques).toEqual(["T1110", "T1110.001", "T1566", "T1059"]);
    expect(alertOf({ mitre: "https://attack.mitre.org/techniques/T1078/", tags: ["T12345", "AT1078"] }).techniques).toEqual([]);
  });

  it.each([
    ["2024-02-15T16:07:34.606-0300", "2024-02-15T19:07:34.606Z"], ["2024-02-15T19:08:00.335172897Z", "2024-02-15T19:08:00.335Z"], ["2019-01-15 05:15:55", "2019-01-15T05:15:55.000Z"],
    ["2024-06-19 11:02:03 (UTC)", "2024-06-19T11:02:03.000Z"], ["3/19/2021, 10:41:09.111 PM", "2021-03-19T22:41:09.111Z"], [1705312200, "2024-01-15T09:50:00.000Z"], ["1705312200.12345", "2024-01-15T09:50:00.123Z"],
    [1705312200123, "2024-01-15T09:50:00.123Z"], ["2024-01-01", "2024-01-01T00:00:00.000Z"], ["2024-02-31T00:00:00Z", undefined], ["2024-01-01T25:00:00Z", undefined], ["Jan 14 05:24:34", undefined], [Infinity, undefined], [7, undefined],
  ])("time %j is %s", (value, expected) => expect(alertOf({ timestamp: value }).observed_at?.toISOString()).toBe(expected));

  it("wrong types and sizes become storable text", () => {
    const { alert } = generic({ id: 42, description: { a: 1 }, message: "m", title: `${"x".repeat(498)}😀${"y".repeat(99)}`, hostname: "a\0b\ud800" });
    expect(alert).toMatchObject({ source_id: "42", description: "m", hostname: "a\uFFFDb\uFFFD" });
    expect(alert.title).toBe(`${"x".repeat(498)}…`);
    expect(alertOf({ title: Infinity }).title).toBe("Untitled Alert");
  });
});

describe("source and identity", () => {
  const acme = defineSource({ id: "acme", title: "Acme", detect: (_payload, read) => (read("acme") === undefined ? 0 : 1), map: (_payload, read) => ({ title: "mapped", source_id: read("key") as string, dedup_key: `wide|${String(read("key"))}` }) });
  const sources = [acme];

  it("is the payload's own text before the route's, in the known spelling; an object or a path is no name", () => {
    expect(normalize({ payload: { source: "ACME" }, sources, sourceHint: null }).alert.source).toBe("acme");
    expect(normalize({ payload: { source: "Nessus" }, sources, sourceHint: "acme" }).alert.source).toBe("Nessus");
    expect(normalize({ payload: { source: { ip: "10.0.0.1" } }, sources, sourceHint: "acme" }).alert).toMatchObject({ source: "acme", source_ip: "10.0.0.1" });
    expect(normalize({ payload: { source: "/var/log/auth.log" }, sources, sourceHint: null }).alert.source).toBe("generic");
  });

  it("is recognised, or decided by the route", () => {
    expect(normalize({ payload: { acme: 1 }, sources, sourceHint: null })).toMatchObject({ alert: { title: "mapped", source: "acme" }, source: acme });
    expect(normalize({ payload: { acme: 1, title: "own" }, sources, sourceHint: "generic" })).toMatchObject({ alert: { title: "own", source: "generic" }, source: null });
  });

  it("the key is the source's, else the id; too long ones are hashed; without an id there is none", () => {
    expect(normalize({ payload: { acme: 1, key: "7" }, sources, sourceHint: null }).dedup_key).toBe("wide|7");
    expect(generic({ id: "7" }).dedup_key).toBe("7");
    expect(generic({ id: "x".repeat(1000) }).dedup_key).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(generic({ id: `${"x".repeat(1000)}1` }).dedup_key).not.toBe(generic({ id: `${"x".repeat(1000)}2` }).dedup_key);
    expect(generic({ title: "t" }).dedup_key).toBeNull();
  });
});

describe("any JSON object gives an alert", () => {
  it("whatever its keys and values", () => {
    const key = fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "toString", "rule", "rule.name", "title", "severity", "source", "tags", "id", "timestamp", "_source", "kibana.alert", "level", "mitre", "host"));
    const { object } = fc.letrec<{ object: unknown; value: unknown }>((tie) => ({
      object: fc.array(fc.tuple(key, tie("value")), { maxLength: 6 }).map((entries) => JSON.parse(`{${entries.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join(",")}}`) as unknown),
      value: fc.oneof({ depthSize: "small" }, fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }), fc.double().map((n) => (Number.isFinite(n) ? n : null)), fc.boolean(), fc.constant(null), fc.array(tie("value"), { maxLength: 3 }), tie("object")),
    }));
    fc.assert(fc.property(object, (payload) => {
      const { alert, dedup_key } = generic(payload);
      expect(alert.title.length).toBeGreaterThan(0);
      expect(["critical", "high", "medium", "low", "info"]).toContain(alert.severity);
      expect(JSON.stringify(alert) + (dedup_key ?? "")).not.toMatch(/\\u0000|\\ud[89a-f]/);
      expect((dedup_key ?? "").length).toBeLessThanOrEqual(400);
    }), { numRuns: 150 });
  });

  it("the published samples of products without a source of their own", () => {
    const folder = new URL("../../tests/data/alerts/generic/", import.meta.url);
    const read = (name: string) => alertOf(JSON.parse(readFileSync(new URL(name, folder), "utf8")));
    expect(readdirSync(folder)).toHaveLength(4);
    expect(read("029-upwind-high-api-detection.json")).toMatchObject({ title: "BOLA - Unauthorized Object Access", severity: "high", source_id: "det-api-001", techniques: ["T1190"], observed_at: null });
    expect(read("023-thinkstcanary-canary-disconnected.json")).toMatchObject({ title: "Canary Disconnected", description: "Canary Disconnected", observed_at: new Date("2024-06-19T11:02:03Z") });
    expect(read("021-socradar-low-attack-surface-certificate-expiry.json")).toMatchObject({ tags: ["ssl", "certificate", "expiry"], observed_at: new Date("2026-03-19T06:00:00Z") });
    expect(read("006-proofpoint-active-phishing-threat-in-threats-map.json")).toMatchObject({ title: "Password Reset Required" });
  });
});
