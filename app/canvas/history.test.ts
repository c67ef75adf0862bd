import { expect, test } from "vitest";
import type { Operation } from "#format";
import { EMPTY_HISTORY, remember, undone } from "./history.ts";

const rename = (name: string): Operation => ({ op: "set-details", changes: { name } });
const entry = (name: string, before: string, at: number, merge?: string) => ({ label: "Rename", operations: [rename(name)], inverse: [rename(before)], merge, at });

test("typing into one field is one entry; another field or a pause begins the next", () => {
  let history = remember(EMPTY_HISTORY, entry("P", "", 0, "name"));
  history = remember(history, entry("Pl", "P", 100, "name"));
  expect(history.undo).toMatchObject([{ operations: [rename("P"), rename("Pl")], inverse: [rename("P"), rename("")] }]);
  history = remember(history, entry("x", "Pl", 200, "other"));
  history = remember(history, entry("xy", "x", 5000, "other"));
  expect(history.undo).toHaveLength(3);
});

test("edits without a key are never joined, and a new edit forgets what was undone", () => {
  let history = remember(remember(EMPTY_HISTORY, entry("A", "", 0)), entry("B", "A", 1));
  expect(history.undo).toHaveLength(2);
  history = undone(history, [rename("B")]);
  expect(history).toMatchObject({ undo: [{ operations: [rename("A")] }], redo: [{ operations: [rename("B")] }] });
  expect(remember(history, entry("C", "A", 2)).redo).toEqual([]);
});

test("typing that goes on after an undo is not joined to what was undone", () => {
  const history = undone(remember(EMPTY_HISTORY, entry("P", "", 0, "name")), [rename("P")]);
  expect(remember(history, entry("Q", "", 10, "name")).undo).toMatchObject([{ inverse: [rename("")] }]);
});
