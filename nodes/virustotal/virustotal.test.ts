import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { runNode } from "#sdk/testing.ts";
import { openForTest } from "#tests/simulators/open.ts";
import { errors, startVirusTotal, type VirusTotalSimulator, votes } from "#tests/simulators/virustotal.ts";
import type { VirusTotal } from "./client.ts";
import { virustotal } from "./connection.ts";
import { lookupDomain } from "./lookup-domain.ts";
import { lookupHash } from "./lookup-hash.ts";
import { lookupIp } from "./lookup-ip.ts";
import { lookupUrl } from "./lookup-url.ts";

let vendor: VirusTotalSimulator;
let client: VirusTotal;
beforeAll(async () => {
  vendor = await startVirusTotal();
  client = open().client;
});
beforeEach(() => vendor.reset());
afterAll(() => vendor.close());

const open = (settings: object = {}, rules: object = {}) => openForTest(virustotal, { api_key: vendor.apiKey, base_url: vendor.baseUrl, ...settings }, rules);
const ip = (address: string, rules: object = {}) => runNode(lookupIp, { client: open({}, { timeout: 0.3, ...rules }).client, input: { ip: address } });

describe("what is known", () => {
  test("an address, with the engines' votes and what follows from them", async () => {
    vendor.know("ip_addresses", "185.220.101.34", { ...votes({ malicious: 13, suspicious: 2, harmless: 50, undetected: 25 }), country: "DE", as_owner: "Zwiebelfreunde e.V.", asn: 60729, network: "185.220.101.0/24" });
    const { port, data } = await ip("185.220.101.34");
    expect(port).toBe("out");
    expect(data).toMatchObject({
      ip: "185.220.101.34", found: true, malicious: 13, suspicious: 2, harmless: 50, undetected: 25, engines: 90, reputation: 0.16, verdict: "malicious",
      community_score: -13, country: "DE", as_owner: "Zwiebelfreunde e.V.", asn: 60729, network: "185.220.101.0/24",
      last_analysis_at: "2026-03-01T12:00:00.000Z", link: "https://www.virustotal.com/gui/ip-address/185.220.101.34",
    });
    expect(data.flagged_by).toHaveLength(15);
    expect(vendor.received[0]).toMatchObject({ method: "GET", path: "/api/v3/ip_addresses/185.220.101.34", headers: { "x-apikey": vendor.apiKey } });
  });

  test.each([
    [{ malicious: 5, harmless: 85 }, "suspicious", 0.06],
    [{ suspicious: 1, harmless: 89 }, "suspicious", 0.01],
    [{ harmless: 60, undetected: 30 }, "clean", 0],
    [{}, "unknown", 0],
    [{ malicious: 90 }, "malicious", 1],
  ] as const)("%j is %s", async (counts, verdict, reputation) => {
    vendor.know("ip_addresses", "8.8.8.8", votes(counts));
    expect((await ip("8.8.8.8")).data).toMatchObject({ verdict, reputation });
  });

  test("a domain", async () => {
    vendor.know("domains", "bad-login.com", { ...votes({ malicious: 9, harmless: 81 }), registrar: "NameCheap", creation_date: 1_772_366_400, categories: { A: "phishing", B: "phishing", C: "malware" } });
    expect((await runNode(lookupDomain, { client, input: { domain: "Bad-Login.com" } })).data).toMatchObject({
      domain: "bad-login.com", verdict: "malicious", registrar: "NameCheap", registered_at: "2026-03-01T12:00:00.000Z", categories: ["phishing", "malware"],
    });
  });

  test("a file by any of its hashes", async () => {
    const md5 = "44d88612fea8a8f36de82e1278abb02f";
    vendor.know("files", md5, { ...votes({ malicious: 66, undetected: 4 }), md5, sha1: "3395856ce81f2b7382dee72602f798b642f14140", meaningful_name: "eicar.com", size: 68, popular_threat_classification: { suggested_threat_label: "virus.eicar/test" } });
    expect((await runNode(lookupHash, { client, input: { hash: md5.toUpperCase() } })).data).toMatchObject({ hash: md5, name: "eicar.com", size: 68, threat_label: "virus.eicar/test", sha256: null, verdict: "malicious" });
  });

  test("a URL, by base64url without padding", async () => {
    const url = "https://bad-login.com/a?b=c";
    const id = Buffer.from(url).toString("base64url");
    vendor.know("urls", id, { ...votes({ malicious: 7, harmless: 80 }), last_final_url: url, title: "Sign in", last_http_response_code: 200 });
    const { data } = await runNode(lookupUrl, { client, input: { url } });
    expect(data).toMatchObject({ url, found: true, page_title: "Sign in", http_status: 200 });
    expect(data.link).toMatch(/gui\/url\/[0-9a-f]{64}$/);
    expect(vendor.received[0]!.path).toBe(`/api/v3/urls/${id}`);
  });

  test("odd attributes lose only themselves", async () => {
    vendor.know("ip_addresses", "1.1.1.1", { last_analysis_stats: { malicious: 1, suspicious: "x", harmless: 2 }, reputation: "good", tags: 3, asn: "13335", country: 5 });
    expect((await ip("1.1.1.1")).data).toMatchObject({ malicious: 1, suspicious: 0, harmless: 2, undetected: 0, community_score: null, tags: [], asn: null, country: null });
  });
});

test("never seen is an answer, not an error", async () => {
  expect((await ip("9.9.9.9")).data).toMatchObject({ found: false, verdict: "unknown", engines: 0, reputation: 0, flagged_by: [], last_analysis_at: null });
});

describe("what stays in the house", () => {
  afterEach(() => expect(vendor.received).toEqual([]));
  test.each(["10.0.0.5", "127.0.0.1", "192.168.1.1", "169.254.1.1", "100.64.0.1", "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "0.0.0.0", "224.0.0.1"])("%s", async (address) => {
    await expect(ip(address)).rejects.toMatchObject({ kind: "invalid-input" });
  });
  test.each(["localhost", "fileserver", "dc01.corp.local", "vault.internal", "10.1.2.3"])("domain %s", async (domain) => {
    await expect(runNode(lookupDomain, { client, input: { domain } })).rejects.toMatchObject({ kind: "invalid-input" });
  });
  test.each(["http://10.0.0.1/x", "http://[::1]/", "https://intranet/login", "http://wiki.corp/"])("%s", async (url) => {
    await expect(runNode(lookupUrl, { client, input: { url } })).rejects.toMatchObject({ kind: "invalid-input" });
  });
  test.each([[lookupIp, { ip: "1.2.3" }], [lookupIp, { ip: null }], [lookupHash, { hash: "xyz" }], [lookupUrl, { url: "file:///etc/passwd" }], [lookupDomain, { domain: "a b" }]])("no such thing %#", async (node, input) => {
    await expect(runNode(node as never, { client: client as never, input: input as never })).rejects.toMatchObject({ kind: "invalid-input" });
  });
});

describe("failures by kind", () => {
  test.each([
    ["a wrong key", errors.wrongKey, { kind: "unauthorized" }],
    ["a key without the right", errors.forbidden, { kind: "unauthorized" }],
    ["the quota", errors.quota, { kind: "rate-limited", retryAfter: 60 }],
    ["the quota with a time", { ...errors.quota, headers: { "retry-after": "17" } }, { kind: "rate-limited", retryAfter: 17 }],
    ["its own trouble", errors.transient, { kind: "unavailable" }],
    ["a refused argument", errors.badArgument, { kind: "invalid-input" }],
    ["somebody else's 404", { status: 404, body: "<html>" }, { kind: "rejected" }],
    ["a page in place of JSON", { body: "<html>" }, { kind: "rejected" }],
    ["JSON of another API", { body: { result: 1 } }, { kind: "rejected" }],
    ["silence", "hang" as const, { kind: "unavailable" }],
  ])("%s", async (_, fault, expected) => {
    vendor.fail(fault);
    await expect(ip("8.8.4.4")).rejects.toMatchObject(expected);
  });

  test("a broken connection, twice", async () => {
    vendor.fail("reset", "reset");
    await expect(ip("8.8.4.4")).rejects.toMatchObject({ kind: "unavailable" });
  });

  test("an aborted step", async () => {
    vendor.fail("hang");
    const controller = new AbortController();
    const running = ip("8.8.4.4", { signal: controller.signal, timeout: 10 });
    setTimeout(() => controller.abort(), 20);
    await expect(running).rejects.toMatchObject({ kind: "unavailable", message: expect.stringContaining("stopped") });
  });
});

describe("the connection", () => {
  const check = (settings: object = {}) => {
    const { client: opened, settings: parsed } = open(settings);
    return virustotal.check(opened, parsed);
  };
  test("is healthy with a key that works", async () => {
    expect(await check()).toEqual({ healthy: true, message: "Signed in; 12 of 500 lookups used today" });
  });
  test("says why it is not", async () => {
    await expect(check({ api_key: "wrong" })).rejects.toMatchObject({ kind: "unauthorized" });
  });
  test("needs a key", () => {
    expect(virustotal.settings.safeParse({}).success).toBe(false);
    expect(virustotal.settings.safeParse({ api_key: " " }).success).toBe(false);
  });
  test("reaches one host", () => {
    expect(virustotal.hosts(virustotal.settings.parse({ api_key: "k" }))).toEqual(["www.virustotal.com"]);
  });
});
