import { expect, test } from "vitest";
import { applyOperation, applyOperations, type Draft, type Operation, operationSchema, parseDocument } from "./index.ts";

const draft: Draft = {
  document: parseDocument({
    format: 1, name: "Example",
    nodes: [{ id: "a", type: "core.set" }, { id: "b", type: "core.set", title: "B" }, { id: "loop", type: "core.each" }, { id: "inner", type: "core.set", in: "loop" }],
    edges: [{ id: "e1", from: "trigger", to: "a" }, { id: "e2", from: "a", to: "b" }],
  }),
  layout: { positions: { a: { x: 1, y: 2 }, trigger: { x: 0, y: 0 } } },
  files: { "code/score.ts": "export default () => 1;" },
};

const node = (id: string) => ({ ...draft.document.nodes[0]!, id });

test.each<[Operation, string]>([
  [{ op: "add-node", node: node("a") }, 'the name "a" is taken'],
  [{ op: "add-node", node: node("trigger") }, 'the name "trigger" is taken'],
  [{ op: "add-node", node: { ...node("c"), in: "nowhere" } }, 'there is no node "nowhere" (any more)'],
  [{ op: "remove-node", id: "a" }, '"a" is still connected'],
  [{ op: "remove-node", id: "loop" }, '"loop" still has nodes in it'],
  [{ op: "remove-node", id: "constructor" }, 'there is no node "constructor" (any more)'],
  [{ op: "rename-node", id: "a", to: "b" }, 'the name "b" is taken'],
  [{ op: "set-node", id: "a", changes: { in: "loop" } }, "\"a\" is still connected: a connection never crosses a container's wall"],
  [{ op: "set-node", id: "loop", changes: { in: "loop" } }, "a container cannot be inside itself"],
  [{ op: "add-edge", edge: { id: "e1", from: "b", port: "out", to: "loop" } }, 'there is a connection "e1" already'],
  [{ op: "add-edge", edge: { id: "e3", from: "a", port: "out", to: "b" } }, "these two are connected already"],
  [{ op: "add-edge", edge: { id: "e3", from: "b", port: "out", to: "a" } }, "this would make a circle: to loop, use a repeat container"],
  [{ op: "add-edge", edge: { id: "e3", from: "b", port: "out", to: "b" } }, "this would make a circle: to loop, use a repeat container"],
  [{ op: "add-edge", edge: { id: "e3", from: "b", port: "out", to: "inner" } }, "a connection never crosses a container's wall"],
  [{ op: "remove-edge", id: "e9" }, 'there is no connection "e9"'],
  [{ op: "move", positions: { gone: { x: 0, y: 0 } } }, 'there is no node "gone" (any more)'],
])("%o is refused", (operation, message) => {
  expect(applyOperation(draft, operation)).toEqual({ ok: false, message });
});

test("a list is applied as a whole or not at all", () => {
  const result = applyOperations(draft, [{ op: "set-details", changes: { name: "Other" } }, { op: "remove-node", id: "a" }]);
  expect(result).toEqual({ ok: false, index: 1, message: '"a" is still connected' });
  expect(draft.document.name).toBe("Example");
});

test("a removed node comes back to its place in the document, with its card", () => {
  const result = applyOperations(draft, [{ op: "remove-edge", id: "e1" }, { op: "remove-edge", id: "e2" }, { op: "remove-node", id: "a" }]);
  if (!result.ok) throw new Error(result.message);
  expect(result.draft.document.nodes.map(({ id }) => id)).toEqual(["b", "loop", "inner"]);
  expect(result.draft.layout.positions).toEqual({ trigger: { x: 0, y: 0 } });
  const undone = applyOperations(result.draft, result.inverse);
  expect(undone).toMatchObject({ ok: true, draft });
});

test("renaming takes edges, bodies and the card's place along", () => {
  const result = applyOperations(draft, [{ op: "rename-node", id: "a", to: "first" }, { op: "rename-node", id: "loop", to: "each1" }]);
  if (!result.ok) throw new Error(result.message);
  expect(result.draft.document.edges).toMatchObject([{ from: "trigger", to: "first" }, { from: "first", to: "b" }]);
  expect(result.draft.document.nodes.at(-1)).toMatchObject({ id: "inner", in: "each1" });
  expect(result.draft.layout.positions).toEqual({ first: { x: 1, y: 2 }, trigger: { x: 0, y: 0 } });
});

test("null leaves a setting out, and its inverse brings it back", () => {
  const applied = applyOperation(draft, { op: "set-node", id: "b", changes: { title: null, timeout: 5 } });
  if (!applied.ok) throw new Error(applied.message);
  const changed = applied.draft.document.nodes[1]!;
  expect(changed).toMatchObject({ id: "b", timeout: 5 });
  expect("title" in changed).toBe(false);
  expect(applied.inverse).toEqual({ op: "set-node", id: "b", changes: { title: "B", timeout: null } });
});

test("an operation from outside is validated: unknown ones and wrong values never reach a draft", () => {
  expect(operationSchema.safeParse({ op: "set-node", id: "a", changes: { type: "core.stop" } }).success).toBe(false);
  expect(operationSchema.safeParse({ op: "write-file", path: "../evil.ts", text: "" }).success).toBe(false);
  expect(operationSchema.safeParse({ op: "move", positions: { a: { x: Number.NaN, y: 0 } } }).success).toBe(false);
  expect(operationSchema.parse({ op: "add-edge", edge: { id: "e", from: "a", to: "b" } })).toMatchObject({ edge: { port: "out" } });
});
