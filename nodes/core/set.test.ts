import { expect, test } from "vitest";
import { runNode } from "#sdk/testing.ts";
import { set } from "./set.ts";

test("every input field is an output field", async () => {
  const input = { score: 7, who: null, list: [1, { a: true }] };
  expect((await runNode(set, { input })).data).toEqual(input);
});
