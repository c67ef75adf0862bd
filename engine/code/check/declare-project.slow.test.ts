import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { insertInto, typeScope } from "#format";
import { type Declarations, declarations } from "./index.ts";
import { code, type Sketch, sketch } from "./testing.ts";

async function declare(draft: Sketch): Promise<Declarations> {
  const outcome = await declarations(sketch(draft));
  if (outcome.status !== "answered") throw new Error(outcome.status);
  return outcome.answer;
}

const libraryFiles = new Map<string, ts.SourceFile>();

/** TypeScript as the browser runs it: nothing but what was declared, the author's texts, and its own libraries. */
function errorsIn(declared: Declarations, files: Record<string, string>, expression: { node: string; field: string; text: string }): string[] {
  const { prefix, suffixes } = declared.nodes[expression.node]!;
  const texts = new Map(Object.entries({
    ...declared.files,
    ...Object.fromEntries(Object.entries(files).map(([path, source]) => [path, insertInto(source, declared.scopes[path] === undefined ? [] : typeScope(ts, source, declared.scopes[path]))])),
    "expr/one.ts": `${prefix}${expression.text}${suffixes[expression.field] ?? suffixes["*"]}`,
  }).map(([path, text]) => [`/p/${path}`, text]));
  const options: ts.CompilerOptions = { strict: true, noUncheckedIndexedAccess: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true, types: [], lib: ["lib.esnext.d.ts"], target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(options),
    fileExists: (path) => texts.has(path),
    readFile: (path) => texts.get(path),
    directoryExists: () => true,
    getCurrentDirectory: () => "/p",
    getSourceFile: (path, version) => {
      const text = texts.get(path);
      if (text !== undefined) return ts.createSourceFile(path, text, version, true);
      if (path.includes("typescript/lib/") && !libraryFiles.has(path)) libraryFiles.set(path, ts.createSourceFile(path, ts.sys.readFile(path) ?? "", version));
      return libraryFiles.get(path);
    },
  };
  const program = ts.createProgram({ rootNames: [...texts.keys()].filter((path) => path.endsWith(".ts")), options, host });
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}

const nodes = { score: code("code/score.ts"), tell: { type: "alert.comment", input: { text: { value: "x" } } } };

describe("declarations", { timeout: 30_000 }, () => {
  it("let another TypeScript see expressions and files as the check does", async () => {
    const files = { "code/score.ts": 'import { double } from "./double.ts";\nexport default ({ alert }) => ({ total: double(alert.tags.length), summary: alert.title });', "code/double.ts": "export const double = (n: number) => n * 2;" };
    const declared = await declare({ nodes, files });
    const tell = (text: string) => errorsIn(declared, files, { node: "tell", field: "text", text });
    expect(tell("steps.score.summary")).toEqual([]);
    expect(tell("steps.score.total")).toEqual(["Type 'number' does not satisfy the expected type 'string'."]);
    expect(tell("steps.score.nothing")).toMatchObject([expect.stringContaining("'nothing' does not exist")]);
    // The files are the author's own: a change of theirs shows without asking the server again.
    expect(errorsIn(declared, { ...files, "code/score.ts": "export default () => ({ total: 1 });" }, { node: "tell", field: "text", text: "steps.score.summary" })).toMatchObject([expect.stringContaining("'summary' does not exist")]);
  });

  it("know the fields that anything may be called, and the item of a loop", async () => {
    const declared = await declare({ nodes: { loop: {}, inner: { in: "loop" } }, edges: ["trigger -> loop"] });
    expect(errorsIn(declared, {}, { node: "inner", field: "whatever", text: "item.id + alert.title" })).toEqual([]);
    expect(errorsIn(declared, {}, { node: "loop", field: "whatever", text: "item" })).toMatchObject([expect.stringContaining("'item'")]);
  });
});

describe("packages", { timeout: 30_000 }, () => {
  let packagesDir: string;
  const add = (name: string, files: Record<string, string>) => {
    for (const [path, text] of Object.entries(files)) {
      const target = join(packagesDir, "node_modules", name, path);
      mkdirSync(join(target, ".."), { recursive: true });
      writeFileSync(target, text);
    }
  };
  beforeAll(() => {
    packagesDir = mkdtempSync(join(tmpdir(), "playgraph-packages-"));
    add("typed", { "package.json": '{ "name": "typed", "scripts": { "secret": "no" }, "exports": { ".": { "types": "./out/index.d.ts", "default": "./out/index.js" } } }', "out/index.d.ts": 'export { twice } from "./more.js";', "out/more.d.ts": "export function twice(n: number): number;", "out/index.js": "" });
    add("plain", { "package.json": '{ "name": "plain", "main": "index.js" }', "index.js": "export const x = 1;" });
    add("unused", { "package.json": '{ "name": "unused", "types": "index.d.ts" }', "index.d.ts": "export const x: 1;" });
    add("huge", { "package.json": '{ "name": "huge", "types": "index.d.ts" }', "index.d.ts": `export const x: 1;\n// ${"x".repeat(4_000_001)}` });
  });
  afterAll(() => rmSync(packagesDir, { recursive: true }));

  it("bring the types that the files import, and what leads to them", async () => {
    const files = { "code/score.ts": 'import { twice } from "typed";\nimport { x } from "plain";\nexport default () => ({ summary: twice(2), x });' };
    const declared = await declare({ nodes, files, packagesDir });
    expect(Object.keys(declared.files).filter((path) => path.startsWith("node_modules/")).sort()).toEqual(["node_modules/typed/out/index.d.ts", "node_modules/typed/out/more.d.ts", "node_modules/typed/package.json"]);
    expect(declared.files["node_modules/typed/package.json"]).not.toContain("secret");
    expect(declared.untyped).toEqual(["plain"]);
    expect(errorsIn(declared, files, { node: "tell", field: "text", text: "steps.score.summary" })).toEqual(["Type 'number' does not satisfy the expected type 'string'."]);
    expect(errorsIn(declared, files, { node: "tell", field: "text", text: "steps.score.x" })).toEqual([]);
  });

  it("are any where their types are too large to send", async () => {
    const files = { "code/score.ts": 'import { x } from "huge";\nexport default () => ({ summary: x });' };
    const declared = await declare({ nodes, files, packagesDir });
    expect(declared.untyped).toEqual(["huge"]);
    expect(JSON.stringify(declared).length).toBeLessThan(100_000);
    expect(errorsIn(declared, files, { node: "tell", field: "text", text: "steps.score.summary" })).toEqual([]);
  });
});
