import type { editor } from "monaco-editor";
import type { Problem } from "#format";
import type { Monaco } from "./load-monaco.ts";

/** Monaco's own TypeScript says these at once and where they are. A type error without a column is about how a file fits its node, which only the server sees. */
const isSaidByMonaco = ({ code, column }: Problem): boolean => code === "expression-syntax" || ((code === "type" || code === "unresolved-import") && column !== undefined);

/** What only the server knows of a text, as squiggles. */
export function showProblems(monaco: Monaco, model: editor.ITextModel, problems: readonly Problem[]): void {
  const markers = problems.filter((problem) => !isSaidByMonaco(problem) && problem.line !== undefined).map(({ severity, message, line = 1, column = 1, endLine, endColumn }): editor.IMarkerData => {
    const startLineNumber = Math.min(line, model.getLineCount());
    return {
      severity: severity === "error" ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
      message,
      source: "playbook",
      startLineNumber,
      startColumn: column,
      endLineNumber: endLine ?? startLineNumber,
      endColumn: endColumn ?? model.getLineMaxColumn(startLineNumber),
    };
  });
  monaco.editor.setModelMarkers(model, "playgraph", markers);
}
