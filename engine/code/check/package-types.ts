/** The types of the packages that code files import, as files below `node_modules/` of the project. */
import { join, posix, relative, sep } from "node:path";
import ts from "typescript";
import type { Packages } from "./virtual-project.ts";

export interface PackageTypes {
  texts: Record<string, string>;
  /** Imports that are declared without a type: they bring none, or all types together are too large. */
  untyped: string[];
}

/** Characters: what a browser loads once and TypeScript reads at every start of its worker. */
const MAX_LENGTH = 4_000_000;

/** Of a package's own description, what leads TypeScript to its types. */
const RESOLUTION = ["name", "version", "type", "types", "typings", "typesVersions", "main", "module", "exports", "imports"];

/** @param sources of the playbook's code files. */
export function packageTypes(program: ts.Program, packages: Packages, sources: readonly string[]): PackageTypes {
  const { folder } = packages;
  if (folder === undefined) return { texts: {}, untyped: [] };
  const texts = readTypes(program, folder);
  const isTooLarge = Object.values(texts).reduce((sum, text) => sum + text.length, 0) > MAX_LENGTH;
  const imported = [...new Set(sources.flatMap(importsOf))].filter((name) => packages.resolve(name).resolvedModule !== undefined);
  // A package of plain JavaScript is a warning to the check, and would be missing altogether in the browser.
  const untyped = isTooLarge ? imported : imported.filter((name) => packages.resolve(name).resolvedModule?.extension === ts.Extension.Js);
  const stubs = untyped.map((name) => `declare module ${JSON.stringify(name)};\n`).join("");
  return { texts: { ...(isTooLarge ? {} : texts), ...(stubs === "" ? {} : { "untyped.d.ts": stubs }) }, untyped };
}

function readTypes(program: ts.Program, folder: string): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const { fileName, text } of program.getSourceFiles()) {
    if (!fileName.startsWith(folder + sep)) continue;
    const path = relative(folder, fileName).split(sep).join("/");
    texts[path] = text;
    for (let parent = posix.dirname(path); parent.includes("/"); parent = posix.dirname(parent)) {
      const description = `${parent}/package.json`;
      if (description in texts) break;
      const own = ts.sys.readFile(join(folder, description));
      if (own !== undefined) texts[description] = trim(own);
    }
  }
  return texts;
}

const importsOf = (source: string): string[] =>
  ts.preProcessFile(source, true, true).importedFiles.map(({ fileName }) => fileName).filter((name) => !name.startsWith(".") && !name.startsWith("/"));

function trim(description: string): string {
  try {
    const parsed = JSON.parse(description) as Record<string, unknown>;
    return JSON.stringify(Object.fromEntries(RESOLUTION.flatMap((key) => (key in parsed ? [[key, parsed[key]]] : []))));
  } catch {
    return "{}";
  }
}
