import { expect, test } from "vitest";
import { isPublicAddress } from "../code/addresses.ts";
import assess from "../code/assess.ts";

const alert = { severity: "high" as const, techniques: [] as string[], source_ip: null as string | null, duplicate_count: 1 };
const scoreOf = (change: Partial<Parameters<typeof assess>[0]["alert"]>) => assess({ alert: { ...alert, ...change } });

test("an alert without context scores by its severity", () => {
  expect(["critical", "high", "medium", "low", "info"].map((severity) => scoreOf({ severity: severity as "high" }).risk_score)).toEqual([80, 60, 40, 20, 5]);
});

test("context adds points, each with its reason", () => {
  const { risk_score, parts, tags, summary } = scoreOf({ techniques: ["T1110.001", "T1078"], source_ip: "185.220.101.34", duplicate_count: 8 });
  expect(parts).toEqual([
    { points: 60, reason: "high severity" },
    { points: 10, reason: "technique T1078 and 1 more" },
    { points: 5, reason: "source 185.220.101.34 is on the internet" },
    { points: 9, reason: "seen 8 times" },
  ]);
  expect(risk_score).toBe(84);
  expect(tags).toEqual(["source:public", "recurring"]);
  expect(summary).toBe("First look: risk 84/100 (60 for high severity, 10 for technique T1078 and 1 more, 5 for source 185.220.101.34 is on the internet, 9 for seen 8 times).");
});

test("each severity has its limit, and the summary says when it cut", () => {
  const worst = { techniques: ["T1486", "T1003", "T1041", "T1562"], source_ip: "8.8.8.8", duplicate_count: 10_000 };
  expect(["critical", "high", "medium", "low", "info"].map((severity) => scoreOf({ ...worst, severity: severity as "high" }).risk_score)).toEqual([100, 89, 69, 39, 19]);
  expect(scoreOf({ ...worst, severity: "info" }).summary).toContain("info severity alone ends at 19");
});

test("unknown techniques and internal sources add nothing", () => {
  expect(scoreOf({ techniques: ["T9999"], source_ip: "10.1.2.3" })).toMatchObject({ risk_score: 60, tags: ["source:internal"] });
});

test.each([
  ["8.8.8.8", true], ["185.220.101.34", true], ["172.32.0.1", true], ["2606:4700::1111", true], ["::ffff:8.8.8.8", true],
  ["10.0.0.1", false], ["172.16.0.1", false], ["172.31.255.255", false], ["192.168.0.1", false], ["127.0.0.1", false], ["169.254.0.1", false], ["100.64.0.1", false],
  ["224.0.0.1", false], ["255.255.255.255", false], ["0.0.0.0", false], ["198.51.100.7", false], ["::1", false], ["fe80::1", false], ["fd00::1", false], ["2001:db8::1", false],
  ["::ffff:10.0.0.1", false], ["1.2.3", false], ["999.1.1.1", false], ["host", false], ["", false], [null, false],
])("%s is public: %s", (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected);
});
