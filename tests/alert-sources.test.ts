/** Each shipped source against published alerts (tests/data/alerts, with hand-checked expectations) and the forms they travel in. */
import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Iocs, extractObservables, normalize } from "#engine/alerts/index.ts";
import { elasticSource } from "#nodes/elastic/source.ts";
import { genericSource } from "#nodes/generic/source.ts";
import { wazuhSource } from "#nodes/wazuh/source.ts";
import type { Payload } from "#sdk/source.ts";

const sources = [elasticSource, wazuhSource, genericSource];
const data = new URL("data/alerts/", import.meta.url);
const load = (path: string): Payload => JSON.parse(readFileSync(new URL(path, data), "utf8")) as Payload;
const read = (payload: unknown, sourceHint: string | null = null) => normalize({ payload: payload as Payload, sources, sourceHint });

interface Expected {
  file: string;
  source: string;
  mitre: string[];
  iocs: Record<string, string[]>;
  iocs_private: string[];
  iocs_not: string[];
  [field: string]: unknown;
}

const FIELDS = { title: "title", severity: "severity", source_id: "source_id", rule_name: "rule_name", rule_id: "rule_id", hostname: "hostname", source_ip: "src_ip", dest_ip: "dst_ip", username: "user" } as const;

const expectations = (["elastic", "wazuh"] as const).flatMap((folder) =>
  readdirSync(new URL(folder, data)).filter((name) => name.endsWith(".expected.json")).map((name) => [`${folder}/${name}`] as const));

const values = (iocs: Iocs): string[] => Object.values(iocs).flat().map((value) => value.toLowerCase());
const instant = (text: unknown): number => Date.parse(String(text).replace(/([+-]\d{2})(\d{2})$/, "$1:$2"));

it("there are expectations to meet", () => expect(expectations.length).toBe(9));

describe.each(expectations)("%s", (path) => {
  const expected = load(path) as unknown as Expected;
  const payload = load(`${expected.source}/${expected.file}`);
  const { alert, source } = read(payload);
  const right = (field: string): unknown[] => [expected[field], ...((expected[`${field}_accept`] as unknown[] | undefined) ?? [])];

  it("is recognised by its shape", () => {
    expect(source?.id).toBe(expected.source);
    expect(alert.source).toBe(expected.source);
  });

  it.each(Object.entries(FIELDS))("%s", (field, name) => {
    const got = alert[field as keyof typeof FIELDS];
    const lower = (value: unknown) => (typeof value === "string" ? value.toLowerCase() : value);
    expect(right(name).map(lower)).toContain(lower(field === "severity" && got === "info" ? "low" : got));
  });

  it("time and techniques", () => {
    expect(right("timestamp").map((text) => (text === null ? null : instant(text)))).toContain(alert.observed_at?.getTime() ?? null);
    expect([...alert.techniques].sort()).toEqual([...expected.mitre].sort());
  });

  it("finds every indicator, keeps internal ones apart and takes no trap", () => {
    const { iocs, internal } = extractObservables(payload, source?.notObservable);
    const found = values(iocs);
    for (const wanted of Object.values(expected.iocs).flat()) expect(found).toContain(wanted.toLowerCase());
    for (const trap of expected.iocs_not) expect([...found, ...values(internal)]).not.toContain(trap.toLowerCase());
    for (const address of expected.iocs_private) expect(found).not.toContain(address);
  });
});

describe("Elastic in its other forms", () => {
  const flat = load("elastic/002-suspicious-powershell-fixture.json");
  const nested: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(flat)) {
    const keys = path.split(".");
    let at = nested;
    for (const key of keys.slice(0, -1)) at = (at[key] ??= {}) as Record<string, unknown>;
    at[keys.at(-1)!] = value;
  }
  const listed = Object.fromEntries(Object.entries(flat).map(([path, value]) => [path, Array.isArray(value) ? value : [value]]));

  it.each([
    ["nested", nested],
    ["as an Elasticsearch hit", { _index: ".internal.alerts-security.alerts-default-000001", _id: "hit", _source: nested }],
    ["as a hit with flattened keys", { _index: ".alerts-security.alerts-default", _id: "hit", _source: flat }],
    ["with every value in a list, as `fields` answers", listed],
    ["in a connector's body", { alerts: [flat] }],
    ["in a connector's context", { context: { alerts: [nested] } }],
  ])("%s", (_, payload) => {
    const { alert, source } = read(payload);
    expect(source).toBe(elasticSource);
    expect(alert).toMatchObject({
      title: "Suspicious PowerShell Execution", severity: "high", source: "elastic", source_id: "alert-uuid-elastic-001", rule_id: "rule-uuid-elastic-abc", rule_name: "Suspicious PowerShell Execution",
      hostname: "WORKSTATION-01", username: "jdoe", source_ip: "10.0.0.55", dest_ip: "185.220.101.32", techniques: ["T1059.001"],
      observed_at: new Date("2024-01-15T10:30:00Z"),
    });
    const { iocs } = extractObservables(payload as Payload, source?.notObservable);
    expect(iocs.domains).toEqual(expect.arrayContaining(["evil.example.com", "c2-server.evil.com"]));
    expect(iocs.hashes).toContain("a1b2c3d4e5f6789012345678901234567890abcdef1234567890abcdef123456");
  });

  it("legacy signals", () => {
    const threat = [{ framework: "MITRE ATT&CK", tactic: { id: "TA0002", reference: "https://attack.mitre.org/tactics/TA0002/" }, technique: [{ id: "T1059", reference: "https://attack.mitre.org/techniques/T1059/", subtechnique: [{ id: "T1059.003" }] }] }];
    const { alert, source } = read({ _id: "sig-1", _index: ".siem-signals-default-000001", _source: { "@timestamp": "2021-05-01T10:00:00Z", signal: { rule: { id: "r-uuid", rule_id: "r", name: "Old signal", severity: "low", description: "d", tags: ["Windows"], threat } }, host: { name: "pc-1" }, source: { ip: "203.0.113.5" } } });
    expect(source).toBe(elasticSource);
    expect(alert).toMatchObject({ title: "Old signal", severity: "low", source_id: "sig-1", rule_id: "r-uuid", hostname: "pc-1", source_ip: "203.0.113.5", tags: ["Windows"], techniques: ["T1059", "T1059.003"], observed_at: new Date("2021-05-01T10:00:00Z") });
  });

  it.each([[10, "low"], [47, "medium"], [73, "high"], [99, "critical"]])("a risk score of %d without a severity is %s", (score, severity) =>
    expect(read({ kibana: { alert: { uuid: "u", risk_score: score, rule: { name: "n" } } } }).alert.severity).toBe(severity));

  it("a small webhook body, by its route", () =>
    expect(read({ rule: { name: "Small", severity: "critical" }, source: { ip: "172.16.0.1" } }, "elastic").alert).toMatchObject({ source: "elastic", title: "Small", severity: "critical", source_ip: "172.16.0.1" }));
});

describe("Wazuh in its other forms", () => {
  it.each([[0, "low"], [6, "low"], [7, "medium"], [11, "medium"], ["12", "high"], [14, "high"], [15, "critical"], [16, "critical"]])("level %j is %s", (level, severity) =>
    expect(read({ rule: { level, description: "d" }, agent: { name: "a" }, manager: { name: "m" } }).alert.severity).toBe(severity));

  it("a Windows event", () => {
    const payload = {
      timestamp: "2024-05-01T10:00:00.000+0000", id: "1714557600.1", agent: { id: "003", name: "DC01", ip: "10.0.0.3" }, manager: { name: "wazuh" },
      rule: { id: "60122", level: 5, description: "Logon failure", groups: ["windows", "authentication_failed"], mitre: { id: ["T1078", "T1531"] } },
      data: { win: { system: { eventID: "4625", computer: "DC01.corp.local" }, eventdata: { targetUserName: "svc_backup", subjectUserName: "-", ipAddress: "::ffff:198.51.100.23", hashes: "MD5=9E107D9D372BB6826BD81D3542A419D6,IMPHASH=E4D909C290D0FB1CA068FFADDF22CBD0" } } },
    };
    const { alert, dedup_key } = read(payload);
    expect(alert).toMatchObject({ hostname: "DC01", username: "svc_backup", source_ip: "198.51.100.23", tags: ["windows", "authentication_failed"], techniques: ["T1078", "T1531"], observed_at: new Date("2024-05-01T10:00:00Z") });
    expect(dedup_key).toBe("1714557600.1|60122|003|2024-05-01T10:00:00.000+0000");
    expect(extractObservables(payload, wazuhSource.notObservable).iocs.hashes).toEqual(["9e107d9d372bb6826bd81d3542a419d6"]);
  });

  it("in the integrator's all_fields", () => {
    const inner = load("wazuh/018-nascon-750.json");
    const wrapped = { severity: 2, title: "Registry", all_fields: inner };
    expect(read(wrapped)).toMatchObject({ alert: { ...read(inner).alert }, dedup_key: read(inner).dedup_key, source: wazuhSource });
    expect(extractObservables(wrapped, wazuhSource.notObservable)).toEqual(extractObservables(inner, wazuhSource.notObservable));
  });

  it("a GuardDuty finding has the direction that it names", () =>
    expect(read(load("wazuh/003-aws-guardduty-network-connection-unusual-outb.json")).alert).toMatchObject({ source_ip: "10.0.2.2", dest_ip: "75.0.101.245", severity: "low" }));

  it("an IDS alert's TLS fingerprint is no hash, its server name is a domain", () => {
    const payload = load("wazuh/012-ait-86601.json");
    expect(read(payload).alert).toMatchObject({ source_ip: "54.173.41.153", dest_ip: "10.229.0.4" });
    expect(extractObservables(payload, wazuhSource.notObservable)).toEqual({ iocs: { ips: ["54.173.41.153"], domains: ["ping.chartbeat.net"] }, internal: { ips: ["10.229.0.4"] } });
  });

  it("reads a log line only in the forms that programs write", () => {
    const log = (full_log: string) => read({ rule: { level: 3, description: "d" }, agent: { name: "a" }, full_log }).alert;
    expect(log("Failed password for invalid user oracle from 203.0.113.9 port 22 ssh2")).toMatchObject({ username: "oracle", source_ip: "203.0.113.9" });
    expect(log("pam_unix(sshd:session): session opened for user root(uid=0) by (uid=0)")).toMatchObject({ username: "root", source_ip: null });
    expect(log("[error] [client 203.0.113.9:51234] File does not exist")).toMatchObject({ username: null, source_ip: "203.0.113.9" });
    expect(log("waiting for connection from the server")).toMatchObject({ username: null, source_ip: null });
  });
});

it("a vendor's samples that share one id are told apart", () => {
  const keys = ["003-aws-guardduty-network-connection-unusual-outb", "007-cve-2019-15847-affects-gcc"].map((name) => read(load(`wazuh/${name}.json`)));
  expect(keys[0]!.alert.source_id).toBe(keys[1]!.alert.source_id);
  expect(keys[0]!.dedup_key).not.toBe(keys[1]!.dedup_key);
});
