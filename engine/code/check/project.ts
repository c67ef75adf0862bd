/** A playbook as a TypeScript project in memory. Synchronous, and as slow as the author's types: runs in the thread only. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { type Insertion, insertInto, type PlaybookDocument, type Problem, typeScope } from "#format";
import { collectExpressions, parseExpression } from "../compile/expressions.ts";
import { untilModule } from "./loop-types.ts";
import { type NodeModule, nodeModule, ROOT, type StepTypes, varsModule } from "./node-module.ts";
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
export type Users = ReadonlyMap<string, readonly FileUser[]>;

export interface FileUser {
  node: string;
  field: string;
  /** The module whose scope the file is called with. */
  path: string;
}

export interface Project {
  program: ts.Program;
  packages: Packages;
  /** In topological order. */
  modules: readonly NodeModule[];
  /** What ends the rounds of loops, in the scope of their bodies. */
  ends: readonly NodeModule[];
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
  const typesOf = (id: string): StepTypes | undefined => types[id];
  const brokenOf = (id: string): ReadonlySet<string> => broken.get(id) ?? new Set();
  const modules = [...views].map(([id, view]) => nodeModule(document, byId.get(id)!, view, typesOf, brokenOf(id)));
  // After all others: each sees the steps of a body.
  const ends = [...views.keys()].flatMap((id) => untilModule(document, byId.get(id)!, typesOf, brokenOf(id)) ?? []);
  const users = usersOf([...modules, ...ends]);
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
    ...[...modules, ...ends].map(({ path, text }) => [path, text] as const),
    ...Object.entries(files).map(([path, source]) => [`${ROOT}/${path}`, insertInto(source, insertions.get(path) ?? [])] as const),
  ]);
  const packages = openPackages(packagesDir);
  return { program: virtualProgram(texts, packages), packages, modules, ends, users, texts, scopes, insertions, problems };
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

function usersOf(modules: readonly NodeModule[]): ReadonlyMap<string, readonly FileUser[]> {
  const users = new Map<string, FileUser[]>();
  for (const { node, path, spans } of modules) {
    for (const { field, file } of spans) if (file !== undefined) users.set(file, [...(users.get(file) ?? []), { node, field, path }]);
  }
  return users;
}

const scopeOf = (users: readonly { path: string }[]): string =>
  [...new Set(users.map(({ path }) => `import(${JSON.stringify(path.replace(ROOT, ".."))}).Scope`))].join(" | ");
