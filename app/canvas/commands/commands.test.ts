/** What commands change, as pure functions over a draft: each result is applied by the format's own operations. */
import { expect, test } from "vitest";
import { applyOperations, type Draft, type Operation, parseDocument } from "#format";
import { catalog } from "#nodes/catalog.ts";
import { CARD } from "../arrange.ts";
import { cutOut, putIn, readFragment } from "../fragment.ts";
import { heightsOf, placesOf } from "../placing.ts";
import { indexTypes } from "../shapes.ts";
import { addNode, openPort } from "./add-node.ts";
import { connect, reconnect, refusal, ways } from "./connect.ts";
import { deleteSelection } from "./delete-selection.ts";
import { COMMANDS } from "./index.ts";
import { caps, matches } from "./keys.ts";
import { moveBy } from "./move-cards.ts";
import { refuseId, renameNode } from "./rename-node.ts";
import { neighbour } from "./step-through.ts";
import { tidy } from "./tidy.ts";

const nodes = catalog().nodes;
const types = indexTypes(nodes);
const typed = (type: string) => nodes.find((node) => node.type === type)!;

const draft: Draft = {
  document: parseDocument({
    format: 1,
    name: "Triage",
    nodes: [
      { id: "score", type: "core.code", title: "Score", input: { result: { file: "code/score.ts" } } },
      { id: "urgent", type: "core.condition", input: { test: { expr: "steps.score.risk > 70" } } },
      { id: "flag", type: "alert.update", input: { add_tags: { value: ["hot"] } } },
      { id: "say", type: "alert.comment", input: { text: { expr: "`risk ${steps.score.risk}`" } } },
    ],
    edges: [
      { id: "e1", from: "trigger", to: "score" },
      { id: "e2", from: "score", to: "urgent" },
      { id: "e3", from: "urgent", port: "true", to: "flag" },
      { id: "e4", from: "urgent", port: "false", to: "say" },
    ],
  }),
  layout: { positions: {} },
  files: { "code/score.ts": 'import { base } from "./base.ts";\nexport default ({ alert }) => ({ risk: base[alert.severity] });\n', "code/base.ts": "export const base = { high: 80 };\n" },
};

function applied(to: Draft, operations: readonly Operation[]): Draft {
  const result = applyOperations(to, operations);
  if (!result.ok) throw new Error(result.message);
  return result.draft;
}

const lines = ({ document }: Draft): string[] => document.edges.map(({ from, port, to }) => `${from}.${port} > ${to}`).sort();
const add = (to: Draft, type: string, request = {}) => addNode(to, types, { type: typed(type), request, otherwise: { x: 0, y: 0 } });

function expectApart(of: Draft): void {
  const heights = heightsOf(of, types);
  const cards = [...placesOf(of, types)];
  for (const [id, a] of cards) for (const [other, b] of cards) {
    if (id === other) continue;
    const overlaps = Math.abs(a.x - b.x) < CARD.width && a.y < b.y + heights(other) && b.y < a.y + heights(id);
    expect(overlaps, `${id} lies on ${other}`).toBe(false);
  }
}

test("a node is added after a port, beside it, and no card moves though nobody had placed them", () => {
  const { id, operations } = add(draft, "virustotal.lookup-ip", { from: { node: "score", port: "out" } });
  const after = applied(draft, operations);
  expect(id).toBe("lookup_ip");
  expect(lines(after)).toContain("score.out > lookup_ip");
  for (const [card, place] of placesOf(draft, types)) expect(placesOf(after, types).get(card)).toEqual(place);
  expectApart(after);
});

test("ids are readable, and numbered where they are taken", () => {
  const once = applied(draft, add(draft, "slack.post-message").operations);
  const twice = applied(once, add(once, "slack.post-message").operations);
  expect(twice.document.nodes.map(({ id }) => id).slice(-2)).toEqual(["post_message", "post_message_2"]);
  expectApart(twice);
});

test("the first node of an empty playbook follows the trigger", () => {
  const empty: Draft = { document: parseDocument({ format: 1, name: "New", nodes: [], edges: [] }), layout: { positions: {} }, files: {} };
  expect(lines(applied(empty, add(empty, "core.condition").operations))).toEqual(["trigger.out > condition"]);
});

test("a code node comes with a file of its own", () => {
  const once = applied(draft, add(draft, "core.code").operations);
  const twice = applied(once, add(once, "core.code").operations);
  expect(twice.document.nodes.at(-1)!.input).toEqual({ result: { file: "code/code-2.ts" } });
  expect(twice.files["code/code-2.ts"]).toContain("export default function code2(");
});

test("inserting leads the connection through the new node and makes room behind it", () => {
  const { id, operations } = add(draft, "core.delay", { edge: "e2" });
  const after = applied(draft, operations);
  expect(lines(after)).toEqual(expect.arrayContaining([`score.out > ${id}`, `${id}.out > urgent`]));
  expect(lines(after)).not.toContain("score.out > urgent");
  expect(placesOf(after, types).get("urgent")!.x).toBeGreaterThan(placesOf(after, types).get(id)!.x + CARD.width);
  expectApart(after);
});

test("what ends the run cannot be led through: it follows the first of the two", () => {
  const after = applied(draft, add(draft, "core.stop", { edge: "e2" }).operations);
  expect(lines(after)).toEqual(expect.arrayContaining(["score.out > urgent", "score.out > stop"]));
});

test("the open port is the first that leads nowhere", () => {
  expect(openPort(draft, types, "urgent")).toEqual({ node: "urgent", port: "true" });
  const cut = applied(draft, [{ op: "remove-edge", id: "e4" }]);
  expect(openPort(cut, types, "urgent")).toEqual({ node: "urgent", port: "false" });
});

test("a node goes into a container's body, what follows it stays there, and the container is copied and deleted with all of it", () => {
  const looped = applied(draft, add(draft, "core.each", { from: { node: "score", port: "out" } }).operations);
  const first = applied(looped, add(looped, "alert.comment", { into: "each" }).operations);
  const second = applied(first, add(first, "core.delay", { from: { node: "comment", port: "out" } }).operations);
  expect(second.document.nodes.slice(-2).map(({ id, in: container }) => [id, container])).toEqual([["comment", "each"], ["delay", "each"]]);
  expect(refusal(second, types, { from: "score", port: "out", to: "comment" })).toContain("wall");
  expectApart(second);
  const { operations, ids } = putIn(second, types, cutOut(second, types, ["each"])!);
  const copied = applied(second, operations);
  expect(ids).toEqual(["each_2", "comment_2", "delay_2"]);
  expect(copied.document.nodes.at(-1)!.in).toBe("each_2");
  expect(applied(second, deleteSelection(second, { nodes: ["each"], edges: [] })).document.nodes).toHaveLength(4);
});

test("a connection is refused by the rules of the edit itself, in words", () => {
  expect(refusal(draft, types, { from: "flag", port: "out", to: "say" })).toBeUndefined();
  expect(refusal(draft, types, { from: "say", port: "out", to: "score" })).toContain("circle");
  expect(refusal(draft, types, { from: "score", port: "out", to: "urgent" })).toContain("connected already");
  expect(refusal(draft, types, { from: "score", port: "out", to: "trigger" })).toContain("begins the run");
  expect(refusal(draft, types, { from: "score", port: "gone", to: "flag" })).toContain("no port");
  expect(ways(draft, types, "flag").filter((way) => way.refusal === undefined)).toEqual([{ port: "out", to: "say", refusal: undefined }]);
  expect(lines(applied(draft, connect(draft, { from: "flag", port: "out", to: "say" })))).toContain("flag.out > say");
});

test("a reconnected end may go where the old connection alone was in the way", () => {
  const ends = { from: "urgent", port: "true", to: "say" };
  expect(refusal(draft, types, ends, "e3")).toBeUndefined();
  expect(lines(applied(draft, reconnect(draft, "e3", ends)))).toContain("urgent.true > say");
  expect(reconnect(draft, "e3", { from: "urgent", port: "true", to: "flag" })).toEqual([]);
});

test("deleting one in the middle heals the way, and takes the file that only it used, not the one others import", () => {
  const after = applied(draft, deleteSelection(draft, { nodes: ["score"], edges: [] }));
  expect(lines(after)).toContain("trigger.out > urgent");
  expect(Object.keys(after.files)).toEqual(["code/base.ts"]);
  expect(lines(applied(draft, deleteSelection(draft, { nodes: ["urgent"], edges: [] })))).toEqual(["trigger.out > score"]);
});

test("a chain that is deleted together is healed once", () => {
  const cut = applied(draft, [{ op: "remove-edge", id: "e4" }]);
  expect(lines(applied(cut, deleteSelection(cut, { nodes: ["score", "urgent"], edges: [] })))).toEqual(["trigger.out > flag"]);
});

test("what is pasted has ids of its own, keeps its inner connections, and its expressions follow", () => {
  const fragment = readFragment(JSON.stringify(cutOut(draft, types, ["score", "urgent"])))!;
  expect(Object.keys(fragment.files).sort()).toEqual(["code/base.ts", "code/score.ts"]);
  const { operations, ids } = putIn(draft, types, fragment);
  const after = applied(draft, operations);
  expect(ids).toEqual(["score_2", "urgent_2"]);
  expect(lines(after)).toContain("score_2.out > urgent_2");
  expect(after.document.nodes.at(-1)!.input).toEqual({ test: { expr: "steps.score_2.risk > 70" } });
  expect(Object.keys(after.files)).toHaveLength(2);
  expectApart(after);
});

test("pasted into another playbook, a file that differs there comes under another name, imports and all", () => {
  const fragment = cutOut(draft, types, ["score"])!;
  const other: Draft = { document: parseDocument({ format: 1, name: "Other", nodes: [], edges: [] }), layout: { positions: {} }, files: { "code/base.ts": "export const base = {};\n" } };
  const after = applied(other, putIn(other, types, fragment).operations);
  expect(after.files["code/base.ts"]).toBe("export const base = {};\n");
  expect(after.files["code/base-2.ts"]).toContain("80");
  expect(after.files["code/score.ts"]).toContain('"./base-2.ts"');
});

test.each(["", "hello", "{}", '{"playgraph_fragment":2}', '{"playgraph_fragment":1,"nodes":[]}'])("%j on the clipboard is no piece of a playbook", (text) => {
  expect(readFragment(text)).toBeUndefined();
});

test("tidying is one move, changes nothing else, and then there is nothing to tidy", () => {
  const moved = applied(draft, moveBy(draft, types, ["say"], { x: 5, y: -400 }));
  const operations = tidy(moved, types);
  expect(operations.map(({ op }) => op)).toEqual(["move"]);
  const after = applied(moved, operations);
  expect(after.document).toBe(moved.document);
  expectApart(after);
  expect(tidy(after, types)).toEqual([]);
});

test("a new id is followed by expressions and by code in every way it can be written", () => {
  const code = "export default ({ steps: { score, urgent: u } }: { steps: { score: { risk: number }; urgent?: unknown } }) => score.risk;\nconst { score } = steps;\nsteps.score; steps?.score; steps['score']; steps.scored;\n";
  const before: Draft = { ...draft, files: { ...draft.files, "code/more.ts": code } };
  const after = applied(before, renameNode(before, "score", "risk"));
  expect(after.document.nodes.map(({ id }) => id)).toEqual(["risk", "urgent", "flag", "say"]);
  expect(after.document.nodes[1]!.input["test"]).toEqual({ expr: "steps.risk.risk > 70" });
  expect(after.files["code/more.ts"]).toBe("export default ({ steps: { risk: score, urgent: u } }: { steps: { risk: { risk: number }; urgent?: unknown } }) => score.risk;\nconst { risk: score } = steps;\nsteps.risk; steps?.risk; steps['risk']; steps.scored;\n");
  expect(refuseId(before, "score", "urgent")).toContain("already");
  expect(refuseId(before, "score", "Not ok")).toContain("lower-case");
  expect(refuseId(before, "score", "score")).toBeUndefined();
});

test("arrow keys follow connections sideways and go to what lies nearest otherwise", () => {
  const places = placesOf(draft, types);
  expect(neighbour(draft, places, "trigger", "right")).toBe("score");
  expect(neighbour(draft, places, "score", "left")).toBe("trigger");
  expect([neighbour(draft, places, "flag", "down"), neighbour(draft, places, "flag", "up")]).toContain("say");
  expect(neighbour(draft, places, "trigger", "left")).toBeUndefined();
});

test("no two commands answer to the same keys", () => {
  const keys = COMMANDS.flatMap((command) => command.keys ?? []);
  expect(new Set(keys).size).toBe(keys.length);
  expect(new Set(COMMANDS.map(({ id }) => id)).size).toBe(COMMANDS.length);
});

const pressed = (key: string, over = {}) => ({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...over });

test("keys are read as they are written", () => {
  expect(matches(pressed("z", { ctrlKey: true }), "Mod+Z")).toBe(true);
  expect(matches(pressed("Z", { ctrlKey: true, shiftKey: true }), "Mod+Z")).toBe(false);
  expect(matches(pressed("Z", { metaKey: true, shiftKey: true }), "Mod+Shift+Z")).toBe(true);
  expect(matches(pressed("?", { shiftKey: true }), "?")).toBe(true);
  expect(matches(pressed("+", { shiftKey: true }), "+")).toBe(true);
  expect(matches(pressed("a", { altKey: true }), "A")).toBe(false);
  expect(caps("Mod+Shift+Z", true)).toEqual(["⌘", "Shift", "Z"]);
  expect(caps("+", false)).toEqual(["+"]);
});
