import { expect, test } from "vitest";
import { parseDocument } from "#format";
import type { StepWire } from "#app/models/wire.ts";
import { brief, edgeValues } from "./edge-values.ts";

test.each<[unknown, string]>([
  [null, "nothing"],
  [{}, "nothing"],
  [[1], "1 item"],
  [[1, 2, 3], "3 items"],
  ["abc", "“abc”"],
  [42, "42"],
  [{ risk_score: 87, tags: [], summary: "x" }, "risk_score: 87 +2"],
  [{ tags: ["a", "b"] }, "tags: 2 items"],
  [{ text: "a".repeat(200), more: 1 }, `text: “${"a".repeat(23)}… +1`],
])("%j in short", (value, text) => {
  expect(brief(value)).toBe(text);
  expect(brief(value).length).toBeLessThanOrEqual(34);
});

test("only edges that the run took carry something, by the port that the step left by", () => {
  const document = parseDocument({
    format: 1, name: "Ways",
    nodes: [{ id: "test", type: "core.condition" }, { id: "yes", type: "core.set" }, { id: "no", type: "core.set" }],
    edges: [{ id: "e1", from: "trigger", to: "test" }, { id: "e2", from: "test", port: "true", to: "yes" }, { id: "e3", from: "test", port: "false", to: "no" }],
  });
  const values = edgeValues(document, [{ node_id: "test", port: "true", output: { result: true } } as StepWire]);
  expect([...values]).toEqual([["e2", { value: { result: true }, text: "result: true" }]]);
});
