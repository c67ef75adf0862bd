import type { editor, IPosition, IRange } from "monaco-editor";
import { forwardRef, useEffect, useImperativeHandle, useRef, useState } from "react";
import type { Problem } from "#format";
import type { CodeDraft } from "./code-project.ts";
import { showProblems } from "./markers.ts";
import { ROOT } from "./monaco/paths.ts";
import { MonacoPane } from "./monaco-pane.tsx";
import { insertText } from "./insert-text.ts";
import { PlainEditor } from "./plain-editor.tsx";
import { caretIn } from "./take-over.ts";
import { useProject } from "./use-project.ts";

export interface CodeEditorProps {
  /** Slug. */
  playbook: string;
  draft: CodeDraft;
  /** code/….ts, one of the draft's files. */
  path: string;
  onChange(path: string, text: string): void;
  readOnly?: boolean;
  problems: readonly Problem[];
  onSave?(): void;
  /** Escape, where nothing in the editor is waiting for it. */
  onEscape?(): void;
  /** Somebody goes to a definition in another file. */
  onOpenFile?(path: string, line: number): void;
  /** 1-based; the same line anew is a new wish. */
  reveal?: { line: number; at: number } | null;
  className?: string;
}

export interface CodeEditorHandle {
  /** Puts a text where the cursor is and goes there; nothing while Monaco is on its way. */
  insert(text: string): void;
}

const OPTIONS: editor.IEditorOptions = { lineNumbersMinChars: 4, folding: true, rulers: [], quickSuggestionsDelay: 50 };

/** Nothing is open that Escape would close. */
const NOTHING_OPEN = [
  "suggestWidgetVisible", "findWidgetVisible", "parameterHintsVisible", "renameInputVisible", "markersNavigationVisible", "referenceSearchVisible", "editorHasMultipleSelections",
  "inSnippetMode", "editorHasSelection", "hoverVisible",
].map((key) => `!${key}`).join(" && ");

/** One file of the playbook, among all others: imports lead to them, and what is upstream has its types. */
export const CodeEditor = forwardRef<CodeEditorHandle, CodeEditorProps>(function CodeEditor({ playbook, draft, path, onChange, readOnly = false, problems, onSave, onEscape, onOpenFile, reveal, className }, ref) {
  const state = useProject(playbook, draft, true);
  const place = useRef<HTMLDivElement>(null);
  const pane = useRef<editor.IStandaloneCodeEditor>();
  const handlers = useRef({ onSave, onEscape, onOpenFile });
  useEffect(() => {
    handlers.current = { onSave, onEscape, onOpenFile };
  });
  const project = state.is === "ready" ? state.project : undefined;
  // The file and its model change together: for a moment after `path` has, the one before is still shown, with its own text.
  const [shown, setShown] = useState<{ path: string; model: editor.ITextModel } | null>(null);
  useEffect(() => {
    // A file that was added just now becomes a model with the draft that has it.
    project?.update(draft);
    const found = project?.file(path) ?? null;
    setShown((before) => (before?.model === found ? before : found && { path, model: found }));
  }, [project, draft, path]);
  const model = shown && !shown.model.isDisposed() ? shown.model : null;

  useEffect(() => {
    if (project && model) showProblems(project.monaco, model, problems.filter(({ file }) => file === shown?.path));
  }, [project, model, problems, shown]);

  useEffect(() => {
    if (!reveal || !model || shown?.path !== path) return;
    const lineNumber = Math.min(reveal.line, model.getLineCount());
    pane.current?.setPosition({ lineNumber, column: model.getLineFirstNonWhitespaceColumn(lineNumber) || 1 });
    pane.current?.revealLineInCenterIfOutsideViewport(lineNumber);
    pane.current?.focus();
  }, [reveal, model, shown, path]);

  useImperativeHandle(ref, () => ({ insert: (text) => void (pane.current && insertText(pane.current, text)) }), []);

  const label = `Code of ${path}`;
  const onReady = (made: editor.IStandaloneCodeEditor) => {
    pane.current = made;
    const { monaco } = project!;
    made.addAction({ id: "playgraph.save", label: "Save", keybindings: [monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyS], run: () => handlers.current.onSave?.() });
    made.addAction({ id: "playgraph.leave", label: "Leave the editor", keybindings: [monaco.KeyCode.Escape], precondition: NOTHING_OPEN, run: () => handlers.current.onEscape?.() });
    const opener = monaco.editor.registerEditorOpener({
      openCodeEditor(source, resource, target) {
        const file = resource.toString();
        if (source !== made) return false;
        if (file.startsWith(`${ROOT}code/`)) handlers.current.onOpenFile?.(file.slice(ROOT.length), lineOf(target));
        // Declarations have no file that could be opened.
        else made.trigger("definition", "editor.action.peekDefinition", null);
        // "Opened here" would send F8 on from this editor at once, which shows the other file a moment later: it would never end.
        return false;
      },
    });
    // The list of problems grows below: what is being written stays in sight.
    made.onDidLayoutChange(() => {
      const position = made.getPosition();
      if (position && made.hasTextFocus()) made.revealPosition(position);
    });
    return () => opener.dispose();
  };

  return (
    <div ref={place} className={className}>
      {project && shown && model
        ? <MonacoPane monaco={project.monaco} model={model} value={draft.files[shown.path] ?? model.getValue()} onChange={(text) => onChange(shown.path, text)} label={`${label}. Control M makes Tab leave the editor.`} options={OPTIONS} readOnly={readOnly} caret={caretIn(place.current)} onReady={onReady} className="h-full w-full font-mono" />
        : <PlainEditor value={draft.files[path] ?? ""} onChange={(text) => onChange(path, text)} label={label} readOnly={readOnly} className="h-full w-full" />}
      {state.is === "failed" && <p role="alert" className="absolute right-4 bottom-2 rounded-md bg-raised px-2 py-1 text-xs text-yellow shadow-float">The code editor could not be loaded; this plain one works, and the server still checks.</p>}
    </div>
  );
});

const lineOf = (target: IRange | IPosition | undefined): number => (target === undefined ? 1 : "lineNumber" in target ? target.lineNumber : target.startLineNumber);
