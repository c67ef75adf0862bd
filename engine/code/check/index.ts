/** Static types of a playbook's expressions and code, from a warm thread: nothing here blocks the process, whatever types it is given. */
import type { NodeShape, PlaybookDocument, PlaybookNode, Problem } from "#format";
import type { Declarations } from "./declare-project.ts";
import type { ScopeDescription } from "./describe-scope.ts";
import type { StepTypes } from "./node-module.ts";
import type { ProjectInput } from "./project.ts";
import { ask, type Asking, type Outcome } from "./queue.ts";

export type { Declarations, NodeDeclaration } from "./declare-project.ts";
export type { ScopeDescription, ScopeField } from "./describe-scope.ts";
export type { Outcome } from "./queue.ts";

/** Any document that parses, also one that the structural check refuses. */
export interface TypeCheckInput extends Asking {
  document: PlaybookDocument;
  /** Path (code/….ts) → source. */
  files: Readonly<Record<string, string>>;
  shapeOf(type: string, version: number): NodeShape | undefined;
  /** Default: PLAYGRAPH_PACKAGES_DIR. */
  packagesDir?: string | undefined;
}

/** @returns what is wrong; a check that cannot be finished is a warning, not an error. */
export async function checkTypes(input: TypeCheckInput): Promise<Problem[]> {
  const outcome = await checkTypesOrYield(input);
  // Without `replaces` nothing supersedes it.
  return outcome.status === "answered" ? outcome.answer : [];
}

/** The check for an editor, which asks again and again. */
export async function checkTypesOrYield(input: TypeCheckInput): Promise<Outcome<Problem[]>> {
  const outcome = await ask({ topic: "check", input: toProject(input) }, input);
  return outcome.status === "gave-up" ? { status: "answered", answer: [unchecked(outcome.reason)] } : outcome;
}

/** What a node may read, as a tree of fields with their static types. */
export function describeScope(input: TypeCheckInput & { node: string }): Promise<Outcome<ScopeDescription>> {
  return ask({ topic: "scope", input: toProject(input), node: input.node }, input);
}

/** Everything that another TypeScript (the browser's editor) needs to see the playbook as this one does. */
export function declarations(input: TypeCheckInput): Promise<Outcome<Declarations>> {
  return ask({ topic: "declarations", input: toProject(input) }, input);
}

function toProject({ document, files, shapeOf, packagesDir = process.env["PLAYGRAPH_PACKAGES_DIR"] || undefined }: TypeCheckInput): ProjectInput {
  const types = Object.fromEntries(document.nodes.map((node) => [node.id, stepTypes(node, shapeOf(node.type, node.version))]));
  return { document, files, types, packagesDir };
}

function stepTypes(node: PlaybookNode, shape: NodeShape | undefined): StepTypes {
  const failed = node.onFailure === "fail" ? [] : [node.onFailure === "port" ? "failed" : node.onFailure.port];
  return { ports: [...new Set([...(shape?.ports(node.config) ?? []), ...failed])], ...shape?.types };
}

const unchecked = (reason: string): Problem => ({ severity: "warning", code: "types-unchecked", message: `the types of this playbook were not checked: ${reason}` });
