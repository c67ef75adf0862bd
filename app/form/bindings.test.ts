import { describe, expect, it } from "vitest";
import { convert, insertAt, insertIntoText, type Json, modeOf, printLiteral, readLiteral } from "./bindings.ts";

it.each<[Json]>([["a"], ['with "quotes" and \\'], [7], [true], [null], [[1, "b"]], [{ a: { b: ["x".repeat(80)] } }], [""]])("%j stays itself as an expression and back", (value) => {
  expect(readLiteral(printLiteral(value))).toEqual({ value });
  expect(convert(convert({ value }, "expr").binding, "value")).toEqual({ binding: { value }, lost: null });
});

it.each<[string, unknown]>([
  ["'it''s'", undefined], ["'a'", "a"], ["`a`", "a"], ["`a ${b}`", undefined], ["'a\\'b'", "a'b"], ["'a\\nb'", "a\nb"], ["'a' + 'b'", undefined], ["'\\u0041'", undefined], ["'", undefined],
  ["alert.title", undefined], [" 3 ", 3], ["1 + 1", undefined], ["undefined", undefined],
])("%s reads as %j", (expression, expected) => expect(readLiteral(expression)).toEqual(expected === undefined ? undefined : { value: expected }));

it("says what a change of mode costs", () => {
  expect(convert({ expr: "alert.title" }, "value")).toEqual({ binding: undefined, lost: "alert.title" });
  expect(convert({ file: "code/a.ts" }, "expr")).toEqual({ binding: undefined, lost: "code/a.ts" });
  expect(convert(undefined, "expr")).toEqual({ binding: undefined, lost: null });
  expect([undefined, { value: null }, { expr: "1" }, { file: "code/a.ts" }].map((binding) => modeOf(binding as never))).toEqual(["value", "value", "expr", "file"]);
});

describe("inserting a field", () => {
  it.each([
    ["", 0, 0, "alert.id", 8], ["a === ", 6, 6, "a === alert.id", 14], ["a === b", 6, 7, "a === alert.id", 14], ["a", 1, 1, "a alert.id", 10], ["(b", 1, 1, "(alert.id b", 9],
  ] as const)("into %j at %i–%i", (text, from, to, expected, caret) => expect(insertAt(text, "alert.id", from, to)).toEqual({ text: expected, caret }));

  it("makes a template of a text", () => {
    expect(insertIntoText("", "alert.id", 0).text).toBe("alert.id");
    expect(insertIntoText("On  at `x` ${y}", "alert.hostname", 3)).toEqual({ text: "`On ${alert.hostname} at \\`x\\` \\${y}`", caret: 21 });
  });
});
