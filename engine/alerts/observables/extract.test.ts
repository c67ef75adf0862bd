import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "#sdk";
import type { Payload } from "#sdk/source.ts";
import { isInternalAddress, isInternalUrl } from "./addresses.ts";
import { extractObservables } from "./extract.ts";

const extract = (payload: unknown, notObservable?: string[]) => extractObservables(payload as Payload, notObservable);
const inText = (text: string) => extract({ message: text }).iocs;
const nested = (levels: number, leaf: Json): Json => (levels === 0 ? leaf : { a: nested(levels - 1, leaf) });

const MD5 = "9e107d9d372bb6826bd81d3542a419d6";
const SHA1 = "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12";
const SHA256 = "d7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592";
const SHA512 = SHA256.replace("d7", "e8") + SHA256;

describe("what is found", () => {
  it.each([
    ["an address in free text", "login from 203.0.113.7, port 22.", { ips: ["203.0.113.7"] }],
    ["addresses with ports, in brackets and in ranges", "[203.0.113.7]:22 198.51.100.1:443/tcp 8.8.8.8-8.8.8.9", { ips: ["203.0.113.7", "198.51.100.1", "8.8.8.8", "8.8.8.9"] }],
    ["a firewall's address/port", "Deny tcp src outside:203.0.113.5/4444 dst", { ips: ["203.0.113.5"] }],
    ["IPv6", "peer 2001:db8:a0b:12f0::1%eth0 and [2606:4700::1111]:53", { ips: ["2001:db8:a0b:12f0::1", "2606:4700::1111"] }],
    ["domains", "dll-host.com;www.example.co.uk, _dmarc.evil.org", { domains: ["dll-host.com", "www.example.co.uk", "_dmarc.evil.org"] }],
    ["an international domain", "see пример.рф and xn--e1afmkfd.xn--p1ai", { domains: ["пример.рф", "xn--e1afmkfd.xn--p1ai"] }],
    ["a URL and its host", "GET (https://Evil.example.com:8443/a?b=1#c).", { urls: ["https://Evil.example.com:8443/a?b=1#c"], domains: ["evil.example.com"] }],
    ["a URL with an address", "http://user:pw@203.0.113.7/x.ps1", { urls: ["http://user:pw@203.0.113.7/x.ps1"], ips: ["203.0.113.7"] }],
    ["a list of URLs", "http://a.com/1,http://b.com/2", { urls: ["http://a.com/1", "http://b.com/2"], domains: ["a.com", "b.com"] }],
    ["a jndi URL", "${jndi:ldap://evil.com:1389/a}", { urls: ["ldap://evil.com:1389/a"], domains: ["evil.com"] }],
    ["hashes", `${MD5} ${SHA1.toUpperCase()} sha256:${SHA256} SHA512=${SHA512}`, { hashes: [MD5, SHA1, SHA256, SHA512] }],
    ["a hash as a file's name", `C:\\Temp\\${SHA256}.exe`, { hashes: [SHA256] }],
    ["e-mail addresses", "From: <Bad.Guy+x@Phish.example.org>", { emails: ["bad.guy+x@phish.example.org"], domains: ["phish.example.org"] }],
    ["CVEs", "exploits cve-2021-44228 (CVE-2021-45046)", { cves: ["CVE-2021-44228", "CVE-2021-45046"] }],
  ])("%s", (_, text, expected) => expect(inText(text)).toEqual(expected));

  it.each([
    ["hxxps://evil[.]com/a", { urls: ["https://evil.com/a"], domains: ["evil.com"] }],
    ["hXXp[:]//evil(.)com", { urls: ["http://evil.com"], domains: ["evil.com"] }],
    ["evil[dot]com and evil {dot} org", { domains: ["evil.com", "evil.org"] }],
    ["203[.]0[.]113[.]7 and 198.51.100[.]9", { ips: ["203.0.113.7", "198.51.100.9"] }],
    ["contact(at)evil(dot)com", { emails: ["contact@evil.com"], domains: ["evil.com"] }],
    ["evil\\.com", { domains: ["evil.com"] }],
    ["payload[.]zip", { domains: ["payload.zip"] }],
  ])("defanged: %s", (text, expected) => expect(inText(text)).toEqual(expected));

  it("in lists, below keys of any name, and in JSON inside a string, once each", () => {
    expect(extract({ ips: ["203.0.113.7", "203.0.113.7"], x: [[{ y: "203.0.113.8" }]] }).iocs).toEqual({ ips: ["203.0.113.7", "203.0.113.8"] });
    expect(extract({ Entities: JSON.stringify([{ $id: "1", Address: "203.0.113.9", ProcessId: MD5 }]) }).iocs).toEqual({ ips: ["203.0.113.9"] });
    expect(extract({})).toEqual({ iocs: {}, internal: {} });
  });

  it("a file's suffix counts as a domain where the field says so", () => {
    expect(extract({ dns: { question: { name: "evil.zip" } } }).iocs).toEqual({ domains: ["evil.zip"] });
    expect(extract({ domain: "evil.sh", hostname: "files.mov" }).iocs).toEqual({ domains: ["evil.sh", "files.mov"] });
  });
});

describe("what is not taken", () => {
  it.each([
    "setup.exe foo.py run.sh archive.zip main.rs README.md script.pl lib.so",
    "version 1.2.3.4 build: 10.0.0.1 Chrome/91.0.44.124 agent v1.2.3.4",
    "256.1.1.1 1.2.3 1.2.3.4.5 1.3.6.1.4.1 01.02.03.04 10.0.0.0/8 libfoo-1.2.3.4 1.2.3.4-5ubuntu1",
    "12:30:45 00:50:56:aa:bb:cc aa:bb:cc:dd:ee:ff:00:11 std::ad Foo::Bar dead::beef",
    "2024-01-15T10:30:00.123Z 2024.01.15 15.01.2024",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 c55330b0-82ad-11ed-93ff-3323f74f31a3",
    `${MD5}0 x${MD5} ${"0".repeat(32)} ${"1234567890".repeat(4)} ldt:${MD5}:559 imphash=${MD5} session_id: ${MD5}`,
    "System.Net.WebClient System.IO os.system( com.android.chrome process.name kibana.alert.rule.id",
    "/usr/share/evil.com/x C:\\evil.com\\x etc/1ssue.net host.local db.internal wazuh.manager svc.cluster.local",
    "example.nope you....so user@localhost @everyone a@b t.@x",
    "CVE-2021-1 XCVE-2021-44228 CVE-2021-44228123456",
    "SHA256:sgpOmu5OJ4avTU2/mVUft3/fYEZgrvA+b0E0nb2ScwQ",
  ])("%s", (text) => expect(inText(text)).toEqual({}));

  it.each([
    [{ id: MD5, event_hash: MD5, requestId: SHA256, execID: SHA256, uuid: SHA256 }], [{ ja3: { hash: MD5 }, ja3s_hash: MD5, hassh: MD5 }],
    [{ results_link: "http://siem.example.com/x", alertWebUrl: "https://console.example.com", references: ["https://nvd.nist.gov/vuln"], FalconHostLink: "https://falcon.example.com" }],
    [{ fileName: "setup.app", process: "evil.com", username: "john.me" }], [{ version: "1.2.3.4", agent_version: "8.8.8.8" }],
    [{ arn: `arn:aws:guardduty:us-east-1:1:detector/${MD5}` }], [{ messageID: "<abc@mail.example.com>" }],
  ])("%j", (payload) => expect(extract(payload)).toEqual({ iocs: {}, internal: {} }));

  it("paths that the source excludes, nested or flattened, also in a hit", () => {
    const patterns = ["rule", "data.*.note", "a.b"];
    const payload = { rule: { text: "evil.com" }, "rule.text": "evil.com", data: { x: { note: "evil.com", keep: "good.com" } }, "a.b": "evil.com", a: { b: ["evil.com"] } };
    expect(extract(payload, patterns).iocs).toEqual({ domains: ["good.com"] });
    expect(extract({ _source: payload }, patterns).iocs).toEqual({ domains: ["good.com"] });
  });
});

describe("internal addresses", () => {
  it.each(["10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "169.254.1.1", "100.64.0.1", "224.0.0.1", "255.255.255.255", "0.0.0.0", "250.1.1.1", "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1"])("%s is internal", (address) => expect(isInternalAddress(address)).toBe(true));
  it.each(["8.8.8.8", "203.0.113.7", "198.51.100.1", "192.0.2.1", "172.32.0.1", "2001:db8::1", "2606:4700::1111", "::ffff:8.8.8.8"])("%s is not", (address) => expect(isInternalAddress(address)).toBe(false));

  it("are kept apart", () => {
    expect(extract({ a: "10.0.0.1 and fe80::1 to 203.0.113.7" })).toEqual({ iocs: { ips: ["203.0.113.7"] }, internal: { ips: ["10.0.0.1", "fe80::1"] } });
    expect(extract({ a: "http://intranet/x" })).toEqual({ iocs: {}, internal: { urls: ["http://intranet/x"] } });
  });

  it("a URL is internal by its host", () => {
    expect(["http://10.0.0.1/x", "http://[fe80::1]/", "http://intranet/", "http://db.local/", "nonsense"].map(isInternalUrl)).toEqual([true, true, true, true, true]);
    expect(["http://8.8.8.8/", "https://evil.com/", "http://[2606:4700::1111]/"].map(isInternalUrl)).toEqual([false, false, false]);
  });
});

describe("bounds", () => {
  it("finds at depth 10, nothing below, and never fails", () => {
    expect(extract(nested(3, "203.0.113.7")).iocs).toEqual({ ips: ["203.0.113.7"] });
    expect(extract(nested(10, "203.0.113.7")).iocs).toEqual({ ips: ["203.0.113.7"] });
    expect(extract(nested(12, "203.0.113.7")).iocs).toEqual({});
    expect(extract(JSON.parse(`${'{"a":'.repeat(10_000)}"203.0.113.7"${"}".repeat(10_000)}`)).iocs).toEqual({});
  });

  it("stops at 500 values of a kind", () =>
    expect(extract({ ips: Array.from({ length: 700 }, (_, at) => `203.0.${at >> 8}.${at & 255}`) }).iocs.ips).toHaveLength(500));

  /** What a backtracking expression or a search that starts over would take minutes for. */
  const hostile: Record<string, (n: number) => string> = {
    dots: (n) => `${".".repeat(n)}x`, "dotted letters": (n) => "a.".repeat(n), digits: (n) => "1.".repeat(n), "at signs": (n) => "@".repeat(n), "mails without end": (n) => "a@".repeat(n), spaced: (n) => "@ ".repeat(n),
    schemes: (n) => "http://".repeat(n), "open URLs": (n) => "'http://a.b/".repeat(n), "closing brackets": (n) => `http://a.com/${")".repeat(n)}`, "url lists": (n) => "http://a://b ".repeat(n),
    colons: (n) => ":".repeat(n), "hex and colons": (n) => "a:".repeat(n), hex: (n) => "a1".repeat(n), "short hex": (n) => `${"a".repeat(31)} `.repeat(n / 16), brackets: (n) => "[.".repeat(n), blanks: (n) => " ".repeat(n) + "[.]", "open brackets": (n) => "h[".repeat(n),
    cves: (n) => "CVE-2021-".repeat(n), dashes: (n) => "-.".repeat(n), underscores: (n) => "a_.com ".repeat(n), "many words": (n) => "a.b ".repeat(n), backslashes: (n) => "a\\.".repeat(n), "json opening": (n) => `${"[".repeat(n)}]`,
  };
  /** Processor time in milliseconds: the clock on the wall also counts what else the machine does. */
  const time = (text: string): number => {
    const before = process.cpuUsage();
    extract({ text });
    return process.cpuUsage(before).user / 1000;
  };
  it.each(Object.keys(hostile))("time grows with the length of %s, not with its square", (name) => {
    const make = hostile[name]!;
    time(make(500));
    const small = Math.min(time(make(4_000)), time(make(4_000)));
    const large = Math.min(time(make(40_000)), time(make(40_000)));
    // Ten times the length: linear is 10, quadratic 100. The constant keeps a garbage collection from failing a fast case.
    expect(large).toBeLessThan(small * 35 + 50);
  });

  it("never throws, and reports only storable text", () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }), fc.string({ unit: fc.constantFrom("a", "1", ".", ":", "/", "@", "[", "]", "h", "t", "p", "\\", "\0", "\ud800", "-", " ", "c", "o", "m") })), (text) => {
      const { iocs, internal } = extract({ text });
      for (const value of [...Object.values(iocs), ...Object.values(internal)].flat()) expect(value.isWellFormed() && !value.includes("\0")).toBe(true);
    }), { numRuns: 150 });
  });
});
