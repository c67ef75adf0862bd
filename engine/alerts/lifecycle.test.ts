import { describe, expect, it } from "vitest";
import { ALERT_STATUSES, coarseStatus, isFinished, nextStatuses, riskLabel, transition } from "./lifecycle.ts";

const from = (status: string, determination: string, to: { status?: string; determination?: string }) => transition({ status, determination, to });

it("every status but its own finished end leads somewhere, and every one is reached", () => {
  const reached = new Set<string>(["new"]);
  for (const status of reached) for (const next of nextStatuses(status as (typeof ALERT_STATUSES)[number])) reached.add(next);
  expect([...reached].sort()).toEqual([...ALERT_STATUSES].sort());
});

it.each([
  ["new", "in_progress"], ["in_progress", "investigating"], ["investigating", "in_progress"], ["in_progress", "escalated"], ["escalated", "in_progress"], ["analyzing", "closed"], ["resolved", "closed"], ["resolved", "in_progress"],
])("%s → %s", (a, b) => expect(from(a, "malicious", { status: b })).toMatchObject({ ok: true, status: b }));

it.each([["new", "closed"], ["closed", "new"], ["resolved", "enriching"], ["in_progress", "new"], ["false_positive", "resolved"]])("not %s → %s", (a, b) =>
  expect(from(a, "malicious", { status: b })).toMatchObject({ ok: false, reason: "not-allowed", field: "status" }));

describe("resolving", () => {
  it("needs a determination, which may come with it", () => {
    expect(from("new", "unknown", { status: "resolved" })).toMatchObject({ ok: false, reason: "determination-required", field: "determination" });
    expect(from("new", "unknown", { status: "resolved", determination: "benign" })).toEqual({ ok: true, status: "resolved", determination: "benign", resolved: "set" });
    expect(from("resolved", "benign", { determination: "unknown" })).toMatchObject({ ok: false, reason: "determination-required" });
  });

  it("sets the time once and clears it on reopening", () => {
    expect(from("resolved", "benign", { status: "closed" })).toMatchObject({ resolved: "keep" });
    expect(from("closed", "benign", { status: "in_progress" })).toMatchObject({ resolved: "clear" });
    expect(from("in_progress", "unknown", { status: "false_positive" })).toMatchObject({ determination: "benign", resolved: "set" });
  });
});

it("unknown values are named", () => {
  expect(from("new", "unknown", { status: "banana" })).toMatchObject({ ok: false, reason: "unknown-value", field: "status" });
  expect(from("new", "unknown", { determination: "evil" })).toMatchObject({ ok: false, reason: "unknown-value", field: "determination" });
  expect(from("new", "unknown", { status: "constructor" })).toMatchObject({ ok: false, reason: "unknown-value" });
});

it("maps to the three coarse statuses", () => {
  expect(ALERT_STATUSES.map(coarseStatus)).toEqual(["new", "new", "new", "in_progress", "in_progress", "in_progress", "resolved", "resolved", "resolved"]);
  expect(ALERT_STATUSES.filter(isFinished)).toEqual(["false_positive", "resolved", "closed"]);
});

it.each([[0, "info"], [19, "info"], [20, "low"], [39, "low"], [40, "medium"], [69, "medium"], [70, "high"], [89, "high"], [90, "critical"], [100, "critical"]])("risk %d is %s", (score, label) => expect(riskLabel(score)).toBe(label));
