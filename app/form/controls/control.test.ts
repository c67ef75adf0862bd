import { expect, it } from "vitest";
import type { Json } from "../bindings.ts";
import { printScalar, readScalar } from "./control.ts";

it.each<[Json, string]>([["a", "a"], ["5", '"5"'], [5, "5"], ["true", '"true"'], [true, "true"], [null, "null"], ["007", "007"], ['"a"', '"\\"a\\""']])("%j is written %s, and read back", (value, text) => {
  expect(printScalar(value, { kind: "any" })).toBe(text);
  expect(readScalar(text)).toBe(value);
});

it("a text that can be nothing else needs no quotes", () => expect(printScalar("404", { kind: "text", isLong: false, example: null })).toBe("404"));
