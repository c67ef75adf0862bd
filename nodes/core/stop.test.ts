import { expect, test } from "vitest";
import { shapeOf } from "#nodes/catalog.ts";
import { runNode } from "#sdk/testing.ts";
import { stop } from "./stop.ts";

test("its data is the run's result", async () => {
  const outcome = await runNode(stop, { config: { outcome: "failed" }, input: { message: "no verdict", result: { score: 1 } } });
  expect(outcome).toMatchObject({ port: "stop", data: { message: "no verdict", result: { score: 1 } } });
});

test("it ends the run as the config says, and no edge leaves it", () => {
  expect(stop.ends!({ outcome: "failed" })).toBe("failed");
  expect(shapeOf("core.stop", 1)?.ports({})).toEqual([]);
});
