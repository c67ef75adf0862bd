import { expect, it } from "vitest";
import type { Condition } from "#format";
import { conditionWords } from "./condition-words.ts";

it.each<[Condition, unknown]>([
  [{ match: { severity: ["high", "critical"] } }, { text: "severity is one of high, critical" }],
  [{ match: { source_ip: "10.0.0.1", partner: "acme" } }, { text: "All of", parts: [{ text: "source ip is 10.0.0.1" }, { text: "partner is acme" }] }],
  [{ not: { field: "risk_score", op: ">=", value: 70 } }, { text: "Not", parts: [{ text: "risk score is at least 70" }] }],
  [{ any: [{ field: "username", op: "exists", value: false }] }, { text: "Any of", parts: [{ text: "username is absent" }] }],
])("says %o", (condition, expected) => expect(conditionWords(condition)).toEqual(expected));
