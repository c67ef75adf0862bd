import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { type Condition, evaluateCondition, unknownField } from "#format";
import { fieldOf, fitValue, operatorsFor } from "./trigger-fields.ts";
import { addPart, changeRow, type Group, movePart, negatePart, newGroup, newRow, partAt, readConditions, removePart, replacePart, wrapPart, writeConditions } from "./trigger-tree.ts";

const alert = { severity: "high", risk_score: 70, tags: ["ssh", "auth"], title: "Brute force" };
const row = (field: string, op: "==" | "in" | ">=" | "contains" | "exists", value?: never): Condition => ({ field, op, ...(value === undefined ? {} : { value }) });

const leaf = fc.constantFrom<Condition>(
  { match: { severity: ["high", "low"] } }, { match: { severity: "high", tags: "ssh" } }, { match: {} }, { field: "risk_score", op: ">=", value: 50 }, { field: "title", op: "contains", value: "force" },
  { field: "hostname", op: "exists" }, { field: "severity", op: "in", value: ["low"] }, { field: "risk_score", op: "==", value: 1 },
);
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof({ maxDepth: 4 }, leaf, fc.record({ all: fc.array(tie("condition"), { maxLength: 3 }) }), fc.record({ any: fc.array(tie("condition"), { maxLength: 3 }) }), fc.record({ not: tie("condition") })),
}));

describe("reading and writing back", () => {
  it("keeps what a condition means", () => {
    fc.assert(fc.property(condition, (given) => evaluateCondition(writeConditions(readConditions(given)) ?? undefined, alert) === evaluateCondition(given, alert)));
  });

  it.each<[Condition]>([[{ match: { severity: ["high", "critical"], partner: "acme" } }], [{ all: [{ field: "a", op: "==", value: 1 }] }], [{ any: [{ not: { all: [{ field: "a", op: "exists" }] } }] }], [{ all: [{ match: { a: "b" } }] }]])("%j stays as it is written", (given) =>
    expect(writeConditions(readConditions(given))).toEqual(given));

  it("writes nothing for no conditions", () => expect(writeConditions(readConditions(undefined))).toBeNull());

  it("keeps a flat map until it no longer says everything", () => {
    const flat = readConditions({ match: { severity: "high" } });
    expect(writeConditions(addPart(flat, [], { kind: "row", not: false, field: "tags", op: "in", value: ["ssh"] }))).toEqual({ match: { severity: "high", tags: "ssh" } });
    const same = addPart(flat, [], newRow());
    expect(writeConditions(same)).toEqual({ all: [{ field: "severity", op: "in", value: ["high"] }, { field: "severity", op: "in", value: ["high", "critical"] }] });
    expect(writeConditions(negatePart(flat, [0]))).toEqual({ all: [{ not: { field: "severity", op: "in", value: ["high"] } }] });
    expect(writeConditions({ ...flat, join: "any" })).toEqual({ any: [{ field: "severity", op: "in", value: ["high"] }] });
  });
});

describe("editing", () => {
  const root = readConditions({ all: [row("a", "exists"), { any: [row("b", "exists"), row("c", "exists")] }, row("d", "exists")] });
  const shape = (group: Group): unknown => group.parts.map((part) => (part.kind === "row" ? part.field : shape(part)));

  it("adds, removes, replaces and wraps at a path", () => {
    expect(shape(addPart(root, [1], { ...newRow(), field: "e" }))).toEqual(["a", ["b", "c", "e"], "d"]);
    expect(shape(removePart(root, [1, 0]))).toEqual(["a", ["c"], "d"]);
    expect(shape(removePart(root, []))).toEqual([]);
    expect(shape(replacePart(root, [0], newGroup("any")))).toEqual([["severity"], ["b", "c"], "d"]);
    expect(shape(wrapPart(root, [1, 1], "all"))).toEqual(["a", ["b", ["c"]], "d"]);
    expect(shape(removePart(root, [7]))).toEqual(shape(root));
    expect(negatePart(root, [1]).parts[1]).toMatchObject({ not: true });
  });

  it.each<[number[], -1 | 1, unknown, number[]]>([
    [[0], 1, [["a", "b", "c"], "d"], [0, 0]],
    [[2], -1, ["a", ["b", "c", "d"]], [1, 2]],
    [[1, 0], 1, ["a", ["c", "b"], "d"], [1, 1]],
    [[1, 1], 1, ["a", ["b"], "c", "d"], [2]],
    [[1, 0], -1, ["a", "b", ["c"], "d"], [1]],
    [[1], -1, [["b", "c"], "a", "d"], [0]],
    [[0], -1, ["a", ["b", "c"], "d"], [0]],
  ])("moves %j by %i", (path, by, expected, to) => {
    const moved = movePart(root, path, by);
    expect([shape(moved.root), moved.path]).toEqual([expected, to]);
    expect(partAt(moved.root, moved.path)).toEqual(partAt(root, path));
  });
});

it.each([
  ["severity", "in", "high", ["high"]], ["severity", "in", ["nonsense"], []], ["severity", "==", ["low", "high"], "low"], ["risk_score", ">=", "7", 7], ["risk_score", ">=", "x", 0], ["title", "contains", ["a"], "a"],
  ["title", "exists", "a", true], ["raw_data.level", "==", 5, 5], ["risk_score", "in", ["1", "x"], [1]],
] as const)("%s %s takes %j as %j", (name, op, value, expected) => expect(fitValue(fieldOf(name), op, value as never)).toEqual(expected));

it("another field brings an operator that fits it", () => {
  expect(changeRow(newRow() as never, { field: "risk_score" }, operatorsFor(fieldOf("risk_score")))).toMatchObject({ field: "risk_score", op: "in" });
  expect(changeRow({ ...newRow(), op: ">=", value: 3 } as never, { field: "title" }, operatorsFor(fieldOf("title")))).toMatchObject({ op: "==", value: "3" });
});

it.each([["severity", false], ["raw_data.rule.level", false], ["iocs.ips", false], ["raw_data", true], ["raw_data.", true], ["sevrity", true], ["constructor", true]])("%s is unknown: %s", (name, expected) => expect(unknownField(name) !== undefined).toBe(expected));
