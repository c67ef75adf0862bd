import { describe, expect, it } from "vitest";
import { type PlaybookTrigger, parseDocument } from "#format";
import { explain, matchPlaybooks, sourceMatches } from "./triggers.ts";

const trigger = (over: Record<string, unknown> = {}): PlaybookTrigger => parseDocument({ format: 1, name: "p", trigger: over, nodes: [], edges: [] }).trigger;
const playbook = (name: string, over: Record<string, unknown> = {}) => ({ id: name, name, trigger: trigger(over) });
const alert = {
  source: "wazuh", severity: "high", tags: ["ssh", "auth"], risk_score: 75, title: "Brute force", hostname: null, observable_types: ["ips"], iocs: { ips: ["203.0.113.7"] }, raw_data: { rule: { level: 12 } },
} as const;
const names = (over: Record<string, unknown>): boolean => matchPlaybooks(alert, [playbook("p", over)]).length === 1;

describe("which source", () => {
  it.each([["wazuh", true], ["wazuh.alert", true], ["Wazuh", true], ["webhook", true], ["elastic", false], ["wazuh.other", false], ["wazu", false]])("%s: %s", (wanted, expected) =>
    expect(sourceMatches(wanted, "wazuh")).toBe(expected));
});

describe("which conditions", () => {
  const row = (field: string, op: string, value?: unknown) => ({ conditions: { field, op, ...(value === undefined ? {} : { value }) } });
  it.each([
    ["none", {}, true], ["scalar = scalar", { conditions: { match: { severity: "high" } } }, true], ["case matters", { conditions: { match: { severity: "High" } } }, false],
    ["any of a list", { conditions: { match: { severity: ["critical", "high"] } } }, true], ["scalar in a list field", { conditions: { match: { tags: "ssh" } } }, true], ["overlap", { conditions: { match: { tags: ["x", "auth"] } } }, true],
    ["no overlap", { conditions: { match: { tags: ["x"] } } }, false], ["all must hold", { conditions: { match: { severity: "high", tags: "x" } } }, false], ["missing field", { conditions: { match: { nothing: "x" } } }, false],
    ["null field", { conditions: { match: { hostname: "x" } } }, false], ["empty map", { conditions: { match: {} } }, true],
    ["observable type", { conditions: { match: { observable_types: ["domains", "ips"] } } }, true], [">=", row("risk_score", ">=", 75), true], [">", row("risk_score", ">", 75), false],
    ["number against text", row("severity", ">", 1), false], ["nested path", row("raw_data.rule.level", ">=", 12), true], ["contains", row("title", "contains", "brute"), true], ["missing is false", row("a.b", "!=", 1), false],
    ["prototype is missing", row("constructor.name", "exists"), false],
    ["not", { conditions: { not: { match: { severity: "low" } } } }, true], ["any", { conditions: { any: [{ match: { severity: "low" } }, { all: [{ match: { severity: "high" } }] }] } }, true],
  ] as const)("%s", (_, over, expected) => expect(names(over)).toBe(expected));
});

it("each match once, in ascending order, then by name; others left out", () => {
  const playbooks = [playbook("b"), playbook("a"), playbook("late", { order: 2000 }), playbook("first", { order: 1 }), playbook("b"), playbook("hand", { on: "manual" }), playbook("later", { moment: "enriched" }), playbook("other", { source: "elastic" })];
  expect(matchPlaybooks(alert, playbooks).map(({ name }) => name)).toEqual(["first", "a", "b", "late"]);
  expect(matchPlaybooks(alert, playbooks, "enriched").map(({ name }) => name)).toEqual(["later"]);
});

it.each([["schedule", "by its schedule"], ["webhook", "by its own webhook"], ["run-failed", "by runs that fail"], ["manual", "by hand only"]])("says that what starts by %s is not started by alerts", (on, words) => {
  const [explained] = explain(alert, [{ ...playbook("p", { on, conditions: { match: { severity: "high" } } }), enabled: true, version: "published" }]);
  expect(explained).toMatchObject({ matches: false, reasons: [{ holds: true }, { holds: true }, { holds: false, text: `not started by alerts: it starts ${words}` }] });
});

it("explains every playbook, with what does not hold", () => {
  const [off, wrong, right] = explain(alert, [
    { ...playbook("c right"), enabled: true, version: "published" },
    { ...playbook("a off"), enabled: false, version: "none" },
    { ...playbook("b wrong", { source: "elastic", conditions: { match: { severity: "low" } } }), enabled: true, version: "published" },
  ]);
  expect(right).toMatchObject({ playbook: { name: "c right" }, matches: true });
  expect(off!.reasons.filter((reason) => !reason.holds).map((reason) => reason.text)).toEqual(["disabled", "not published"]);
  expect(wrong!.reasons.filter((reason) => !reason.holds)).toMatchObject([{ text: "source is wazuh, wanted elastic" }, { parts: [{ holds: false, text: 'severity is "high", wanted "low"' }] }]);
});
