/** Expressions: each is parsed by itself, so that no text can reach out of its slot, and becomes a module of its own. */
import type ts from "typescript";
import type { PlaybookDocument } from "#format";
import { CALL_GLOBALS } from "../globals.ts";

export interface Expression {
  /** Of the bundle: `expr:<node>` for all input fields of a node, `expr:<node>:until` for what ends its loop. */
  entry: string;
  node: string;
  field: string;
  source: string;
  /** Name of its module, and of its source in the source map. */
  path: string;
}

export interface SyntaxFault {
  message: string;
  /** 1-based, in the text as written. */
  line: number;
  column: number;
}

/** As a field in problems: no input field of a container has this name. */
export const UNTIL = "until";

export const untilEntry = (node: string): string => `expr:${node}:${UNTIL}`;

/** In a fixed order, so that moving nodes about in the document never changes the bundle. */
export function collectExpressions(document: PlaybookDocument): Expression[] {
  const found: Expression[] = [];
  for (const node of document.nodes) {
    for (const [field, binding] of Object.entries(node.input)) {
      if ("expr" in binding) found.push({ entry: `expr:${node.id}`, node: node.id, field, source: binding.expr, path: `expr:${node.id}:${field}` });
    }
    if (node.until && "expr" in node.until) found.push({ entry: untilEntry(node.id), node: node.id, field: UNTIL, source: node.until.expr, path: untilEntry(node.id) });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

interface ParsedSource extends ts.SourceFile {
  /** Not in TypeScript's public types; a language service would cost a program per expression. */
  readonly parseDiagnostics: readonly ts.DiagnosticWithLocation[];
}

/** @returns the expression's syntax tree, or what is wrong with it. */
export function parseExpression(typescript: typeof ts, source: string): { tree: ts.Expression } | { fault: SyntaxFault } {
  const text = `(\n${source}\n)`;
  const file = typescript.createSourceFile("expression.ts", text, typescript.ScriptTarget.ESNext, true, typescript.ScriptKind.TS) as ParsedSource;
  const at = (position: number): { line: number; column: number } => {
    const place = file.getLineAndCharacterOfPosition(position);
    return { line: Math.min(Math.max(place.line, 1), source.split("\n").length), column: place.character + 1 };
  };
  const fault = file.parseDiagnostics[0];
  if (fault) return { fault: { message: typescript.flattenDiagnosticMessageText(fault.messageText, " "), ...at(fault.start) } };
  const [statement, second] = file.statements;
  // `a) + (b` and `a); (b` parse, but not as one pair of parentheses around everything.
  if (second) return { fault: { message: "this is more than one expression", ...at(second.getStart()) } };
  if (!statement || !typescript.isExpressionStatement(statement) || !typescript.isParenthesizedExpression(statement.expression) || statement.expression.end !== text.length) {
    return { fault: { message: "the parentheses do not match", line: 1, column: 1 } };
  }
  return { tree: statement.expression.expression };
}

/**
 * One line before the author's first, so that line numbers shift by exactly one. A function, not an arrow: `arguments` would
 * otherwise reach the bundle's own. All expressions of a bundle are evaluated once and shared by its calls, which is safe because
 * they can hold no state: what a call may change comes in as parameters.
 */
export function expressionModule(source: string): string {
  const prologue = `"use strict"; const { trigger, alert, steps, item, vars, run } = $scope; const { ${CALL_GLOBALS.join(", ")} } = $call;`;
  return `export default function ($scope, $call) { ${prologue} return (\n${source}\n); }`;
}
