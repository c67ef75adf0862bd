import { expect, it } from "vitest";
import { tokens } from "./code-tokens.ts";

const back = (source: string) => tokens(source).map((line) => line.map(({ text }) => text).join("")).join("\n");

it("gives every character back", () => {
  const source = 'const a = "x\\"y"; // note\n/* two\nlines */ `t ${a} / 2` + 1.5e3 / b /* open';
  expect(back(source)).toBe(source);
});

it("knows keywords, strings, numbers and comments", () => {
  const kinds = tokens('export const score = 4; // "not a string"')[0]!.filter(({ text }) => text.trim() !== "").map(({ kind }) => kind);
  expect(kinds).toEqual(["keyword", "keyword", "plain", "plain", "number", "plain", "comment"]);
});
