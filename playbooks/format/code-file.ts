/**
 * A code file's default export is the function that a node calls with its scope. Where it does not say what it takes, its first
 * parameter is typed for it, by text that nobody sees. The server's check and the browser's editor share these rules; each brings
 * its own copy of TypeScript.
 */
import type ts from "typescript";

export type Callable = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction;

/** @returns undefined where there is none; `fn` where it is a function that stands right there. */
export function defaultExport(typescript: typeof ts, source: ts.SourceFile): { at: ts.Node; fn?: Callable } | undefined {
  for (const statement of source.statements) {
    if (typescript.isFunctionDeclaration(statement)) {
      const words = statement.modifiers?.map((modifier) => modifier.kind) ?? [];
      if (words.includes(typescript.SyntaxKind.DefaultKeyword)) return { at: statement, fn: statement };
    }
    if (typescript.isClassDeclaration(statement) && statement.modifiers?.some((modifier) => modifier.kind === typescript.SyntaxKind.DefaultKeyword)) return { at: statement };
    if (typescript.isExportAssignment(statement) && !statement.isExportEquals) {
      let expression = statement.expression;
      while (typescript.isParenthesizedExpression(expression) || typescript.isSatisfiesExpression(expression) || typescript.isAsExpression(expression)) expression = expression.expression;
      const isFunction = typescript.isArrowFunction(expression) || typescript.isFunctionExpression(expression);
      return { at: statement, ...(isFunction ? { fn: expression as Callable } : {}) };
    }
    if (typescript.isExportDeclaration(statement) && statement.exportClause && typescript.isNamedExports(statement.exportClause)) {
      const element = statement.exportClause.elements.find((each) => each.name.text === "default");
      if (element) return { at: element };
    }
  }
  return undefined;
}

/** Text that is added to what the author wrote, at an offset of the author's text. */
export interface Insertion {
  at: number;
  text: string;
  /** It opens what stands at its place: that place is behind it. Others close what stands before it. */
  opens?: true;
}

/** What gives the default export's first parameter a type. On the author's own lines, so that line numbers stay true. */
export function typeScope(typescript: typeof ts, source: string, type: string): Insertion[] {
  const tree = typescript.createSourceFile("file.ts", source, typescript.ScriptTarget.ESNext, true, typescript.ScriptKind.TS);
  const fn = defaultExport(typescript, tree)?.fn;
  const scope = fn?.parameters[0];
  if (!fn || !scope || scope.type || scope.dotDotDotToken) return [];
  const isBare = typescript.isArrowFunction(fn) && !fn.getChildren(tree).some(({ kind }) => kind === typescript.SyntaxKind.OpenParenToken);
  return [
    ...(isBare ? [{ at: scope.name.getStart(tree), text: "(", opens: true as const }] : []),
    { at: scope.name.end, text: `: ${type}${isBare ? ")" : ""}` },
  ];
}

/** @param insertions in the order of their places. */
export function insertInto(source: string, insertions: readonly Insertion[]): string {
  let result = "";
  let from = 0;
  for (const { at, text } of insertions) {
    result += source.slice(from, at) + text;
    from = at;
  }
  return result + source.slice(from);
}

/** An offset of the author's text, in the text with the insertions. */
export const toInserted = (insertions: readonly Insertion[], offset: number): number =>
  insertions.reduce((sum, { at, text, opens }) => (at < offset || (at === offset && opens) ? sum + text.length : sum), offset);

/** An offset of the text with the insertions, in the author's: inside of one, its place. */
export function toWritten(insertions: readonly Insertion[], offset: number): number {
  let added = 0;
  for (const { at, text } of insertions) {
    if (offset <= at + added) break;
    if (offset < at + added + text.length) return at;
    added += text.length;
  }
  return offset - added;
}
