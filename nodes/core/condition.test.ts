import { expect, test } from "vitest";
import { runNode } from "#sdk/testing.ts";
import { condition } from "./condition.ts";

test("true and false leave by their own ports", async () => {
  expect(await runNode(condition, { input: { test: true } })).toMatchObject({ port: "true", data: { result: true } });
  expect(await runNode(condition, { input: { test: false } })).toMatchObject({ port: "false", data: { result: false } });
});

test.each([undefined, null, 1, "true", {}])("%j is no answer to a yes-or-no question", async (value) => {
  await expect(runNode(condition, { input: { test: value as never } })).rejects.toMatchObject({ kind: "invalid-input" });
});
