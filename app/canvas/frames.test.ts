import { expect, it } from "vitest";
import { type PlaybookDocument, parseDocument } from "#format";
import { framesOf } from "./frames.ts";

const document: PlaybookDocument = parseDocument({
  format: 1, name: "Loops", trigger: { on: "manual" },
  nodes: [
    { id: "hosts", type: "core.each", input: {} }, { id: "ports", type: "core.each", in: "hosts", input: {} },
    { id: "probe", type: "core.set", in: "ports", input: {} }, { id: "empty", type: "core.each", input: {} },
  ],
  edges: [{ id: "e1", from: "trigger", to: "hosts" }, { id: "e2", from: "hosts", to: "empty" }],
});
const boxes = new Map([["hosts", { x: 0, y: 0, height: 80 }], ["ports", { x: 300, y: 0, height: 106 }], ["probe", { x: 600, y: 20, height: 80 }], ["empty", { x: 900, y: 0, height: 80 }]]);

it("a frame holds the body's cards and the frames in it, and an empty body has none", () => {
  const [outer, inner, ...others] = framesOf(document, boxes);
  expect(others).toEqual([]);
  expect(outer).toEqual({ container: "hosts", x: 252, y: -70, width: 604, height: 224 });
  expect(inner).toEqual({ container: "ports", x: 568, y: -34, width: 272, height: 166 });
});
