/** Every ready-made playbook can be published as it is: document, layout, files, settings, code. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import typescript from "typescript";
import { describe, expect, test } from "vitest";
import { compileVersion } from "#engine/code/compile.ts";
import { checkDocument, layoutSchema, parseDocument, printDocument, printLayout } from "#format";
import { shapeOf } from "#nodes/catalog.ts";

const root = import.meta.dirname;
const slugs = readdirSync(root, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() && entry.name !== "format" ? [entry.name] : []));
const json = (...path: string[]): unknown => JSON.parse(readFileSync(join(root, ...path), "utf8"));
const COLUMN = 260;
const ROW = 120;

test("the first playbooks are there", () => {
  expect(slugs).toEqual(expect.arrayContaining(["bench-triage", "first-look", "triage-high-severity"]));
});

describe.each(slugs)("%s", (slug) => {
  const document = parseDocument(json(slug, "playbook.json"));
  const { positions } = layoutSchema.parse(json(slug, "layout.json"));
  const files = Object.fromEntries(readdirSync(join(root, slug, "code")).map((name) => [`code/${name}`, readFileSync(join(root, slug, "code", name), "utf8")]));

  test("has no problem that would refuse publishing", () => {
    expect(checkDocument(document, shapeOf, new Set(Object.keys(files)))).toEqual([]);
  });

  test("is written the way that pull writes it", () => {
    expect(readFileSync(join(root, slug, "playbook.json"), "utf8")).toBe(printDocument(document));
    expect(readFileSync(join(root, slug, "layout.json"), "utf8")).toBe(printLayout({ positions }));
  });

  test("compiles", async () => {
    expect(await compileVersion({ document, files })).toMatchObject({ ok: true });
  });

  test("its code is strictly typed", () => {
    const paths = Object.keys(files).map((path) => join(root, slug, path));
    const program = typescript.createProgram(paths, {
      strict: true, noUncheckedIndexedAccess: true, noEmit: true, allowImportingTsExtensions: true, types: [], lib: ["lib.es2024.d.ts"],
      target: typescript.ScriptTarget.ES2024, module: typescript.ModuleKind.ESNext, moduleResolution: typescript.ModuleResolutionKind.Bundler,
    });
    expect(typescript.getPreEmitDiagnostics(program).map(({ messageText }) => typescript.flattenDiagnosticMessageText(messageText, " "))).toEqual([]);
  });

  test("every box has a place of its own on the grid, left of what follows it", () => {
    const ids = ["trigger", ...document.nodes.map(({ id }) => id)];
    expect(Object.keys(positions).sort()).toEqual(ids.sort());
    const places = Object.values(positions);
    expect(new Set(places.map(({ x, y }) => `${x},${y}`)).size).toBe(places.length);
    for (const { x, y } of places) expect([x % COLUMN, y % ROW]).toEqual([0, 0]);
    for (const { from, to } of document.edges) expect(positions[from]!.x).toBeLessThan(positions[to]!.x);
  });

  test("says in its README what it does", () => {
    expect(readFileSync(join(root, slug, "README.md"), "utf8")).toContain(document.name);
  });
});
