import { describe, expect, test } from "vitest";
import { shapeOf } from "#nodes/catalog.ts";
import { runNode } from "#sdk/testing.ts";
import { holds, switchNode } from "./switch.ts";

const ladder = {
  cases: [
    { port: "high", when: { op: ">=" as const, value: 70 } },
    { port: "medium", when: { op: "between" as const, value: [40, 69] } },
  ],
};

test.each([[95, "high"], [70, "high"], [69, "medium"], [40, "medium"], [39, "default"], ["70", "default"], [null, "default"]])("%j goes by %s", async (value, port) => {
  expect(await runNode(switchNode, { config: ladder, input: { value } })).toMatchObject({ port, data: { value, port } });
});

test("the first case that holds wins", async () => {
  const cases = [{ port: "a", when: { op: "exists" as const } }, { port: "b", when: { op: "==" as const, value: 1 } }];
  expect((await runNode(switchNode, { config: { cases }, input: { value: 1 } })).port).toBe("a");
});

describe("operators", () => {
  test.each([
    ["x", "==", "x", true], ["x", "!=", "y", true], [null, "!=", "y", false],
    ["b", "in", ["a", "b"], true], [["c", "b"], "in", ["a", "b"], true], ["c", "in", ["a"], false],
    ["Brute Force", "contains", "force", true], [["t1", "t2"], "contains", "t2", true], [5, "contains", "5", false],
    ["powershell.exe", "ends-with", ".exe", true], ["10.0.0.1", "starts-with", "10.", true],
    [undefined, "exists", undefined, false], [undefined, "exists", false, true], [0, "exists", true, true],
    ["9", ">", 1, false], [9, ">", 1, true], [1, "<=", 1, true], [0, "<", 1, true],
  ] as const)("%j %s %j is %j", (actual, op, wanted, result) => {
    expect(holds(actual, op, wanted as never)).toBe(result);
  });
});

test.each([
  [[{ port: "a", when: { op: "==", value: 1 } }, { port: "a", when: { op: "==", value: 2 } }]],
  [[{ port: "default", when: { op: "==", value: 1 } }]],
  [[{ port: "failed", when: { op: "==", value: 1 } }]],
  [[{ port: "A b", when: { op: "==", value: 1 } }]],
  [[{ port: "a", when: { op: "between", value: [1] } }]],
  [[{ port: "a", when: { op: "in", value: "x" } }]],
  [[{ port: "a", when: { op: ">", value: "5" } }]],
  [[]],
])("the config %j is refused", (cases) => {
  expect(switchNode.config.safeParse({ cases }).success).toBe(false);
});

test("ports follow the config, in its order", () => {
  expect(shapeOf("core.switch", 1)?.ports(ladder)).toEqual(["high", "medium", "default"]);
});
