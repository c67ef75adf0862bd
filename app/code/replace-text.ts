import type { editor } from "monaco-editor";

/** Makes a model hold a text by changing as little as possible, so that cursors and folds stay where they are. */
export function replaceText(model: editor.ITextModel, text: string): void {
  const before = model.getValue();
  if (before === text) return;
  const { start, beforeEnd, inserted } = difference(before, text);
  const from = model.getPositionAt(start);
  const to = model.getPositionAt(beforeEnd);
  const range = { startLineNumber: from.lineNumber, startColumn: from.column, endLineNumber: to.lineNumber, endColumn: to.column };
  model.pushEditOperations([], [{ range, text: inserted }], () => null);
}

/** The one stretch by which two texts differ. */
export function difference(before: string, after: string): { start: number; beforeEnd: number; inserted: string } {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let same = 0;
  while (same < shorter - start && before[before.length - 1 - same] === after[after.length - 1 - same]) same++;
  return { start, beforeEnd: before.length - same, inserted: after.slice(start, after.length - same) };
}
