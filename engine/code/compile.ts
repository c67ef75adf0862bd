/** A playbook version's expressions and files become one script for the sandbox. */
import { createHash } from "node:crypto";
import { build, type BuildFailure, type Message } from "esbuild";
import type ts from "typescript";
import type { PlaybookDocument, Problem } from "#format";
import { collectExpressions, type Expression, parseExpression } from "./compile/expressions.ts";
import { ENTRY, type ImportFault, playbookModules } from "./compile/modules.ts";
import { expressionsUse, fileUse } from "./compile/scope-use.ts";
import { CALL_GLOBALS, OWN_GLOBAL } from "./globals.ts";
import type { Bundle, BundleMeta } from "./types.ts";

export type CompileResult = { ok: true; bundle: Bundle } | { ok: false; problems: Problem[] };

export interface CompileInput {
  document: PlaybookDocument;
  /** Path (code/….ts) → source. */
  files: Readonly<Record<string, string>>;
  /** Default: PLAYGRAPH_PACKAGES_DIR. */
  packagesDir?: string | undefined;
}

/** A bundle is sent to every host that runs it and stored with its version. */
const MAX_BUNDLE_LENGTH = 8 * 1024 * 1024;

/**
 * The bundle is a function expression of the call's own globals. Expressions are evaluated with it; a file and what it imports
 * are evaluated when an entry asks for them, so that calling the function again gives fresh module state.
 */
export async function compileVersion({ document, files, packagesDir = process.env["PLAYGRAPH_PACKAGES_DIR"] || undefined }: CompileInput): Promise<CompileResult> {
  const expressions = collectExpressions(document);
  const usedFiles = collectFiles(document);
  if (expressions.length === 0 && usedFiles.size === 0) return { ok: true, bundle: { hash: sha256(""), code: "", meta: { entries: {} } } };

  // Only compiling needs TypeScript, and it costs a process 60 MB.
  const { default: typescript } = await import("typescript");
  const entries: BundleMeta["entries"] = {};
  const problems = [...readExpressions(typescript, expressions, entries), ...readFiles(typescript, usedFiles, files, entries)];
  if (problems.length > 0) return { ok: false, problems };

  try {
    const result = await build({
      entryPoints: [ENTRY],
      bundle: true,
      write: false,
      outfile: "bundle.js",
      format: "iife",
      globalName: "$bundle",
      banner: { js: `(function ({ ${CALL_GLOBALS.join(", ")}, ${OWN_GLOBAL} }) {` },
      footer: { js: "return $bundle; })" },
      // Packages choose what they offer browsers, which is what the isolate resembles: no Node built-ins.
      platform: "browser",
      target: "esnext",
      define: { globalThis: OWN_GLOBAL, self: OWN_GLOBAL, global: OWN_GLOBAL, "process.env.NODE_ENV": '"production"' },
      sourcemap: "external",
      sourcesContent: false,
      legalComments: "none",
      charset: "utf8",
      logLevel: "silent",
      logLimit: 0,
      absWorkingDir: "/",
      tsconfigRaw: { compilerOptions: { alwaysStrict: true, verbatimModuleSyntax: false } },
      plugins: [playbookModules({ entry: entryModule(expressions, usedFiles), expressions, files, packagesDir })],
    });
    // esbuild makes the whole bundle strict because the playbook's files are; each of those says so itself, and old packages may not be.
    const code = result.outputFiles.find((file) => file.path.endsWith(".js"))!.text.replace(/^(.*\n)"use strict";\n/, "$1\n");
    if (code.length > MAX_BUNDLE_LENGTH) {
      return { ok: false, problems: [{ severity: "error", code: "bundle-too-large", message: `the code and its packages come to ${(code.length / 1024 / 1024).toFixed(1)} MB; the limit is ${MAX_BUNDLE_LENGTH / 1024 / 1024} MB` }] };
    }
    const map = JSON.parse(result.outputFiles.find((file) => file.path.endsWith(".map"))!.text) as { sources: string[]; mappings: string };
    const sources = map.sources.map((source) => source.replace(/^(expression|playbook|package):/, ""));
    return { ok: true, bundle: { hash: sha256(code), code, meta: { entries, map: { sources, mappings: map.mappings } } } };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    return { ok: false, problems: error.errors.map((message) => toProblem(message, usedFiles)) };
  }
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const isBuildFailure = (error: unknown): error is BuildFailure => error instanceof Error && Array.isArray((error as Partial<BuildFailure>).errors);

/** Path → the node and field that use it first, in a fixed order. */
type UsedFiles = ReadonlyMap<string, { node: string; field: string }>;

function collectFiles(document: PlaybookDocument): UsedFiles {
  const used = new Map<string, { node: string; field: string }>();
  for (const node of document.nodes) {
    for (const [field, binding] of Object.entries(node.input)) {
      if ("file" in binding && !used.has(binding.file)) used.set(binding.file, { node: node.id, field });
    }
  }
  return new Map([...used].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function readExpressions(typescript: typeof ts, expressions: readonly Expression[], entries: BundleMeta["entries"]): Problem[] {
  const problems: Problem[] = [];
  const trees = new Map<string, ts.Expression[]>();
  for (const { node, field, source } of expressions) {
    const parsed = parseExpression(typescript, source);
    if ("fault" in parsed) {
      const { message, line } = parsed.fault;
      problems.push({ severity: "error", code: "expression-syntax", message: `line ${line}: ${message}`, node, field, line });
    } else {
      trees.set(node, [...(trees.get(node) ?? []), parsed.tree]);
    }
  }
  for (const [node, parts] of trees) entries[`expr:${node}`] = expressionsUse(typescript, parts);
  return problems;
}

function readFiles(typescript: typeof ts, used: UsedFiles, files: Readonly<Record<string, string>>, entries: BundleMeta["entries"]): Problem[] {
  const problems: Problem[] = [];
  for (const [path, user] of used) {
    if (!Object.hasOwn(files, path)) {
      problems.push({ severity: "error", code: "missing-file", message: `the file ${path} does not exist`, file: path, ...user });
      continue;
    }
    const use = fileUse(typescript, typescript.createSourceFile(path, files[path]!, typescript.ScriptTarget.ESNext, true, typescript.ScriptKind.TS));
    if (use) entries[`file:${path}`] = use;
    else problems.push({ severity: "error", code: "no-default-export", message: `${path} needs a default export: the function that the node calls`, file: path, ...user });
  }
  return problems;
}

/** `require` makes esbuild wrap each file, so that it runs when asked for; an import would run all of them, always. */
function entryModule(expressions: readonly Expression[], used: UsedFiles): string {
  const byNode = new Map<string, string[]>();
  expressions.forEach(({ node, field }, index) => {
    byNode.set(node, [...(byNode.get(node) ?? []), `[${JSON.stringify(field)}, e${index}]`]);
  });
  return [
    ...expressions.map(({ path }, index) => `import e${index} from ${JSON.stringify(path)};`),
    "export const expressions = {",
    ...[...byNode].map(([node, fields]) => `${JSON.stringify(`expr:${node}`)}: [${fields.join(", ")}],`),
    "};",
    "export const files = {",
    ...[...used.keys()].map((path) => `${JSON.stringify(`file:${path}`)}: () => require(${JSON.stringify(path)}).default,`),
    "};",
  ].join("\n");
}

function toProblem(message: Message, used: UsedFiles): Problem {
  const fault = message.detail as Partial<ImportFault> | undefined;
  const location = message.location;
  const source = location?.file.replace(/^(expression|playbook|package):/, "");
  const expression = source === undefined ? null : /^expr:([^:]+):(.*)$/s.exec(source);
  if (expression && location) {
    const line = Math.max(1, location.line - 1);
    return { severity: "error", code: fault?.code ?? "expression-syntax", message: `line ${line}: ${message.text}`, node: expression[1]!, field: expression[2]!, line };
  }
  const isAwait = /top-level await/i.test(message.text);
  const text = isAwait ? "a code file cannot await at its top level: await inside the default export" : message.text;
  const user = source === undefined ? undefined : used.get(source) ?? used.values().next().value;
  return {
    severity: "error",
    code: fault?.code ?? "code-syntax",
    message: source === undefined || !location || source === ENTRY ? text : `${source} line ${location.line}: ${text}`,
    ...(source === undefined || source.startsWith("entry:") ? {} : { file: source }),
    ...(location ? { line: location.line } : {}),
    ...(user ?? {}),
  };
}
