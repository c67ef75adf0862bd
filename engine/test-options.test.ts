import { describe, expect, it } from "vitest";
import { parseDocument } from "#format";
import { testedPart, upstream } from "./test-options.ts";

const document = parseDocument({
  format: 1, name: "P",
  nodes: ["a", "b", "c", "d", "e"].map((id) => ({ id, type: "core.set", ...(id === "d" ? { join: { first: 2 } } : {}) })),
  edges: [["trigger", "a"], ["a", "b"], ["a", "c"], ["b", "d"], ["c", "d"], ["d", "e"]].map(([from, to], at) => ({ id: `e${at}`, from, to })),
});
const pin = { port: "out", data: 1 };
const shape = ({ nodes, edges }: typeof document) => ({ nodes: nodes.map(({ id }) => id), edges: edges.map(({ from, port, to }) => `${from}:${port} ${to}`) });

describe("the part of a playbook that a test executes", () => {
  it("is all of it, unless it says otherwise", () => {
    expect(testedPart(document, { pins: { a: pin } })).toBe(document);
  });

  it("ends at the node that it goes up to", () => {
    expect(shape(testedPart(document, { upto: "d", pins: {} }))).toEqual({ nodes: ["a", "b", "c", "d"], edges: ["trigger:out a", "a:out b", "a:out c", "b:out d", "c:out d"] });
    expect(shape(testedPart(document, { upto: "a", pins: {} }))).toEqual({ nodes: ["a"], edges: ["trigger:out a"] });
  });

  it("is one node after its pinned steps, whatever it joins", () => {
    const part = testedPart(document, { only: "d", pins: { b: { port: "failed", data: null }, e: pin } });
    expect(shape(part)).toEqual({ nodes: ["b", "d"], edges: ["trigger:out b", "trigger:out d", "b:failed d"] });
    expect(part.nodes[1]).not.toHaveProperty("join");
    expect(shape(testedPart(document, { only: "d", pins: {} }))).toEqual({ nodes: ["d"], edges: ["trigger:out d"] });
  });

  it("is found in a circle too", () => {
    const circle = { ...document, edges: [...document.edges, { id: "back", from: "d", port: "out", to: "b" }] };
    expect([...upstream(circle, "d")].sort()).toEqual(["a", "b", "c"]);
    expect(shape(testedPart(circle, { only: "e", pins: { d: pin } })).nodes).toEqual(["d", "e"]);
  });
});
