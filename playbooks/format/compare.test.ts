import { expect, test } from "vitest";
import { applyOperations, compareDrafts, describeChanges, type Draft, type Operation, parseDocument } from "./index.ts";

const start: Draft = {
  document: parseDocument({
    format: 1, name: "Look up",
    nodes: [{ id: "a", type: "core.set", title: "First", input: { x: { value: { p: 1, q: 2 } } } }, { id: "b", type: "core.set" }],
    edges: [{ id: "e1", from: "trigger", to: "a" }, { id: "e2", from: "a", to: "b" }],
  }),
  layout: { positions: { a: { x: 0, y: 0 }, b: { x: 0, y: 100 } } },
  files: { "code/x.ts": "1", "code/y.ts": "2" },
};

function after(...operations: Operation[]): Draft {
  const applied = applyOperations(start, operations);
  if (!applied.ok) throw new Error(applied.message);
  return applied.draft;
}
const changes = (...operations: Operation[]) => describeChanges(start, after(...operations));
const node = (id: string, title?: string) => ({ op: "add-node", node: parseDocument({ format: 1, name: "x", nodes: [{ id, type: "core.set", title }], edges: [] }).nodes[0]! }) as const;

test("the same is nothing, in whatever order its keys are and whatever its connections are called", () => {
  expect(describeChanges(start, start)).toEqual([]);
  const other = structuredClone(start);
  other.document.nodes[0]!.input = { x: { value: { q: 2, p: 1 } } };
  other.document.edges[1]!.id = "e9";
  expect(describeChanges(start, other)).toEqual([]);
});

test("nodes that came, went and changed are named by their titles", () => {
  expect(changes({ op: "remove-edge", id: "e2" }, { op: "remove-node", id: "b" }, node("c", "Tell them"))).toEqual(["added Tell them", "removed b", "removed 1 connection"]);
  expect(changes({ op: "set-input", id: "a", field: "x", binding: { value: 2 } }, { op: "set-config", id: "a", field: "mode", value: 1 }, { op: "set-node", id: "a", changes: { onFailure: "port", timeout: 5 } })).toEqual(["changed First (mode, x, what a failure does, timeout)"]);
  expect(changes(...["c", "d", "e", "f", "g"].map((id) => node(id)))).toEqual(["added c, d, e and 2 more"]);
});

test("trigger, files, variables, details and places each have a phrase", () => {
  expect(changes({ op: "set-trigger", changes: { order: 5, conditions: { match: { severity: "high" } }, on: "manual" } })).toEqual(["changed the trigger (what starts it, order, conditions)"]);
  expect(changes({ op: "write-file", path: "code/x.ts", text: "3" }, { op: "write-file", path: "code/y.ts" }, { op: "write-file", path: "code/z.ts", text: "" })).toEqual(["added code/z.ts", "removed code/y.ts", "changed code/x.ts"]);
  expect(changes({ op: "set-var", name: "limit", value: 3 }, { op: "set-details", changes: { name: "Find", description: "…" } }, { op: "move", positions: { a: { x: 9, y: 9 }, trigger: { x: 0, y: 0 } } })).toEqual(["changed the variable limit", "renamed to Find", "changed the description", "moved 1 card"]);
});

test("as data it names every field, for the picture", () => {
  expect(compareDrafts(start, after({ op: "set-input", id: "a", field: "constructor", binding: { value: 1 } }, { op: "add-edge", edge: { id: "e3", from: "a", port: "failed", to: "b" } }))).toEqual({
    nodes: { added: [], removed: [], changed: [{ id: "a", what: ["input.constructor"] }] },
    edges: { added: [{ id: "e3", from: "a", port: "failed", to: "b" }], removed: [] },
    trigger: [], details: [], vars: [], files: { added: [], removed: [], changed: [] }, moved: [],
  });
});
