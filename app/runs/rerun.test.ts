import { expect, it } from "vitest";
import { brief, type ReceiptWire, rerunBody, rerunSentence, sourceOf } from "./rerun.ts";

const receipt = (step_id: string, choice: ReceiptWire["choice"]): ReceiptWire => ({ step_id, node_id: "n", item: "", effect: "write", choice });

it("says in one sentence what will happen", () => {
  expect(rerunSentence({ anew: ["a"], reused: [], receipts: [] })).toBe("1 step anew");
  expect(rerunSentence({ anew: ["a", "b", "c"], reused: ["d", "e"], receipts: [receipt("c", "repeat"), receipt("e", "reuse")] })).toBe("3 steps anew, 2 taken over, 1 call repeated");
  expect(rerunSentence({ anew: [], reused: [], receipts: [receipt("a", "skip"), receipt("b", "skip")] })).toBe("0 steps anew, 2 calls skipped");
});

it("asks the API for the whole run, what failed, or one step", () => {
  expect(rerunBody({ from: "start", version: "same", receipts: {} })).toEqual({ version: "same", receipts: {} });
  expect(rerunBody({ from: "failed", version: "published", receipts: { a: "skip" } })).toEqual({ from: "failed", version: "published", receipts: { a: "skip" } });
  expect(rerunBody({ from: "id", version: "same", receipts: {} })).toMatchObject({ from: ["id"] });
});

it("shows what a call sent on one line", () => {
  expect(brief({ text: "closed it", to: ["a", "b"] })).toBe('text: closed it, to: ["a","b"]');
  expect(brief({ text: "x".repeat(400) })).toHaveLength(160);
  expect(brief(null)).toBe("");
});

it("knows where reused steps come from, and that a test's pins come from nowhere", () => {
  const test = { only: null, upto: null, pins: [], is_pasted: false, by: "me" };
  expect(sourceOf({ origin: { kind: "rerun", by: "me", of: "r1" }, test: null })).toBe("r1");
  expect(sourceOf({ origin: { kind: "rerun", by: "me", of: "r1" }, test })).toBeNull();
  expect(sourceOf({ origin: { kind: "alert", by: null, of: null }, test: null })).toBeNull();
});
