/** The check itself, synchronous and as slow as the author's types: runs in the thread only. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import type { PlaybookDocument, Problem } from "#format";
import { collectExpressions, parseExpression } from "../compile/expressions.ts";
import { defaultExport } from "../compile/scope-use.ts";
import { modulePath, type NodeModule, nodeModule, ROOT, type StepTypes, varsModule } from "./node-module.ts";
import { fileProblem, moduleProblem, type Users } from "./problems.ts";
import { viewUpstream } from "./upstream.ts";
import { virtualProgram } from "./virtual-project.ts";

export interface CheckRequest {
  document: PlaybookDocument;
  /** Path (code/….ts) → source. */
  files: Readonly<Record<string, string>>;
  /** Node id → what is known of its type. */
  types: Readonly<Record<string, StepTypes>>;
  packagesDir?: string | undefined;
}

const library = (name: string): [string, string] => [`${ROOT}/${name}`, readFileSync(join(import.meta.dirname, "library", name), "utf8")];
const LIBRARY = ["world.d.ts", "globals.d.ts"].map(library);

/** Nothing where the graph has a circle: there is no "upstream" then, and the structural check says so. */
export function checkProject({ document, files, types, packagesDir }: CheckRequest): Problem[] {
  const views = viewUpstream(document, (node) => types[node.id]?.ports ?? []);
  if (!views) return [];
  const { broken, problems } = readExpressions(document);
  const byId = new Map(document.nodes.map((node) => [node.id, node]));
  const modules = [...views].map(([id, view]) => nodeModule(document, byId.get(id)!, types[id] ?? { ports: [] }, view, broken.get(id) ?? new Set()));
  const users = usersOf(modules);
  const texts = new Map([
    ...LIBRARY,
    [`${ROOT}/vars.ts`, varsModule(document)] as const,
    ...modules.map(({ path, text }) => [path, text] as const),
    ...Object.entries(files).map(([path, source]) => [`${ROOT}/${path}`, withScope(source, users.get(path) ?? [])] as const),
  ]);
  const program = virtualProgram(texts, packagesDir);

  for (const path of Object.keys(files)) {
    for (const diagnostic of diagnosticsOf(program, `${ROOT}/${path}`)) problems.push(fileProblem(path, diagnostic, users));
  }
  // In topological order, so that a long chain of inferred types is resolved from its start and never in one deep recursion.
  for (const module of modules) {
    for (const diagnostic of diagnosticsOf(program, module.path)) problems.push(moduleProblem(module, diagnostic, (file) => exportLine(files[file])));
  }
  return distinct(problems);
}

function diagnosticsOf(program: ts.Program, path: string): readonly ts.Diagnostic[] {
  const file = program.getSourceFile(path);
  if (!file) return [];
  const syntax = program.getSyntacticDiagnostics(file);
  return syntax.length > 0 ? syntax : program.getSemanticDiagnostics(file);
}

function readExpressions(document: PlaybookDocument): { broken: Map<string, Set<string>>; problems: Problem[] } {
  const broken = new Map<string, Set<string>>();
  const problems: Problem[] = [];
  for (const { node, field, source } of collectExpressions(document)) {
    const parsed = parseExpression(ts, source);
    if (!("fault" in parsed)) continue;
    broken.set(node, (broken.get(node) ?? new Set()).add(field));
    problems.push({ severity: "error", code: "expression-syntax", message: `line ${parsed.fault.line}: ${parsed.fault.message}`, node, field, line: parsed.fault.line });
  }
  return { broken, problems };
}

function usersOf(modules: readonly NodeModule[]): Users {
  const users = new Map<string, { node: string; field: string }[]>();
  for (const { node, spans } of modules) {
    for (const { field, file } of spans) if (file !== undefined) users.set(file, [...(users.get(file) ?? []), { node, field }]);
  }
  return users;
}

/** A default export that does not say what it takes gets the scope of the nodes that call it. On the same line, so that lines stay true. */
function withScope(source: string, users: readonly { node: string }[]): string {
  if (users.length === 0) return source;
  const tree = ts.createSourceFile("file.ts", source, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS);
  const fn = defaultExport(ts, tree)?.fn;
  const scope = fn?.parameters[0];
  if (!fn || !scope || scope.type || scope.dotDotDotToken) return source;
  const type = [...new Set(users.map(({ node }) => `import(${JSON.stringify(modulePath(node).replace(ROOT, ".."))}).Scope`))].join(" | ");
  const isBare = ts.isArrowFunction(fn) && !fn.getChildren(tree).some(({ kind }) => kind === ts.SyntaxKind.OpenParenToken);
  const [start, end] = [scope.name.getStart(tree), scope.name.end];
  return `${source.slice(0, start)}${isBare ? "(" : ""}${source.slice(start, end)}: ${type}${isBare ? ")" : ""}${source.slice(end)}`;
}

function exportLine(source: string | undefined): number | undefined {
  if (source === undefined) return undefined;
  const tree = ts.createSourceFile("file.ts", source, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS);
  const found = defaultExport(ts, tree);
  return found && tree.getLineAndCharacterOfPosition(found.at.getStart(tree)).line + 1;
}

const distinct = (problems: readonly Problem[]): Problem[] => [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
