import { expect, test } from "vitest";
import { parseDocument } from "#format";
import { viewUpstream } from "./upstream.ts";

/** "a.true -> b" per edge; ports of `if…` nodes are true and false, of others out. */
function views(edges: string[], joins: Record<string, unknown> = {}) {
  const parsed = edges.map((text, index) => {
    const [from, to] = text.split(" -> ") as [string, string];
    const [id, port = "out"] = from.split(".");
    return { id: `e${index}`, from: id!, port, to };
  });
  const ids = [...new Set(parsed.flatMap(({ from, to }) => [from, to]))].filter((id) => id !== "trigger");
  const document = parseDocument({ format: 1, name: "x", nodes: ids.map((id) => ({ id, type: "t.t", ...(id in joins ? { join: joins[id] } : {}) })), edges: parsed });
  const found = viewUpstream(document, ({ id }) => (id.startsWith("if") ? ["true", "false"] : ["out"]));
  return (node: string) => Object.fromEntries([...found.get(node)!].map(([id, { ports, maybeMissing }]) => [id, [...ports].sort().join("|") + (maybeMissing ? "?" : "")]));
}

test("a chain has certainly run, by the ports that lead on", () => {
  const of = views(["trigger -> a", "a -> if1", "if1.true -> b", "b -> c"]);
  expect(of("c")).toEqual({ a: "out", if1: "true", b: "out" });
  expect(of("a")).toEqual({});
});

test("a step on one of two branches may not have run", () => {
  const of = views(["trigger -> if1", "if1.true -> a", "a -> b", "if1.false -> b"]);
  expect(of("b")).toEqual({ if1: "false|true", a: "out?" });
});

test("a step is not visible beside its branch", () => {
  const of = views(["trigger -> if1", "if1.true -> a", "if1.false -> b"]);
  expect(of("b")).toEqual({ if1: "false" });
});

test("parallel branches have both run where they meet", () => {
  const of = views(["trigger -> a", "a -> b", "a -> c", "b -> d", "c -> d"]);
  expect(of("d")).toEqual({ a: "out", b: "out", c: "out" });
});

test("a join that does not wait cannot rely on the other branch, nor can what follows it", () => {
  const edges = ["trigger -> a", "a -> b", "a -> c", "b -> d", "c -> d", "d -> e"];
  expect(views(edges, { d: "any" })("d")).toEqual({ a: "out", b: "out?", c: "out?" });
  expect(views(edges, { d: { first: 1 } })("e")).toMatchObject({ b: "out?", d: "out" });
});

test("what an early join left running is open for everything after it", () => {
  const of = views(["trigger -> a", "a -> b", "a -> c", "b -> x", "c -> x", "a -> y", "x -> n", "y -> n"], { x: "any" });
  expect(of("n")).toMatchObject({ x: "out", y: "out", b: "out?" });
});

test("a join of all has every branch, whatever condition led there", () => {
  const of = views(["trigger -> if1", "trigger -> if2", "if1.true -> a", "if2.true -> b", "a -> c", "b -> c"], { c: "all" });
  expect(of("c")).toEqual({ if1: "true", if2: "true", a: "out", b: "out" });
});

test("two branches of one condition cannot both be taken", () => {
  const of = views(["trigger -> if1", "if1.true -> a", "if1.false -> b", "a -> c", "b -> c", "c -> d"]);
  expect(of("d")).toEqual({ if1: "false|true", a: "out?", b: "out?", c: "out" });
});

test("a circle is seen without what closes it, and hides nothing of the nodes around it", () => {
  const of = views(["trigger -> a", "a -> b", "b -> c", "c -> b", "c -> d"]);
  expect(of("d")).toEqual({ a: "out", b: "out", c: "out" });
  expect(of("b")).toEqual({ a: "out" });
  expect(views(["a -> a", "a -> b"])("b")).toEqual({ a: "out" });
});

test("the body of a container sees what its container does", () => {
  const document = parseDocument({
    format: 1, name: "x",
    nodes: [{ id: "a", type: "t.t" }, { id: "loop", type: "t.t" }, { id: "inner", type: "t.t", in: "loop" }, { id: "second", type: "t.t", in: "loop" }, { id: "after", type: "t.t" }],
    edges: [{ id: "1", from: "trigger", to: "a" }, { id: "2", from: "a", to: "loop" }, { id: "3", from: "inner", to: "second" }, { id: "4", from: "loop", to: "after" }],
  });
  const found = viewUpstream(document, () => ["out"]);
  expect([...found.get("second")!.keys()]).toEqual(["a", "inner"]);
  expect([...found.get("after")!.keys()]).toEqual(["a", "loop"]);
});
