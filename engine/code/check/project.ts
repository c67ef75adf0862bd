/** A playbook as a TypeScript project in memory. Synchronous, and as slow as the author's types: runs in the thread only. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { type Insertion, insertInto, type PlaybookDocument, type Problem, typeScope } from "#format";
import { collectExpressions, parseExpression } from "../compile/expressions.ts";
import { modulePath, type NodeModule, nodeModule, ROOT, type StepTypes, varsModule } from "./node-module.ts";
import { nodeTypes } from "./node-types.ts";
import { viewUpstream } from "./upstream.ts";
import { openPackages, type Packages, virtualProgram } from "./virtual-project.ts";

export interface ProjectInput {
  document: PlaybookDocument;
  /** Path (code/….ts) → source. */
  files: Readonly<Record<string, string>>;
  /** Node id → what is known of its type. */
  types: Readonly<Record<string, StepTypes>>;
  packagesDir?: string | undefined;
}

/** Code file → the fields that are bound to it. */
export type Users = ReadonlyMap<string, readonly { node: string; field: string }[]>;

export interface Project {
  program: ts.Program;
  packages: Packages;
  /** In topological order. */
  modules: readonly NodeModule[];
  users: Users;
  /** Every text but the libraries' and the packages', by its path. */
  texts: ReadonlyMap<string, string>;
  /** Code file → the type of the scope that its nodes call it with, as its own text would write it. */
  scopes: ReadonlyMap<string, string>;
  /** Code file → what its text in the project has besides the author's. */
  insertions: ReadonlyMap<string, readonly Insertion[]>;
  /** Expressions that do not parse. In the project they stand for anything. */
  problems: readonly Problem[];
}

const library = (name: string): [string, string] => [`${ROOT}/${name}`, readFileSync(join(import.meta.dirname, "library", name), "utf8")];
const LIBRARY = ["world.d.ts", "globals.d.ts"].map(library);

/** Takes any document that parses: what the structural check refuses is seen as well as it can be. */
export function openProject({ document, files, types, packagesDir }: ProjectInput): Project {
  const views = viewUpstream(document, (node) => types[node.id]?.ports ?? []);
  const { broken, problems } = readExpressions(document);
  const byId = new Map(document.nodes.map((node) => [node.id, node]));
  const called = document.nodes.filter(({ id }) => types[id]?.callback).map(({ id }) => id);
  const modules = [...views].map(([id, view]) => nodeModule(document, byId.get(id)!, types[id] ?? { ports: [] }, view, called, broken.get(id) ?? new Set()));
  const users = usersOf(modules);
  const scopes = new Map([...users].map(([path, nodes]) => [path, scopeOf(nodes)]));
  const insertions = new Map(Object.entries(files).map(([path, source]) => {
    const scope = scopes.get(path);
    return [path, scope === undefined ? [] : typeScope(ts, source, scope)];
  }));
  const builtins = nodeTypes(document);
  const texts = new Map([
    ...LIBRARY,
    ...(builtins === undefined ? [] : [[`${ROOT}/node-builtins.d.ts`, builtins] as const]),
    [`${ROOT}/vars.ts`, varsModule(document)] as const,
    ...modules.map(({ path, text }) => [path, text] as const),
    ...Object.entries(files).map(([path, source]) => [`${ROOT}/${path}`, insertInto(source, insertions.get(path) ?? [])] as const),
  ]);
  const packages = openPackages(packagesDir);
  return { program: virtualProgram(texts, packages), packages, modules, users, texts, scopes, insertions, problems };
}

function readExpressions(document: PlaybookDocument): { broken: Map<string, Set<string>>; problems: Problem[] } {
  const broken = new Map<string, Set<string>>();
  const problems: Problem[] = [];
  for (const { node, field, source } of collectExpressions(document)) {
    const parsed = parseExpression(ts, source);
    if (!("fault" in parsed)) continue;
    broken.set(node, (broken.get(node) ?? new Set()).add(field));
    problems.push({ severity: "error", code: "expression-syntax", message: `line ${parsed.fault.line}: ${parsed.fault.message}`, node, field, line: parsed.fault.line, column: parsed.fault.column });
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

const scopeOf = (users: readonly { node: string }[]): string =>
  [...new Set(users.map(({ node }) => `import(${JSON.stringify(modulePath(node).replace(ROOT, ".."))}).Scope`))].join(" | ");
