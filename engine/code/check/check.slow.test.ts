import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Problem } from "#format";
import { checkTypes } from "./index.ts";
import { code, ENDLESS_TYPES, type Sketch, sketch } from "./testing.ts";

const check = (draft: Sketch): Promise<Problem[]> => checkTypes(sketch(draft));
const expression = (expr: string, draft: Partial<Sketch> = {}) => check({ ...draft, nodes: { n: { input: { x: { expr } } } } });

describe("what an expression sees", () => {
  it.each([
    "alert.severity === 'critical'", "alert.iocs.ips?.[0] ?? null", "trigger.rule.level > 3", "run.started_at.slice(0, 10)", "vars.limit + 1", "vars.names.includes('x')", "vars.none.length",
    "new URL('https://x.test/a').hostname", "Object.keys(steps)", "structuredClone(alert).tags", "[1, 2].map((n) => n * 2)", "JSON.stringify(alert)",
  ])("%s", async (expr) => {
    expect(await expression(expr, { vars: { limit: 3, names: ["a"], none: [] } })).toEqual([]);
  });

  it.each([
    ["alert.severty", "'severty' does not exist"],
    ["alert.severity === 'urgent'", "no overlap"],
    ["alert.source_ip.length", "'alert.source_ip' is possibly 'null'"],
    ["alert.tags[0].length", "possibly 'undefined'"],
    ["vars.limit.length", "'length' does not exist"],
    ["vars.nothing", "'nothing' does not exist"],
    ["item.id", "Cannot find name 'item'"],
    ["document.title", "Cannot find name 'document'"],
    ["process.env", "Cannot find name 'process'"],
    ["alert['severty']", "'severty' does not exist"],
    ["steps.later", '"later" is no step upstream'],
  ])("%s is red", async (expr, message) => {
    expect(await expression(expr, { vars: { limit: 3 } })).toEqual([expect.objectContaining({ severity: "error", node: "n", field: "x", line: 1, message: expect.stringContaining(message) })]);
  });

  it("only warns of an index that nobody can know", async () => {
    expect(await expression("alert[vars.name]", { vars: { name: "title" } })).toMatchObject([{ severity: "warning" }]);
  });

  it("names the line of the expression", async () => {
    expect(await expression("[\n  alert.title,\n  alert.nothing,\n]")).toMatchObject([{ line: 3 }]);
  });

  it("may be without an alert where a person starts the run", async () => {
    expect(await expression("alert.title", { on: "manual" })).toMatchObject([{ message: "'alert' is possibly 'null'." }]);
    expect(await expression("alert?.title", { on: "manual" })).toEqual([]);
  });

  it.each<[string, string[], [string, string][]]>([
    ["schedule", ["trigger.scheduled_for.slice(0, 10)", "Date.parse(trigger.fired_at)", "alert?.title"], [["trigger.scheduled.slice(1)", "'scheduled' does not exist"], ["alert.title", "'alert' is possibly 'null'"]]],
    ["run-failed", ["trigger.error.message.length", "trigger.playbook.slug", "trigger.alert_id?.length ?? 0", "alert?.title"], [["trigger.error.node_id.length", "possibly 'undefined'"], ["trigger.run", "'run' does not exist"]]],
    ["webhook", ["trigger.anything.goes", "alert?.title"], [["alert.title", "'alert' is possibly 'null'"]]],
    ["manual", ["trigger.anything.goes"], []],
  ])("has the trigger of a start by %s", async (on, right, wrong) => {
    for (const expr of right) expect([expr, await expression(expr, { on })]).toEqual([expr, []]);
    for (const [expr, message] of wrong) expect([expr, await expression(expr, { on })]).toMatchObject([expr, [{ severity: "error", message: expect.stringContaining(message) }]]);
  });

  it("has the fields of the form that a person fills in", async () => {
    const form = [
      { name: "host", label: "Which host? */ `${x}", type: "text", required: true }, { name: "hours", type: "number", default: 24 }, { name: "loud", type: "boolean" },
      { name: "how", type: "choice", choices: ["fast", "it's slow"], required: true }, { name: "users", type: "list" },
    ];
    const asked = (expr: string) => expression(expr, { on: "manual", form });
    for (const expr of ["trigger.host.toUpperCase()", "(trigger.hours ?? 1) + 1", "trigger.loud === true", 'trigger.how === "fast"', "trigger.users.map((user) => user.length)"]) expect([expr, await asked(expr)]).toEqual([expr, []]);
    for (const [expr, message] of [
      ["trigger.hosst", "'hosst' does not exist"], ["trigger.hours + 1", "'trigger.hours' is possibly 'null'"], ['trigger.how === "fsat"', "no overlap"], ["trigger.users[0].length", "possibly 'undefined'"],
    ] as const) expect([expr, await asked(expr)]).toMatchObject([expr, [{ severity: "error", line: 1, message: expect.stringContaining(message) }]]);
    expect(await check({ on: "manual", form, nodes: { n: code("code/n.ts") }, files: { "code/n.ts": "export default ({ trigger }) => trigger.host.length;" } })).toEqual([]);
  });

  it("has the item in a loop", async () => {
    const nodes = { loop: {}, inner: { in: "loop", input: { x: { expr: "item.id" } } } };
    expect(await check({ nodes, edges: ["trigger -> loop"] })).toEqual([]);
  });

  it("has the addresses of the nodes that wait to be called, of no other", async () => {
    const wait = { type: "core.wait-for-callback" };
    expect(await check({ nodes: { tell: { input: { url: { expr: "run.callback_urls.wait.slice(8)" } } }, wait } })).toEqual([]);
    expect(await check({ nodes: { tell: { input: { url: { expr: "run.callback_urls.wiat" } } }, wait } })).toMatchObject([{ severity: "error", node: "tell", message: expect.stringContaining("'wiat' does not exist") }]);
    expect(await expression("run.callback_urls")).toMatchObject([{ severity: "error" }]);
  });

  it("is known where its text is", async () => {
    expect(await expression("[\n  alert.nothing]")).toMatchObject([{ line: 2, column: 9, endLine: 2, endColumn: 16 }]);
    // The scope's type is put into the author's line, which must not shift what stands behind it.
    expect(await check({ nodes: { a: code("code/a.ts") }, files: { "code/a.ts": "\nexport default scope => scope.alert.nothing;" } })).toMatchObject([{ line: 2, column: 37, endLine: 2, endColumn: 44 }]);
  });

  it("reports what does not parse, and checks the rest", async () => {
    expect(await check({ nodes: { a: { input: { x: { expr: "1 +" }, y: { expr: "alert.nothing" } } } } })).toMatchObject([{ code: "expression-syntax", field: "x" }, { code: "type", field: "y" }]);
  });
});

describe("what a step gives", () => {
  const condition = (test: string) => ({ type: "core.condition", input: { test: { expr: test } } });

  it("is undefined on a branch that may not have run", async () => {
    const draft = (expr: string) => ({
      nodes: { hot: condition("alert.severity === 'high'"), a: { input: { n: { value: 1 } } }, b: { input: { x: { expr } } } },
      edges: ["trigger -> hot", "hot.true -> a", "a -> b", "hot.false -> b"],
    });
    expect(await check(draft("steps.a.n"))).toMatchObject([{ node: "b", field: "x", message: expect.stringContaining('the step "a" may not have run here') }]);
    expect(await check(draft("steps.a?.n.toFixed()"))).toEqual([]);
  });

  it("has the type of the port that leads here", async () => {
    const nodes = (after: string, failed: string) => ({
      look: { type: "virustotal.lookup-ip", input: { ip: { value: "8.8.8.8" } }, onFailure: "port" },
      after: { input: { x: { expr: after } } },
      failed: { input: { x: { expr: failed } } },
    });
    const edges = ["trigger -> look", "look -> after", "look.failed -> failed"];
    expect(await check({ nodes: nodes("steps.look.malicious + 1", "steps.look.kind.length"), edges })).toEqual([]);
    expect((await check({ nodes: nodes("steps.look.kind", "steps.look.malicious"), edges })).map(({ node }) => node)).toEqual(["after", "failed"]);
  });

  it("may be the default that stands in for a failure", async () => {
    const look = { type: "virustotal.lookup-ip", input: { ip: { value: "8.8.8.8" } }, onFailure: { port: "out", data: { malicious: null } } };
    expect(await check({ nodes: { look, b: { input: { x: { expr: "steps.look.malicious + 1" } } } } })).toMatchObject([{ node: "b", message: expect.stringContaining("possibly 'null'") }]);
  });

  it("passes the types of expressions and literals on", async () => {
    const a = { input: { when: { expr: "new Date(alert.created_at)" }, n: { expr: "alert.tags.length" }, text: { value: "urgent" }, list: { value: [] } } };
    expect(await check({ nodes: { a, b: { input: { x: { expr: "steps.a.when.slice(0, 4) + steps.a.n.toFixed() + steps.a.text + steps.a.list.length" } } } } })).toEqual([]);
    expect(await check({ nodes: { a, b: { input: { x: { expr: "steps.a.when.getTime()" } } } } })).toMatchObject([{ message: expect.stringContaining("'getTime' does not exist on type 'string'") }]);
  });

  it("is untyped where nobody declared it", async () => {
    const get = { type: "core.http-request", input: { url: { value: "https://x.test" } } };
    expect(await check({ nodes: { get, b: { input: { x: { expr: "steps.get.body.items[0].id + steps.get.status.toFixed()" } } } } })).toEqual([]);
  });
});

describe("what a field takes", () => {
  const record = (risk: object) => check({ nodes: { record: { type: "alert.update", input: { risk_score: risk as { expr: string } } } } });

  it("is its schema's type, optional or not", async () => {
    expect(await record({ expr: "alert.risk_score" })).toEqual([]);
    expect(await record({ expr: "undefined" })).toEqual([]);
    expect(await record({ expr: "alert.title" })).toMatchObject([{ severity: "error", node: "record", field: "risk_score", line: 1, message: expect.stringContaining("expected type 'number'") }]);
  });
  it("holds for literals", async () => {
    expect(await record({ value: "7" })).toMatchObject([{ node: "record", field: "risk_score" }]);
    const status = (expr: string) => check({ nodes: { u: { type: "alert.update", input: { status: { expr } } } } });
    expect(await status("alert.tags.length > 0 ? 'escalated' : null")).toEqual([]);
    expect(await status("alert.tags.length > 0 ? 'escalate' : null")).toMatchObject([{ field: "status" }]);
  });
  it("holds for files", async () => {
    const nodes = { test: { type: "core.condition", input: { test: { file: "code/test.ts" } } } };
    expect(await check({ nodes, files: { "code/test.ts": "export default () => true;" } })).toEqual([]);
    expect(await check({ nodes, files: { "code/test.ts": "\nexport default () => 'yes';" } })).toMatchObject([{ node: "test", field: "test", file: "code/test.ts", line: 2 }]);
  });
});

describe("code files", () => {
  const nodes = { score: code("code/score.ts"), tell: { type: "alert.comment", input: { text: { expr: "steps.score.summary" } } } };
  const score = (body: string) => ({ "code/score.ts": `export default function score() { ${body} }` });

  it("breaking a return type turns the field red that reads it, before anything ran", async () => {
    expect(await check({ nodes, files: score("return { summary: 'bad' };") })).toEqual([]);
    expect(await check({ nodes, files: score("return { summary: 7 };") })).toMatchObject([{ severity: "error", node: "tell", field: "text", message: expect.stringContaining("'number' does not satisfy the expected type 'string'") }]);
    expect(await check({ nodes, files: score("return { sumary: 'bad' };") })).toMatchObject([{ node: "tell", field: "text", message: expect.stringContaining("'summary'") }]);
  });

  it("types the next code file, awaited and as JSON", async () => {
    const files = {
      "code/one.ts": "export default async () => ({ at: new Date(), list: new Map([[1, 2]]), maybe: Math.random() > 1 ? 1 : undefined, f: () => 1 });",
      "code/two.ts": "export default ({ steps: { one } }) => one.at.slice(0, 4) + (one.maybe ?? 0);",
    };
    expect(await check({ nodes: { one: code("code/one.ts"), two: code("code/two.ts") }, files })).toEqual([]);
    const wrong = { ...files, "code/two.ts": "\nexport default ({ steps }) => [steps.one.maybe + 1, steps.one.f];" };
    expect(await check({ nodes: { one: code("code/one.ts"), two: code("code/two.ts") }, files: wrong })).toMatchObject([{ node: "two", file: "code/two.ts", line: 2 }, { node: "two", file: "code/two.ts", line: 2 }]);
  });

  it.each(["scope => scope.alert.nothing", "(scope) => scope.alert.nothing", "async ({ alert }) => alert.nothing", "function ({ alert: { nothing } }) {}", "({ alert } = null!) => alert.nothing"])("without a declared scope get that of their node: %s", async (fn) => {
    expect(await check({ nodes: { a: code("code/a.ts") }, files: { "code/a.ts": `export default ${fn}` } })).toMatchObject([{ node: "a", file: "code/a.ts", line: 1, message: expect.stringContaining("'nothing'") }]);
  });

  it("with a declared scope are held to what is upstream", async () => {
    const files = { "code/a.ts": "export default () => ({ n: 'text' });", "code/b.ts": "interface Scope { steps: { a: { n: number } } }\n\nexport default ({ steps }: Scope) => steps.a.n;" };
    expect(await check({ nodes: { a: code("code/a.ts"), b: code("code/b.ts") }, files })).toMatchObject([{ severity: "error", node: "b", field: "result", file: "code/b.ts", line: 3, message: expect.stringMatching(/does not fit what is upstream: .*'string' is not assignable to type 'number'/) }]);
  });

  it("may import one another, and nothing else of the machine", async () => {
    const at = (source: string) => check({ nodes: { a: code("code/a.ts") }, files: { "code/a.ts": source, "code/b.ts": "export const b: number = 1;" } });
    expect(await at('import { b } from "./b.ts"; export default () => b;')).toEqual([]);
    for (const path of ["/etc/passwd", "../../../etc/passwd", "node:fs", "zod", "../node/b.ts"]) expect(await at(`import x from ${JSON.stringify(path)}; export default () => x;`)).toMatchObject([{ severity: "error", file: "code/a.ts" }]);
    const problems = await at('/// <reference path="/etc/passwd" />\n/// <reference types="node" />\nexport default () => 1;');
    expect(JSON.stringify(problems)).not.toContain("root:");
  });

  it("must have a function as default export", async () => {
    for (const source of ["export const a = 1;", "export default 7;"]) expect(await check({ nodes: { a: code("code/a.ts") }, files: { "code/a.ts": source } })).toMatchObject([{ severity: "error", node: "a", field: "result", file: "code/a.ts" }]);
  });

  it("only warn of what nobody typed", async () => {
    expect(await check({ nodes: { a: code("code/a.ts") }, files: { "code/a.ts": "const twice = (x) => x * 2; export default () => twice(2);" } })).toMatchObject([{ severity: "warning", file: "code/a.ts", line: 1 }]);
  });
});

describe("packages", () => {
  let packagesDir: string;
  beforeAll(() => {
    packagesDir = mkdtempSync(join(tmpdir(), "playgraph-packages-"));
    const folder = join(packagesDir, "node_modules/plain");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "name": "plain", "types": "index.d.ts" }');
    writeFileSync(join(folder, "index.d.ts"), "export function twice(n: number): number;");
  });
  afterAll(() => rmSync(packagesDir, { recursive: true }));

  it("bring their types", async () => {
    const at = (call: string) => check({ packagesDir, nodes: { a: code("code/a.ts") }, files: { "code/a.ts": `import { twice } from "plain";\nexport default () => ${call};` } });
    expect(await at("twice(2)")).toEqual([]);
    expect(await at("twice('2')")).toMatchObject([{ file: "code/a.ts", line: 2 }]);
  });
});

describe("what goes wrong in the check itself", () => {
  it("ends in a warning after its time, and the next check is fine", async () => {
    const started = performance.now();
    const [hostile, fine] = await Promise.all([check({ nodes: { a: code("code/a.ts") }, files: { "code/a.ts": ENDLESS_TYPES }, timeoutMs: 1500 }), expression("alert.title")]);
    expect(hostile).toMatchObject([{ severity: "warning", code: "types-unchecked", message: expect.stringContaining("longer than 1.5 s") }]);
    expect(fine).toEqual([]);
    expect(performance.now() - started).toBeLessThan(12_000);
  }, 20_000);

  it("survives a long chain of inferred types", async () => {
    const nodes = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`n${index}`, { input: { x: { expr: index === 0 ? "alert.tags.length" : `steps.n${index - 1}.x + 1` } } }]));
    expect(await check({ nodes: { ...nodes, last: { input: { x: { expr: "steps.n199.x.length" } } } } })).toMatchObject([{ node: "last" }]);
  }, 30_000);
});
