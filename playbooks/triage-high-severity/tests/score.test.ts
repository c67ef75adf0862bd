import { expect, test } from "vitest";
import hasPublicSource from "../code/has-public-source.ts";
import score from "../code/score.ts";

const alert = { severity: "high" as const, determination: "unknown", source_ip: "185.220.101.34" };
const reputation = { found: true, malicious: 13, suspicious: 2, engines: 90, verdict: "malicious" as const, link: "https://www.virustotal.com/gui/ip-address/185.220.101.34" };

test("a malicious source raises the score, and makes the alert suspicious", () => {
  expect(score({ alert, steps: { reputation } })).toEqual({
    risk_score: 85, has_intelligence: true, determination: "suspicious", tags: ["intel:malicious"],
    summary: "Risk 85/100: 60 for high severity, +25 because VirusTotal finds 185.220.101.34 malicious (13 malicious and 2 suspicious of 90 engines). https://www.virustotal.com/gui/ip-address/185.220.101.34",
  });
  expect(score({ alert: { ...alert, severity: "critical" }, steps: { reputation } }).risk_score).toBe(100);
});

test("a person's determination stands", () => {
  expect(score({ alert: { ...alert, determination: "benign" }, steps: { reputation } }).determination).toBeNull();
});

test.each([
  ["suspicious", 90, 70], ["clean", 90, 35], ["clean", 10, 60],
] as const)("%s of %i engines is %i", (verdict, engines, risk) => {
  expect(score({ alert, steps: { reputation: { ...reputation, verdict, engines, malicious: 0 } } })).toMatchObject({ risk_score: risk, determination: null });
});

test.each([
  ["no source", { ...alert, source_ip: null }, undefined, "intel:none", "has no source address"],
  ["an internal source", { ...alert, source_ip: "10.0.0.1" }, undefined, "intel:none", "10.0.0.1 is an internal address"],
  ["a failed lookup", alert, { kind: "unauthorized", message: "no VirusTotal connection is configured: add one under Connections" }, "intel:failed", "no VirusTotal connection is configured"],
  ["an unknown address", alert, { ...reputation, found: false, verdict: "unknown" as const }, "intel:unknown", "does not know 185.220.101.34"],
])("%s: no intelligence, and the reason", (_, given, lookup, tag, words) => {
  const result = score({ alert: given, steps: lookup === undefined ? {} : { reputation: lookup } });
  expect(result).toMatchObject({ risk_score: 60, has_intelligence: false, determination: null, tags: [tag] });
  expect(result.summary).toContain("no intelligence");
  expect(result.summary).toContain(words);
});

test("the filter", () => {
  expect([alert.source_ip, "10.0.0.1", null].map((source_ip) => hasPublicSource({ alert: { source_ip } }))).toEqual([true, false, false]);
});
