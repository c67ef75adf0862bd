/** From a diagnostic in the virtual project to a problem at the place where the author wrote it. */
import ts from "typescript";
import { type Insertion, type Problem, toWritten } from "#format";
import { type NodeModule, ROOT, type Span } from "./node-module.ts";
import type { Users } from "./project.ts";

const MAX_MESSAGE = 600;
const NO_SUCH_PROPERTY = 2339;
/** TypeScript's 7xxx: a type that nobody said and that cannot be inferred. Worth knowing; nothing is wrong yet. */
const isImplicitAny = (code: number): boolean => code >= 7000 && code < 8000;
/** `a["b"]` without a b is told as an implicit any, too. */
const namesMissing = ({ messageText }: ts.Diagnostic): boolean => typeof messageText !== "string" && messageText.next?.[0]?.code === NO_SUCH_PROPERTY;

const severityOf = (diagnostic: ts.Diagnostic): Problem["severity"] =>
  diagnostic.category === ts.DiagnosticCategory.Error && (!isImplicitAny(diagnostic.code) || namesMissing(diagnostic)) ? "error" : "warning";

/** TypeScript's 2307: the compiler names the package and says why it is not there. */
const NO_SUCH_MODULE = 2307;

const lineOf = (diagnostic: ts.Diagnostic): number => diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0;

/** A code file as its author wrote it, and what the project's text of it has besides. */
export interface WrittenFile {
  path: string;
  source: string;
  insertions: readonly Insertion[];
}

export function fileProblem({ path, source, insertions }: WrittenFile, diagnostic: ts.Diagnostic, users: Users): Problem {
  const start = toWritten(insertions, diagnostic.start ?? 0);
  const from = placeOf(source, start);
  const to = placeOf(source, Math.max(start, toWritten(insertions, (diagnostic.start ?? 0) + (diagnostic.length ?? 0))));
  const first = users.get(path)?.[0];
  const user = first && { node: first.node, field: first.field };
  const code = diagnostic.code === NO_SUCH_MODULE ? "unresolved-import" : "type";
  return { severity: severityOf(diagnostic), code, message: `${path} line ${from.line}: ${textOf(diagnostic)}`, file: path, ...from, endLine: to.line, endColumn: to.column, ...user };
}

/** 1-based. */
function placeOf(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

/** @param exportLine 1-based line of a code file's default export. */
export function moduleProblem(module: NodeModule, diagnostic: ts.Diagnostic, exportLine: (file: string) => number | undefined): Problem {
  const line = lineOf(diagnostic);
  const span = module.spans.find(({ first, last }) => first <= line && line <= last);
  const problem: Problem = { severity: severityOf(diagnostic), code: "type", message: hint(diagnostic) ?? textOf(diagnostic), node: module.node };
  if (!span) return problem;
  problem.field = span.field;
  if (span.file !== undefined) {
    const at = exportLine(span.file);
    // The second line of three: the function against the scope of this node.
    const isArgument = line === span.first + 1;
    return { ...problem, message: `${span.file}${isArgument ? " does not fit what is upstream" : ""}: ${isArgument ? reasonOf(diagnostic) : problem.message}`, file: span.file, ...(at === undefined ? {} : { line: at }) };
  }
  // Outside of the author's lines stands what the field wants, so the whole expression is meant.
  if (span.lines === undefined) return problem;
  const isInside = line > span.first && line <= span.first + span.lines;
  const at = isInside ? line - span.first : 1;
  return { ...problem, message: span.lines > 1 ? `line ${at}: ${problem.message}` : problem.message, line: at, ...(isInside ? columnsOf(diagnostic, span) : {}) };
}

/** The author's lines stand in the module as they are, so columns are true; lines count from the field's first. */
function columnsOf({ file, start, length }: ts.Diagnostic, { first, lines = 1 }: Span): Partial<Problem> {
  if (!file || start === undefined) return {};
  const end = file.getLineAndCharacterOfPosition(start + (length ?? 0));
  const isPast = end.line > first + lines;
  return { column: file.getLineAndCharacterOfPosition(start).character + 1, ...(isPast ? {} : { endLine: end.line - first, endColumn: end.character + 1 }) };
}

/** The two mistakes that people make with steps, in the product's words. */
function hint({ code, file, start, length }: ts.Diagnostic): string | undefined {
  if (!file || start === undefined || length === undefined) return undefined;
  const text = file.text.slice(start, start + length);
  if ((code === NO_SUCH_PROPERTY || code === 2551) && /\bsteps\??\.\s*$/.test(file.text.slice(0, start))) return `"${text}" is no step upstream of this node`;
  const step = /^steps\.(\w+)$/.exec(text)?.[1];
  if (code === 18048 && step !== undefined) return `the step "${step}" may not have run here: write steps.${step}?. and say what holds without it`;
  return undefined;
}

const textOf = ({ messageText }: ts.Diagnostic): string => tidy(ts.flattenDiagnosticMessageText(messageText, " "));

/** Why a function does not fit its scope: the innermost sentences, since the outer ones only spell out both types in full. */
function reasonOf({ messageText }: ts.Diagnostic): string {
  const sentences: string[] = [];
  for (let at: ts.DiagnosticMessageChain | undefined = typeof messageText === "string" ? undefined : messageText; at; at = at.next?.[0]) sentences.push(at.messageText);
  return sentences.length < 2 ? tidy(ts.flattenDiagnosticMessageText(messageText, " ")) : tidy(sentences.slice(-2).join(" "));
}

function tidy(text: string): string {
  const plain = text.replace(/import\("[^"]*"\)\./g, "").replaceAll(`${ROOT}/`, "").replace(/\s+/g, " ");
  return plain.length > MAX_MESSAGE ? `${plain.slice(0, MAX_MESSAGE)}…` : plain;
}
