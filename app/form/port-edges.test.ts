import { expect, it } from "vitest";
import { applyOperations, parseDocument } from "#format";
import { followPorts, portNames } from "./port-edges.ts";

const cases = (...ports: string[]) => ports.map((port) => ({ port, when: { op: "==", value: port } }));
const document = parseDocument({
  format: 1, name: "P",
  nodes: [{ id: "by", type: "core.switch", config: { cases: cases("a", "b") } }, { id: "x", type: "core.set" }, { id: "y", type: "core.set" }],
  edges: [{ id: "e1", from: "by", port: "a", to: "x" }, { id: "e2", from: "by", port: "b", to: "y" }, { id: "e3", from: "x", port: "a", to: "y" }],
});

it.each([
  ["a rename", ["c", "b"], ["c", "b", "a"]], ["another order", ["b", "a"], ["a", "b", "a"]], ["a removal", ["b"], ["b", "a"]], ["an addition", ["a", "b", "c"], ["a", "b", "a"]], ["all gone", [], ["a"]],
])("%s: connections follow", (_, after, expected) => {
  const before = portNames(document.nodes[0]!.config["cases"], "port");
  const applied = applyOperations({ document, layout: { positions: {} }, files: {} }, followPorts(document.edges, "by", before, after));
  expect(applied.ok && applied.draft.document.edges.map(({ port }) => port)).toEqual(expected);
});

it("reads the names that are there", () => expect(portNames([{ port: "a" }, { port: 1 }, null, "b"], "port")).toEqual(["a"]));
