import type { editor } from "monaco-editor";

/** In place of the selection, as one step of undo; the cursor goes on behind it. @returns false for an editor without a text. */
export function insertText(shown: editor.IStandaloneCodeEditor, text: string): boolean {
  const range = shown.getSelection();
  if (!range) return false;
  shown.pushUndoStop();
  shown.executeEdits("insert", [{ range, text, forceMoveMarkers: true }]);
  shown.pushUndoStop();
  shown.focus();
  return true;
}
