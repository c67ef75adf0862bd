/** A playbook version's expressions and files become a bundle for the sandbox. */
import { createHash } from "node:crypto";
import type ts from "typescript";
import type { PlaybookDocument, Problem } from "#format";
import { collectExpressions, type Expression, parseExpression, UNTIL } from "./compile/expressions.ts";
import { buildScript, type Script, type UsedFiles } from "./compile/script.ts";
import { expressionsUse, fileUse } from "./compile/scope-use.ts";
import { fileEntry, type Profile, profileOf } from "./profile.ts";
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

/** One script per profile: packages resolve differently where there is Node. */
export async function compileVersion({ document, files, packagesDir = process.env["PLAYGRAPH_PACKAGES_DIR"] || undefined }: CompileInput): Promise<CompileResult> {
  const expressions = collectExpressions(document);
  const used = { isolate: collectFiles(document, "isolate"), node: collectFiles(document, "node") };
  if (expressions.length === 0 && used.isolate.size === 0 && used.node.size === 0) return { ok: true, bundle: { hash: sha256(""), code: "", meta: { entries: {} } } };

  // Only compiling needs TypeScript, and it costs a process 60 MB.
  const { default: typescript } = await import("typescript");
  const entries: BundleMeta["entries"] = {};
  const problems = [
    ...readExpressions(typescript, expressions, entries),
    ...readFiles(typescript, "isolate", used.isolate, files, entries),
    ...readFiles(typescript, "node", used.node, files, entries),
  ];
  if (problems.length > 0) return { ok: false, problems };

  const build = async (profile: Profile, own: readonly Expression[]): Promise<Script | { problems: Problem[] } | undefined> =>
    own.length + used[profile].size === 0 ? undefined : buildScript(typescript, { profile, expressions: own, used: used[profile], files, packagesDir });
  const [isolate, node] = await Promise.all([build("isolate", expressions), build("node", [])]);
  const faults = [isolate, node].flatMap((each) => (each && "problems" in each ? each.problems : []));
  if (faults.length > 0) return { ok: false, problems: faults };
  const [own, behind] = [isolate, node] as (Script | undefined)[];
  const code = (own?.code ?? "") + (behind?.code ?? "");
  if (code.length > MAX_BUNDLE_LENGTH) {
    return { ok: false, problems: [{ severity: "error", code: "bundle-too-large", message: `the code and its packages come to ${(code.length / 1024 / 1024).toFixed(1)} MB; the limit is ${MAX_BUNDLE_LENGTH / 1024 / 1024} MB` }] };
  }
  const meta: BundleMeta = { entries, ...(own ? { map: own.map } : {}), ...(behind ? { node: { start: own?.code.length ?? 0, map: behind.map } } : {}) };
  return { ok: true, bundle: { hash: sha256(code), code, meta } };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** In a fixed order. */
function collectFiles(document: PlaybookDocument, profile: Profile): UsedFiles {
  const used = new Map<string, { node: string; field: string }>();
  for (const node of document.nodes) {
    if (profileOf(node) !== profile) continue;
    for (const [field, binding] of Object.entries({ ...node.input, ...(node.until ? { [UNTIL]: node.until } : {}) })) {
      if ("file" in binding && !used.has(binding.file)) used.set(binding.file, { node: node.id, field });
    }
  }
  return new Map([...used].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function readExpressions(typescript: typeof ts, expressions: readonly Expression[], entries: BundleMeta["entries"]): Problem[] {
  const problems: Problem[] = [];
  const trees = new Map<string, ts.Expression[]>();
  for (const { entry, node, field, source } of expressions) {
    const parsed = parseExpression(typescript, source);
    if ("fault" in parsed) {
      const { message, line } = parsed.fault;
      problems.push({ severity: "error", code: "expression-syntax", message: `line ${line}: ${message}`, node, field, line });
    } else {
      trees.set(entry, [...(trees.get(entry) ?? []), parsed.tree]);
    }
  }
  for (const [entry, parts] of trees) entries[entry] = expressionsUse(typescript, parts);
  return problems;
}

function readFiles(typescript: typeof ts, profile: Profile, used: UsedFiles, files: Readonly<Record<string, string>>, entries: BundleMeta["entries"]): Problem[] {
  const problems: Problem[] = [];
  for (const [path, user] of used) {
    if (!Object.hasOwn(files, path)) {
      problems.push({ severity: "error", code: "missing-file", message: `the file ${path} does not exist`, file: path, ...user });
      continue;
    }
    const use = fileUse(typescript, typescript.createSourceFile(path, files[path]!, typescript.ScriptTarget.ESNext, true, typescript.ScriptKind.TS));
    if (use) entries[fileEntry(profile, path)] = use;
    else problems.push({ severity: "error", code: "no-default-export", message: `${path} needs a default export: the function that the node calls`, file: path, ...user });
  }
  return problems;
}
