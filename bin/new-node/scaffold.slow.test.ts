import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { parseName, register, scaffold } from "./scaffold.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const registry = readFileSync(path.join(ROOT, "nodes/index.ts"), "utf8");

/** Names that nobody gives a node: whoever follows the README has an inventory/tag-host, and these tests beside it. */
const NAME = "scaffold-probe/make-nothing";

test("a name is a product and a verb with its noun", () => {
  expect(parseName("my-inventory/tag-big-host")).toEqual({ product: "my-inventory", file: "tag-big-host", constant: "tagBigHost", title: "Tag big host" });
  for (const wrong of [undefined, "", "tag-host", "inventory/tag", "Inventory/tag-host", "inventory/../x-y", "sdk/tag-host", "a/b-c/d-e"]) expect(() => parseName(wrong)).toThrow("<product>/<verb-noun>");
});

test("the registry gets one import, in order, and one entry, with its product where there is one", () => {
  const added = (name: string) => {
    const before = new Set(registry.split("\n"));
    return register(registry, parseName(name)).split("\n").filter((line) => !before.has(line));
  };
  expect(added(NAME)).toEqual(['import { makeNothing } from "./scaffold-probe/make-nothing.ts";', "  makeNothing,"]);
  expect(added("virustotal/make-nothing")).toEqual(['import { makeNothing } from "./virustotal/make-nothing.ts";', expect.stringMatching(/^ {2}lookupIp,.* makeNothing,$/)]);
  const imports = (name: string) => register(registry, parseName(name)).split("\n").filter((line) => line.includes('from "./'));
  expect(imports("aaa/first-one")[0]).toContain("firstOne");
  expect(imports("zzz/last-one").at(-1)).toContain("lastOne");
  expect(() => register(registry, parseName("other/lookup-ip"))).toThrow("choose another name");
  expect(() => register("export {};", parseName(NAME))).toThrow("by hand");
});

test("what is made has the types of a node, under the project's own rules", { timeout: 60_000 }, () => {
  const names = parseName(NAME);
  const texts = new Map([...scaffold(names), ["nodes/index.ts", register(registry, names)] as const].map(([file, text]) => [path.join(ROOT, file), text]));
  const { config } = ts.readConfigFile(path.join(ROOT, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  // Without it TypeScript asks for the files themselves, and the new folder is in memory only.
  delete host.directoryExists;
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.getSourceFile = (file, version, ...rest) => (texts.has(file) ? ts.createSourceFile(file, texts.get(file)!, version) : getSourceFile(file, version, ...rest));
  const program = ts.createProgram([...texts.keys()], options, host);
  const problems = [...texts.keys()].flatMap((file) => {
    const source = program.getSourceFile(file)!;
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  });
  expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "))).toEqual([]);
});
