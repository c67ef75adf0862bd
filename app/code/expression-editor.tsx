import type { editor } from "monaco-editor";
import { forwardRef, useEffect, useImperativeHandle, useMemo, useRef, useState, type ReactNode } from "react";
import type { Problem } from "#format";
import type { CodeDraft, CodeProject } from "./code-project.ts";
import { insertText } from "./insert-text.ts";
import { showProblems } from "./markers.ts";
import { MonacoPane } from "./monaco-pane.tsx";
import { caretIn } from "./take-over.ts";
import { useProject } from "./use-project.ts";

export interface ExpressionEditorProps {
  /** Slug. */
  playbook: string;
  draft: CodeDraft;
  node: string;
  field: string;
  value: string;
  onChange(text: string): void;
  label: string;
  /** Of the element that takes the keys, as in `fallback`. */
  id?: string;
  readOnly?: boolean;
  /** Of this field. */
  problems: readonly Problem[];
  onSave?(): void;
  /** The same text in a plain field, until Monaco is there: it is loaded when somebody goes into that field. */
  fallback: ReactNode;
}

export interface ExpressionHandle {
  /** Puts a text where the cursor is and goes there. @returns whether the editor is there. */
  insert(text: string): boolean;
}

const MAX_HEIGHT = 240;

/** Small, as one line that grows: Tab leaves it, and nothing stands beside the text. */
const OPTIONS: editor.IEditorOptions = {
  lineNumbers: "off", glyphMargin: false, folding: false, lineDecorationsWidth: 8, lineNumbersMinChars: 0, renderLineHighlight: "none", wordWrap: "on", wrappingIndent: "same",
  overviewRulerLanes: 0, hideCursorInOverviewRuler: true, guides: { indentation: false }, tabFocusMode: true, quickSuggestionsDelay: 20,
  scrollbar: { vertical: "auto", horizontal: "hidden", alwaysConsumeMouseWheel: false, verticalScrollbarSize: 8 },
  find: { addExtraSpaceOnTop: false }, acceptSuggestionOnCommitCharacter: false,
};

/** One field's expression, typed by what is upstream of its node and by what the field takes. */
export const ExpressionEditor = forwardRef<ExpressionHandle, ExpressionEditorProps>(function ExpressionEditor(props, ref) {
  const { playbook, draft, fallback } = props;
  const [isWanted, setWanted] = useState(false);
  const state = useProject(playbook, draft, isWanted);
  const place = useRef<HTMLDivElement>(null);
  return (
    <div ref={place} onFocusCapture={() => setWanted(true)}>
      {state.is === "ready" ? <Ready key={`${props.node} ${props.field}`} {...props} project={state.project} place={place} ref={ref} /> : fallback}
    </div>
  );
});

interface ReadyProps extends ExpressionEditorProps { project: CodeProject; place: React.RefObject<HTMLDivElement> }

const Ready = forwardRef<ExpressionHandle, ReadyProps>(function Ready({ project, place, node, field, value, onChange, label, id, readOnly = false, problems, onSave }, ref) {
  const pane = useRef<editor.IStandaloneCodeEditor>();
  const isVisited = useRef(false);
  const save = useRef(onSave);
  useEffect(() => {
    save.current = onSave;
  });
  // The text follows as the pane's value; a model is made once for a field.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const model = useMemo(() => project.expression(node, field, value), [project, node, field]);
  const [caret] = useState(() => caretIn(place.current));

  useEffect(() => () => {
    // After the pane has let go of it.
    setTimeout(() => model.isAttachedToEditor() || model.dispose());
  }, [model]);

  useEffect(() => showProblems(project.monaco, model, problems), [project, model, problems]);

  useImperativeHandle(ref, () => ({
    insert(text) {
      const shown = pane.current;
      if (!shown) return false;
      // An editor that nobody has been in has its cursor before the text.
      if (!isVisited.current) shown.setPosition(model.getFullModelRange().getEndPosition());
      return insertText(shown, text);
    },
  }), [model]);

  const onReady = (made: editor.IStandaloneCodeEditor) => {
    pane.current = made;
    made.onDidFocusEditorText(() => {
      isVisited.current = true;
    });
    const { KeyCode, KeyMod } = project.monaco;
    made.addAction({ id: "playgraph.save", label: "Save", keybindings: [KeyMod.CtrlCmd | KeyCode.KeyS], run: () => save.current?.() });
  };
  const isWrong = problems.some(({ severity }) => severity === "error");
  return (
    <div data-invalid={isWrong || undefined} className="overflow-hidden rounded-md border border-line-strong bg-surface focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-(--focus) data-invalid:border-red">
      <MonacoPane monaco={project.monaco} model={model} value={value} onChange={onChange} label={label} id={id} options={OPTIONS} readOnly={readOnly} caret={caret} maxHeight={MAX_HEIGHT} onReady={onReady} className="h-8 w-full font-mono" />
    </div>
  );
});
