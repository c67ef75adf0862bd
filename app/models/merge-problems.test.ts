import { expect, test } from "vitest";
import type { Problem } from "#format";
import { mergeProblems } from "./merge-problems.ts";

const problem = (code: string, at: Partial<Problem>): Problem => ({ severity: "error", code, message: code, ...at });
const inFile = { node: "a", field: "result", file: "code/a.ts", line: 1 };
const codes = (problems: Problem[]) => problems.map(({ code }) => code);

test("what only one check sees is kept", () => {
  const structure = [problem("missing-input", { node: "b", field: "text" })];
  const compile = [problem("bundle-too-large", {})];
  const types = [problem("type", { node: "c", field: "x", line: 1 })];
  expect(codes(mergeProblems(structure, compile, types))).toEqual(["missing-input", "bundle-too-large", "type"]);
});

test.each([
  ["a package that is not there", [], [problem("missing-package", inFile)], [problem("unresolved-import", inFile)], ["missing-package"]],
  ["an import only TypeScript cannot resolve", [], [], [problem("unresolved-import", inFile)], ["unresolved-import"]],
  ["an expression that does not parse", [], [problem("expression-syntax", { node: "a", field: "x", line: 1 })], [problem("expression-syntax", { node: "a", field: "x", line: 1, column: 3 })], ["expression-syntax"]],
  ["a file that does not parse", [], [problem("code-syntax", inFile)], [problem("type", { ...inFile, column: 2 })], ["type"]],
  ["a file that is not there", [problem("missing-file", { node: "a", field: "result" })], [problem("missing-file", inFile)], [problem("type", { node: "a", field: "result", file: "code/a.ts" })], ["missing-file"]],
  ["a file without a function", [], [problem("no-default-export", { node: "a", field: "result", file: "code/a.ts" })], [problem("type", { node: "a", field: "result", file: "code/a.ts" })], ["no-default-export"]],
])("%s is told once", (_, structure, compile, types, expected) => {
  expect(codes(mergeProblems(structure, compile, types))).toEqual(expected);
});
