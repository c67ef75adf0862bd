import { describe, expect, it } from "vitest";
import typescript from "typescript";
import { parseExpression } from "./expressions.ts";
import { expressionsUse, fileUse } from "./scope-use.ts";

const NONE = { trigger: false, alert: false, item: false, vars: false, run: false, steps: [] };
const ALL = { trigger: true, alert: true, item: true, vars: true, run: true, steps: null };

const use = (...sources: string[]) => expressionsUse(typescript, sources.map((source) => {
  const parsed = parseExpression(typescript, source);
  if ("fault" in parsed) throw new Error(parsed.fault.message);
  return parsed.tree;
}));
const ofFile = (source: string) => {
  const found = fileUse(typescript, typescript.createSourceFile("a.ts", source, typescript.ScriptTarget.ESNext, true));
  if (!found) return undefined;
  const { line: _, ...rest } = found;
  return rest;
};

describe("expressions", () => {
  it.each([
    ["1 + 1", {}],
    ["alert.title", { alert: true }],
    ["steps.vt.malicious > 3", { steps: ["vt"] }],
    ["steps.b.x + steps['a'].y + steps!.c + (steps).d + steps?.e", { steps: ["a", "b", "c", "d", "e"] }],
    ["steps[alert.title]", { alert: true, steps: null }],
    ["Object.keys(steps)", { steps: null }],
    ["({ steps })", { steps: null }],
    ["({ steps: 1, alert: 2 }).steps", {}],
    ["vars.trigger.steps", { vars: true }],
    ["(() => { const { a, b: c } = steps; return a + c })()", { steps: ["a", "b"] }],
    ["(() => { const { a, ...rest } = steps; return rest })()", { steps: null }],
    ["(() => { const { [run.id]: a } = steps; return a })()", { run: true, steps: null }],
    ["`${item.id} ${trigger}`", { item: true, trigger: true }],
  ])("%s", (source, expected) => {
    expect(use(source)).toEqual({ ...NONE, ...expected });
  });
  it("joins the fields of a node", () => {
    expect(use("steps.b", "steps.a + run.id")).toEqual({ ...NONE, run: true, steps: ["a", "b"] });
  });
});

describe("files", () => {
  it.each([
    ["export default () => 1", NONE],
    ["export default ({ alert }) => alert", { ...NONE, alert: true }],
    ["export default function ({ steps: { a, b: { c } }, item: i }) {}", { ...NONE, item: true, steps: ["a", "b"] }],
    ["export default async ({ steps }: { steps: any }) => steps.vt.x + steps['w']", { ...NONE, steps: ["vt", "w"] }],
    ["export default ({ steps }) => helper(steps)", { ...NONE, steps: null }],
    ["export default ({ steps, x = steps.a }) => x", { ...NONE, steps: ["a"] }],
    ["export default (scope) => scope.steps.a + scope.alert.b", { ...NONE, alert: true, steps: ["a"] }],
    ["export default (scope, x = scope.run) => 1", { ...NONE, run: true }],
    ["export default (scope) => helper(scope)", ALL],
    ["export default ({ alert, ...rest }) => rest", ALL],
    ["export default (...all) => all", ALL],
    ["export default function () { return arguments[0] }", ALL],
    ["const main = () => 1; export default main", ALL],
    ["const main = () => 1; export { main as default }", ALL],
    ["export default ((({ run }) => run) satisfies unknown)", { ...NONE, run: true }],
    ["export const a = 1", undefined],
  ])("%s", (source, expected) => {
    expect(ofFile(source)).toEqual(expected);
  });
  it("knows the line of the default export", () => {
    expect(fileUse(typescript, typescript.createSourceFile("a.ts", "// a\n\nexport default () => 1;", typescript.ScriptTarget.ESNext, true))?.line).toBe(3);
  });
});
