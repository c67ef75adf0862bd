import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documentSchema } from "#format";
import { compileVersion } from "./compile.ts";
import { documentWith } from "./host/testing.ts";

let packagesDir: string;

beforeAll(async () => {
  const parent = await mkdtemp(join(tmpdir(), "packages-"));
  packagesDir = join(parent, "allowed");
  const put = async (path: string, text: string) => {
    await mkdir(dirname(join(parent, path)), { recursive: true });
    await writeFile(join(parent, path), text);
  };
  await put("allowed/node_modules/plain/package.json", '{"name":"plain","main":"main.js"}');
  await put("allowed/node_modules/plain/main.js", "exports.twice = (x) => require('./inner').two * x;");
  await put("allowed/node_modules/plain/inner.js", "exports.two = 2;");
  await put("allowed/node_modules/needy/package.json", '{"name":"needy","main":"main.js"}');
  await put("allowed/node_modules/needy/main.js", "module.exports = require('fs').readFileSync;");
  await put("allowed/node_modules/outer/index.js", "module.exports = require('needy');");
  await put("allowed/node_modules/both/package.json", '{"name":"both","main":"main.js","browser":"browser.js"}');
  await put("allowed/node_modules/both/main.js", "module.exports = 'main ' + require('os').EOL.length;");
  await put("allowed/node_modules/both/browser.js", "module.exports = 'browser';");
  await put("allowed/node_modules/sly/package.json", '{"name":"sly","main":"main.js"}');
  await put("allowed/node_modules/sly/main.js", "module.exports = require('../../../secret.js');");
  await put("node_modules/above/index.js", "module.exports = 1;");
  await put("secret.js", "module.exports = 'secret';");
});

afterAll(async () => {
  await rm(dirname(packagesDir), { recursive: true });
});

const problemsOf = async (inputs: Parameters<typeof documentWith>[0], files: Record<string, string> = {}) => {
  const result = await compileVersion({ document: documentWith(inputs), files, packagesDir });
  return result.ok ? [] : result.problems;
};
const file = (source: string) => problemsOf({ n: { value: { file: "code/main.ts" } } }, { "code/main.ts": source });
const expression = (expr: string) => problemsOf({ n: { value: { expr } } });

describe("an expression cannot leave its slot", () => {
  it.each([
    ["a comment", "1 // })"],
    ["a block comment", "/* ) */ 1"],
    ["a template", "`${1}`"],
    ["a regular expression", "/\\)/.test(')')"],
    ["an arrow function", "[1].map((x) => x + 1)"],
    ["types", "(alert as { a: number }).a satisfies number"],
    ["an object", "{ a: 1 }"],
  ])("%s is fine", async (_, expr) => {
    expect(await expression(expr)).toEqual([]);
  });

  it.each([
    ["a closing bracket", "1) + (2"],
    ["two statements", "1); (2"],
    ["a semicolon", "1; 2"],
    ["an open comment", "1 /*"],
    ["an open template", "`a"],
    ["an end of the module", "1 }); console.log(1); (() => { return 1"],
    ["a statement", "return 1"],
    ["only a comment", "// nothing"],
    ["await", "await fetch('https://a.b')"],
    ["import()", "import('plain')"],
    ["require", "require('plain')"],
  ])("%s is a problem at node, field and line", async (_, expr) => {
    const problems = await expression(`\n${expr}`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ severity: "error", node: "n", field: "value" });
    expect(problems[0]!.line).toBeGreaterThanOrEqual(1);
    expect(problems[0]!.line).toBeLessThanOrEqual(3);
  });

  it("names the line as written", async () => {
    expect(await expression("1 +\n2 +\n* 3")).toMatchObject([{ code: "expression-syntax", line: 3 }]);
  });
});

describe("files", () => {
  it("reports syntax errors with file and line", async () => {
    expect(await file("export default () => {\n  const = 1;\n};")).toMatchObject([{ code: "code-syntax", file: "code/main.ts", line: 2, node: "n", field: "value" }]);
  });
  it("needs a default export", async () => {
    expect(await file("export const a = 1;")).toMatchObject([{ code: "no-default-export", node: "n" }]);
  });
  it("reports a file that is not there, and an import of one", async () => {
    expect(await problemsOf({ n: { value: { file: "code/gone.ts" } } })).toMatchObject([{ code: "missing-file", file: "code/gone.ts" }]);
    expect(await file('import { a } from "./gone"; export default () => a;')).toMatchObject([{ code: "missing-file", file: "code/main.ts", line: 1 }]);
  });
  it("explains a top-level await", async () => {
    expect((await file("await 1;\nexport default () => 1;"))[0]!.message).toContain("cannot await at its top level");
  });
  it("follows imports between files", async () => {
    expect(await problemsOf({ n: { value: { file: "code/main.ts" } } }, { "code/main.ts": 'import { a } from "./other.ts"; export default () => a;', "code/other.ts": "export const a = 1;" })).toEqual([]);
  });
});

describe("packages", () => {
  it("bundles what is installed", async () => {
    expect(await file('import { twice } from "plain"; export default () => twice(2);')).toEqual([]);
  });
  it("names a package that is missing", async () => {
    const [problem] = await file('import x from "@scope/nowhere/deep"; export default () => x;');
    expect(problem).toMatchObject({ code: "missing-package", file: "code/main.ts", node: "n" });
    expect(problem!.message).toContain('"@scope/nowhere"');
  });
  it("says that a package needs Node", async () => {
    const [problem] = await file('import x from "needy"; export default () => x;');
    expect(problem).toMatchObject({ code: "needs-node", node: "n" });
    expect(problem!.message).toMatch(/^code\/main.ts line 1: the package needy needs Node: "fs" exists only in the Node profile: let a Code node/);
    expect(await file('import fs from "node:fs"; export default () => fs;')).toMatchObject([{ code: "needs-node" }]);
  });
  it("shows what a package needs at the author's own import, through packages and files between", async () => {
    const files = { "code/main.ts": 'import { b } from "./b";\nexport default () => b;', "code/b.ts": '// first\n\nimport x from "outer";\nexport const b = x;' };
    expect(await problemsOf({ n: { value: { file: "code/main.ts" } } }, files)).toMatchObject([{ code: "needs-node", file: "code/b.ts", line: 3, node: "n", field: "value" }]);
  });
  it.each([
    ["an absolute path", "/etc/passwd", "forbidden-import"],
    ["an address", "https://example.com/x.js", "forbidden-import"],
    ["a data address", "data:text/javascript,1", "forbidden-import"],
    ["a file address", "file:///etc/passwd", "forbidden-import"],
    ["a parent folder", "../../etc/passwd", "missing-file"],
    ["node_modules above the packages folder", "above", "missing-package"],
  ])("refuses %s", async (_, path, code) => {
    expect(await file(`import x from ${JSON.stringify(path)}; export default () => x;`)).toMatchObject([{ code }]);
  });
  it("keeps a package inside the folder", async () => {
    expect(await file('import x from "sly"; export default () => x;')).toMatchObject([{ code: "missing-package" }]);
  });
});

describe("the Node profile", () => {
  const inNode = (files: Record<string, string>, paths = Object.keys(files)) => compileVersion({
    document: documentSchema.parse({ format: 1, name: "test", nodes: paths.map((path, index) => ({ id: `n${index}`, type: "core.code", config: { profile: "node" }, input: { result: { file: path } } })), edges: [] }),
    files,
    packagesDir,
  });
  it("leaves built-in modules to Node, for packages too", async () => {
    const result = await inNode({ "code/main.ts": 'import x from "needy";\nimport { join } from "node:path";\nexport default () => join("a", typeof x);' });
    expect(result).toMatchObject({ ok: true, bundle: { meta: { entries: { "node:code/main.ts": { line: 3 } }, node: { start: 0 } } } });
    if (result.ok) expect(result.bundle.code).toContain('require("node:path")');
  });
  it("refuses what would undo its walls", async () => {
    expect(await inNode({ "code/main.ts": 'import vm from "vm";\nexport default () => vm;' })).toMatchObject({ ok: false, problems: [{ code: "forbidden-import", file: "code/main.ts", line: 1, node: "n0", field: "result" }] });
    expect(await inNode({ "code/main.ts": 'import x from "node:nonsense";\nexport default () => x;' })).toMatchObject({ ok: false, problems: [{ code: "forbidden-import" }] });
  });
  it("is asked for by the Code node alone, and one file may run in both", async () => {
    const source = 'import x from "both";\nexport default () => x;';
    const result = await compileVersion({
      document: documentSchema.parse({ format: 1, name: "test", edges: [], nodes: [
        { id: "a", type: "core.code", config: { profile: "node" }, input: { result: { file: "code/main.ts" } } },
        { id: "b", type: "core.set", config: { profile: "node" }, input: { value: { file: "code/main.ts" } } },
      ] }),
      files: { "code/main.ts": source },
      packagesDir,
    });
    if (!result.ok) throw new Error(result.problems[0]!.message);
    const { code, meta } = result.bundle;
    expect(Object.keys(meta.entries).sort()).toEqual(["file:code/main.ts", "node:code/main.ts"]);
    expect(code.slice(0, meta.node!.start)).toContain('"browser"');
    expect(code.slice(meta.node!.start)).toContain('"main "');
  });
});

describe("the bundle", () => {
  it("is the same for the same input, whatever the order of the nodes", async () => {
    const one = { a: { x: { expr: "1" } }, b: { y: { file: "code/m.ts" } } };
    const files = { "code/m.ts": "export default () => 1;" };
    const first = await compileVersion({ document: documentWith(one), files });
    const second = await compileVersion({ document: documentWith(Object.fromEntries(Object.entries(one).reverse())), files });
    expect(second).toEqual(first);
  });
  it("is empty where there is nothing to run", async () => {
    expect(await compileVersion({ document: documentWith({ a: { x: { value: 1 } } }), files: { "code/unused.ts": "(" } })).toMatchObject({ ok: true, bundle: { code: "", meta: { entries: {} } } });
  });
});
