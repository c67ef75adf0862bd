import { expect, test } from "vitest";
import { parseDocument, type Problem } from "#format";
import { shapeOf } from "#nodes/catalog.ts";
import { checkTypes, describeScope } from "./index.ts";

const document = (nodes: object[], edges: [string, string, string?][]) =>
  parseDocument({ format: 1, name: "loops", nodes, edges: edges.map(([from, to, port], at) => ({ id: `e${at}`, from, to, ...(port ? { port } : {}) })) });

const check = async (nodes: object[], edges: [string, string, string?][], files: Record<string, string> = {}): Promise<string[]> =>
  (await checkTypes({ document: document(nodes, edges), files, shapeOf })).map(({ node, field, message }: Problem) => `${node}.${field}: ${message}`);

const each = { id: "all", type: "core.each", input: { items: { expr: "alert.iocs.ips ?? []" } } };
const score = (expr: string) => ({ id: "score", type: "core.set", in: "all", input: { points: { expr } } });

test("inside, the item has the type of the list's elements, and the loop says where it is", async () => {
  expect(await check([each, score("item.toUpperCase().length + steps.all.index + steps.all.item.length")], [["trigger", "all"]])).toEqual([]);
  expect(await check([each, score("item.nothing")], [["trigger", "all"]])).toEqual([expect.stringMatching(/^score\.points: .*'nothing' does not exist on type 'string'/)]);
  expect(await check([each, score("steps.all.items")], [["trigger", "all"]])).toEqual([expect.stringMatching(/^score\.points: .*'items' does not exist/)]);
});

test("after it, each item's result has the type of what nothing follows in the body", async () => {
  const end = (expr: string) => ({ id: "end", type: "core.set", input: { sum: { expr } } });
  const nodes = (expr: string) => [each, score("item.length"), end(expr)];
  expect(await check(nodes("steps.all.items.reduce((sum, one) => sum + one.result.points, 0) + steps.all.items[0]!.item.length"), [["trigger", "all"], ["all", "end"]])).toEqual([]);
  expect(await check(nodes("steps.all.items[0]!.result.nothing"), [["trigger", "all"], ["all", "end"]])).toEqual([expect.stringMatching(/^end\.sum: .*'nothing' does not exist on type/)]);
});

test("a result that is not certain may be null: a branch that is not taken, a failed item that is only listed", async () => {
  const end = { id: "end", type: "core.set", input: { first: { expr: "steps.all.items[0]!.result.points" } } };
  const test_ = { id: "test", type: "core.condition", in: "all", input: { test: { expr: "item !== ''" } } };
  const nulls = [expect.stringMatching(/^end\.first: .*possibly 'null'/)];
  expect(await check([each, test_, score("1"), end], [["trigger", "all"], ["test", "score", "true"], ["all", "end"]])).toEqual(nulls);
  expect(await check([{ ...each, config: { onItemFailure: "continue" } }, score("1"), end], [["trigger", "all"], ["all", "end"]])).toEqual(nulls);
});

test("nested loops see their own item and the places of those around them", async () => {
  const nodes = [
    { id: "hosts", type: "core.each", input: { items: { expr: "[{ name: 'a', ports: [22] }]" } } },
    { id: "ports", type: "core.each", in: "hosts", input: { items: { expr: "item.ports" } } },
    { id: "text", type: "core.set", in: "ports", input: { value: { expr: "`${steps.hosts.item.name}:${item.toFixed()}`" } } },
    { id: "end", type: "core.set", input: { all: { expr: "steps.hosts.items.map((host) => host.result.items.map((port) => port.result.value.toUpperCase()))" } } },
  ];
  expect(await check(nodes, [["trigger", "hosts"], ["hosts", "end"]])).toEqual([]);
});

test("what ends the rounds sees the round's own steps, and has to be true or false", async () => {
  const poll = (expr: string) => [{ id: "poll", type: "core.repeat", until: { expr } }, { id: "ask", type: "core.set", in: "poll", input: { state: { value: "done" } } }];
  expect(await check(poll("steps.ask.state === 'done' || item > 3"), [["trigger", "poll"]])).toEqual([]);
  expect(await check(poll("steps.ask.state"), [["trigger", "poll"]])).toEqual([expect.stringMatching(/^poll\.until: .*'string' does not satisfy the expected type 'boolean'/)]);
  expect(await check(poll("steps.asked.state"), [["trigger", "poll"]])).toEqual(['poll.until: "asked" is no step upstream of this node']);
});

test("a code file that ends a loop, or is called in one, is typed by that scope", async () => {
  const nodes = [{ id: "poll", type: "core.repeat", until: { file: "code/done.ts" } }, { id: "ask", type: "core.set", in: "poll", input: { state: { value: "done" } } }];
  expect(await check(nodes, [["trigger", "poll"]], { "code/done.ts": "export default ({ steps, item }) => steps.ask.state === 'done' && item > 0;" })).toEqual([]);
  expect(await check(nodes, [["trigger", "poll"]], { "code/done.ts": "export default ({ steps }) => steps.ask.nothing === 1;" })).toEqual([expect.stringMatching(/'nothing' does not exist/)]);
});

test("the tree of what a node may read shows the item", async () => {
  const outcome = await describeScope({ document: document([each, score("1")], [["trigger", "all"]]), files: {}, shapeOf, node: "score" });
  if (outcome.status !== "answered") throw new Error(outcome.status);
  expect(outcome.answer.fields.find(({ name }) => name === "item")).toMatchObject({ type: "string" });
  expect(outcome.answer.fields.find(({ name }) => name === "steps")?.children?.find(({ name }) => name === "all")?.children?.map(({ name, type }) => `${name}: ${type}`)).toEqual(["item: string", "index: number", "total: number"]);
});
