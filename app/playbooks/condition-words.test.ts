import { expect, it } from "vitest";
import type { Condition } from "#format";
import { conditionWords, triggerWords } from "./condition-words.ts";

it.each<[Condition, unknown]>([
  [{ match: { severity: ["high", "critical"] } }, { text: "severity is one of high, critical" }],
  [{ match: { source_ip: "10.0.0.1", partner: "acme" } }, { text: "All of", parts: [{ text: "source ip is 10.0.0.1" }, { text: "partner is acme" }] }],
  [{ not: { field: "risk_score", op: ">=", value: 70 } }, { text: "Not", parts: [{ text: "risk score is at least 70" }] }],
  [{ any: [{ field: "username", op: "exists", value: false }] }, { text: "Any of", parts: [{ text: "username is absent" }] }],
])("says %o", (condition, expected) => expect(conditionWords(condition)).toEqual(expected));

it("says what starts a playbook", () => {
  expect(triggerWords({ on: "alert", source: "webhook", moment: "ingested" })).toBe("Any alert, once ingested");
  expect(triggerWords({ on: "alert", source: "wazuh.alert", moment: "enriched" })).toBe("Alerts of wazuh, once enriched");
  expect(triggerWords({ on: "manual", source: "webhook", moment: "ingested" })).toBe("Started by hand");
});
