import { describe, expect, it } from "vitest";
import { describeScope, type ScopeDescription, type ScopeField } from "./index.ts";
import { code, ENDLESS_TYPES, type Sketch, sketch } from "./testing.ts";

async function scopeOf(node: string, draft: Sketch): Promise<ScopeDescription> {
  const outcome = await describeScope({ ...sketch(draft), node });
  if (outcome.status !== "answered") throw new Error(outcome.status);
  return outcome.answer;
}

const flat = (fields: readonly ScopeField[]): ScopeField[] => fields.flatMap((field) => [field, ...flat(field.children ?? [])]);
/** Path → "type?" of every field below a path. */
const typesBelow = (scope: ScopeDescription, path: string): Record<string, string> =>
  Object.fromEntries(flat(scope.fields).filter((field) => field.path.startsWith(path)).map(({ path: own, type, optional }) => [own, `${type}${optional ? "?" : ""}`]));

const condition = (test: string) => ({ type: "core.condition", input: { test: { expr: test } } });

describe("what a node may read", () => {
  it("is the alert with its documentation, the run, and the vars", async () => {
    const scope = await scopeOf("n", { nodes: { n: {} }, vars: { limit: 3, names: ["a"] } });
    expect(scope.fields.map(({ name }) => name)).toEqual(["steps", "alert", "trigger", "vars", "run"]);
    expect(flat(scope.fields).find(({ path }) => path === "alert.risk_score")).toEqual({ path: "alert.risk_score", name: "risk_score", type: "number | null", optional: false, summary: "0 to 100; null until something has scored it." });
    expect(flat(scope.fields).find(({ path }) => path === "alert.tags")).toMatchObject({ type: "string[]", children: [{ path: "alert.tags[0]", name: "tags[]", type: "string", optional: true }] });
    expect(typesBelow(scope, "vars.")).toEqual({ "vars.limit": "number", "vars.names": "string[]", "vars.names[0]": "string?" });
    expect(scope.declaration).toMatch(/^alert: \{\n {2}\/\*\* Of the alert, a UUID. \*\/\n {2}id: string;/m);
  });

  it("has the inferred return type of a code file upstream, with its author's comments", async () => {
    const files = { "code/score.ts": `interface Hit {
  ip: string;
  /** 0 to 1. */
  weight: number;
}
export default async () => ({ total: 7, at: new Date(), "two words": true, hits: [] as Hit[], best: null as Hit | null, of: { deep: { er: 1 } } });` };
    const scope = await scopeOf("n", { nodes: { score: code("code/score.ts"), n: {} }, files });
    expect(typesBelow(scope, "steps.score")).toEqual({
      "steps.score": "object",
      "steps.score.total": "number",
      "steps.score.at": "string",
      'steps.score["two words"]': "boolean",
      "steps.score.hits": "object[]",
      "steps.score.hits[0]": "object?",
      "steps.score.hits[0]?.ip": "string",
      "steps.score.hits[0]?.weight": "number",
      "steps.score.best": "object | null",
      "steps.score.best?.ip": "string",
      "steps.score.best?.weight": "number",
      "steps.score.of": "object",
      "steps.score.of.deep": "object",
      "steps.score.of.deep.er": "number",
    });
    expect(flat(scope.fields).find(({ path }) => path === "steps.score.hits[0]?.weight")?.summary).toBe("0 to 1.");
    expect((await scopeOf("score", { nodes: { score: code("code/score.ts"), n: {} }, files })).gives).toMatchObject([{ name: "out", path: "steps.score", type: "object" }]);
  });

  it("is optional on a branch that may not have run", async () => {
    const scope = await scopeOf("b", {
      nodes: { hot: condition("true"), a: { input: { n: { value: 1 } } }, b: {} },
      edges: ["trigger -> hot", "hot.true -> a", "a -> b", "hot.false -> b"],
    });
    expect(typesBelow(scope, "steps.a")).toEqual({ "steps.a": "object?", "steps.a?.n": "number" });
  });

  it("has the fields of every port by which a step may have been left, and marks those that only some have", async () => {
    const look = { type: "virustotal.lookup-ip", input: { ip: { value: "8.8.8.8" } }, onFailure: "port" };
    const scope = await scopeOf("n", { nodes: { look, n: {} }, edges: ["trigger -> look", "look -> n", "look.failed -> n"] });
    const fields = new Map(flat(scope.fields).map((field) => [field.path, field]));
    expect(fields.get("steps.look")).toMatchObject({ optional: false });
    expect(fields.get("steps.look.malicious")).toMatchObject({ type: "number", optional: true, partial: true });
    expect(fields.get("steps.look.kind")).toMatchObject({ type: "string", partial: true });
  });

  it("has every path as an expression that the check takes", async () => {
    const nodes = { score: code("code/score.ts"), n: {} };
    const files = { "code/score.ts": "export default () => ({ 'a b': [{ x: 1 }], maybe: Math.random() > 1 ? { list: [[1]] } : undefined });" };
    const { checkTypes } = await import("./index.ts");
    const scope = await scopeOf("n", { nodes, files });
    const input = Object.fromEntries(flat(scope.fields).map(({ path }, index) => [`f${index}`, { expr: path }]));
    expect(await checkTypes(sketch({ nodes: { ...nodes, n: { input } }, files }))).toEqual([]);
  });

  it("has the item in a loop, and nothing for a node that is not there", async () => {
    const nodes = { loop: {}, inner: { in: "loop" } };
    expect((await scopeOf("inner", { nodes, edges: ["trigger -> loop"] })).fields.map(({ name }) => name)).toContain("item");
    expect(await scopeOf("nobody", { nodes, edges: [] })).toEqual({ declaration: "", fields: [], gives: [] });
  });
});

describe("types that have no end", () => {
  it("are shown to a depth", async () => {
    const files = { "code/tree.ts": "interface Tree { value: number; next: Tree | null }\nexport default (): Tree => ({ value: 1, next: null });" };
    const scope = await scopeOf("n", { nodes: { tree: code("code/tree.ts"), n: {} }, files });
    const deepest = Math.max(...flat(scope.fields).map(({ path }) => path.split(".").length));
    expect(deepest).toBeLessThanOrEqual(8);
  });

  it("are cut where there are too many", async () => {
    const files = { "code/wide.ts": `export default () => ({ ${Array.from({ length: 1000 }, (_, index) => `f${index}: { a: 1, b: 2 }`).join(", ")} });` };
    const scope = await scopeOf("n", { nodes: { wide: code("code/wide.ts"), n: {} }, files });
    expect(flat(scope.fields).length).toBeLessThan(2500);
  });

  it("cannot hang anybody: the question is given up after its time", async () => {
    const draft = { nodes: { a: code("code/a.ts"), n: {} }, files: { "code/a.ts": ENDLESS_TYPES.replace("export default () => 1", "export default () => v0 as Grow<[Cross<D, D>]>") }, timeoutMs: 300 };
    const started = performance.now();
    const outcome = await describeScope({ ...sketch(draft), node: "n" });
    expect(outcome).toEqual({ status: "gave-up", reason: "this took longer than 0.3 s" });
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
