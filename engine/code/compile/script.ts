/** esbuild makes one script of a profile's expressions and files; what is wrong with them is told at the author's own lines. */
import { build, type BuildFailure, type BuildOptions, type Message } from "esbuild";
import type ts from "typescript";
import type { Problem } from "#format";
import { CALL_GLOBALS, OWN_GLOBAL } from "../globals.ts";
import { fileEntry, type Profile } from "../profile.ts";
import type { PlaceMap } from "../types.ts";
import type { Expression } from "./expressions.ts";
import { ENTRY, type ImportFault, type ModuleGraph, playbookModules } from "./modules.ts";

export interface Script {
  code: string;
  map: PlaceMap;
}

/** Path → the node and field that use it first. */
export type UsedFiles = ReadonlyMap<string, { node: string; field: string }>;

export interface ScriptInput {
  profile: Profile;
  expressions: readonly Expression[];
  used: UsedFiles;
  files: Readonly<Record<string, string>>;
  packagesDir: string | undefined;
}

/**
 * The script is a function expression of what a call brings along. Expressions are evaluated with it; a file and what it imports
 * are evaluated when an entry asks for them, so that calling the function again gives fresh module state.
 */
const PLATFORM: Record<Profile, BuildOptions> = {
  isolate: {
    // Packages choose what they offer browsers, which is what the isolate resembles: no Node built-ins.
    platform: "browser",
    banner: { js: `(function ({ ${CALL_GLOBALS.join(", ")}, ${OWN_GLOBAL} }) {` },
    define: { globalThis: OWN_GLOBAL, self: OWN_GLOBAL, global: OWN_GLOBAL, "process.env.NODE_ENV": '"production"' },
  },
  node: {
    platform: "node",
    banner: { js: "(function (require) {" },
    // Packages look for files beside themselves; there are none.
    define: { "process.env.NODE_ENV": '"production"', "import.meta.url": '"file:///playgraph/bundle.js"', __filename: '"/playgraph/bundle.js"', __dirname: '"/playgraph"' },
  },
};

export async function buildScript(typescript: typeof ts, { profile, expressions, used, files, packagesDir }: ScriptInput): Promise<Script | { problems: Problem[] }> {
  const graph: ModuleGraph = new Map();
  try {
    const result = await build({
      ...PLATFORM[profile],
      entryPoints: [ENTRY],
      bundle: true,
      write: false,
      outfile: "bundle.js",
      format: "iife",
      globalName: "$bundle",
      footer: { js: "return $bundle; })" },
      target: "esnext",
      sourcemap: "external",
      sourcesContent: false,
      legalComments: "none",
      charset: "utf8",
      logLevel: "silent",
      logLimit: 0,
      absWorkingDir: "/",
      tsconfigRaw: { compilerOptions: { alwaysStrict: true, verbatimModuleSyntax: false } },
      plugins: [playbookModules({ profile, entry: entryModule(profile, expressions, used), expressions, files, packagesDir, graph })],
    });
    // esbuild makes the whole bundle strict because the playbook's files are; each of those says so itself, and old packages may not be.
    const code = result.outputFiles.find((file) => file.path.endsWith(".js"))!.text.replace(/^(.*\n)"use strict";\n/, "$1\n");
    const map = JSON.parse(result.outputFiles.find((file) => file.path.endsWith(".map"))!.text) as PlaceMap;
    return { code, map: { sources: map.sources.map(plainName), mappings: map.mappings } };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    return { problems: error.errors.map((message) => toProblem(typescript, message, files, used, graph)) };
  }
}

const isBuildFailure = (error: unknown): error is BuildFailure => error instanceof Error && Array.isArray((error as Partial<BuildFailure>).errors);

/** Without the namespace that esbuild puts before it. */
const plainName = (source: string): string => source.replace(/^(expression|playbook|package):/, "");

/** `require` makes esbuild wrap each file, so that it runs when asked for; an import would run all of them, always. */
function entryModule(profile: Profile, expressions: readonly Expression[], used: UsedFiles): string {
  const byEntry = new Map<string, string[]>();
  expressions.forEach(({ entry, field }, index) => {
    byEntry.set(entry, [...(byEntry.get(entry) ?? []), `[${JSON.stringify(field)}, e${index}]`]);
  });
  return [
    ...expressions.map(({ path }, index) => `import e${index} from ${JSON.stringify(path)};`),
    "export const expressions = {",
    ...[...byEntry].map(([entry, fields]) => `${JSON.stringify(entry)}: [${fields.join(", ")}],`),
    "};",
    "export const files = {",
    ...[...used.keys()].map((path) => `${JSON.stringify(fileEntry(profile, path))}: () => require(${JSON.stringify(path)}).default,`),
    "};",
  ].join("\n");
}

function toProblem(typescript: typeof ts, message: Message, files: Readonly<Record<string, string>>, used: UsedFiles, graph: ModuleGraph): Problem {
  const fault = message.detail as Partial<ImportFault> | undefined;
  const expression = /^expr:([^:]+):(.*)$/s.exec(plainName(message.location?.file ?? ""));
  if (expression && message.location) {
    const line = Math.max(1, message.location.line - 1);
    return { severity: "error", code: fault?.code ?? "expression-syntax", message: `line ${line}: ${message.text}`, node: expression[1]!, field: expression[2]!, line };
  }
  const isAwait = /top-level await/i.test(message.text);
  const text = isAwait ? "a code file cannot await at its top level: await inside the default export" : message.text;
  const place = authorsPlace(typescript, message, files, graph);
  const user = (place && userOf(place.file, used, graph)) ?? used.values().next().value;
  return { severity: "error", code: fault?.code ?? "code-syntax", message: place ? `${place.file} line ${place.line}: ${text}` : text, ...place, ...user };
}

/** What is wrong inside a package is shown at the author's import that led to it: the package is not theirs to change. */
function authorsPlace(typescript: typeof ts, { location }: Message, files: Readonly<Record<string, string>>, graph: ModuleGraph): { file: string; line: number } | undefined {
  if (!location || location.file.startsWith("entry:")) return undefined;
  const file = plainName(location.file);
  if (Object.hasOwn(files, file)) return { file, line: location.line };
  for (let step = graph.get(file), left = graph.size; step && left > 0; left--) {
    const { importer, specifier } = step;
    if (Object.hasOwn(files, importer)) return { file: importer, line: lineOfImport(typescript, files[importer]!, specifier) };
    step = graph.get(importer);
  }
  return { file, line: location.line };
}

function lineOfImport(typescript: typeof ts, source: string, specifier: string): number {
  const { importedFiles } = typescript.preProcessFile(source, true, true);
  const at = importedFiles.find(({ fileName }) => fileName === specifier)?.pos ?? 0;
  return source.slice(0, at).split("\n").length;
}

/** A file that no node uses itself is imported by one that some node does. */
function userOf(file: string, used: UsedFiles, graph: ModuleGraph): { node: string; field: string } | undefined {
  let at: string | undefined = file;
  for (let left = graph.size; at !== undefined && left >= 0; left--) {
    const user = used.get(at);
    if (user) return user;
    at = graph.get(at)?.importer;
  }
  return undefined;
}
