import { expect, test } from "vitest";
import { runNode } from "#sdk/testing.ts";
import { code } from "./code.ts";

test("what the file returned is the output", async () => {
  expect(await runNode(code, { input: { result: { score: 42 } } })).toMatchObject({ port: "out", data: { score: 42 } });
});

test("the effect is what the author declared", () => {
  const effect = code.effect as (config: { effect: "none" | "read" | "write" }) => string;
  expect(code.config.parse({})).toEqual({ effect: "none", profile: "isolate" });
  expect(effect({ effect: "write" })).toBe("write");
});
