import type { editor } from "monaco-editor";
import { useEffect, useLayoutEffect, useRef } from "react";
import type { Monaco } from "./load-monaco.ts";
import { replaceText } from "./replace-text.ts";

/** Where the cursor was in the plain field that this editor takes the place of. */
export interface Caret { start: number; end: number }

export interface MonacoPaneProps {
  monaco: Monaco;
  model: editor.ITextModel;
  value: string;
  onChange(text: string): void;
  /** Its accessible name. */
  label: string;
  /** Of the element that takes the keys, for a <label>. */
  id?: string;
  options: editor.IEditorOptions;
  readOnly?: boolean;
  /** Focus it at once, there. */
  caret?: Caret | null;
  /** Grows with its text, up to so many pixels; absent: it fills its place. */
  maxHeight?: number;
  onReady?(editor: editor.IStandaloneCodeEditor): (() => void) | void;
  className?: string;
}

/** Texts that were handed out and may still come back as values of an earlier moment. */
const MAX_ECHOES = 100;

/** One Monaco editor on one model at a time. The text is the caller's: what comes back as `value` is what the model holds. */
export function MonacoPane({ monaco, model, value, onChange, label, id, options, readOnly = false, caret = null, maxHeight, onReady, className }: MonacoPaneProps) {
  const place = useRef<HTMLDivElement>(null);
  const pane = useRef<editor.IStandaloneCodeEditor>();
  const echoes = useRef<string[]>([]);
  const isOutside = useRef(false);
  const views = useRef(new Map<string, editor.ICodeEditorViewState | null>());
  const latest = useRef({ onChange, onReady, caret });
  useEffect(() => {
    latest.current = { onChange, onReady, caret };
  });

  // Within the commit that takes the plain field away: a key that is pressed in between would reach nobody.
  useLayoutEffect(() => {
    const element = place.current!;
    const overflow = document.createElement("div");
    overflow.className = "monaco-editor monaco-overflow";
    // Inside an open dialog, since nothing outside of one can be reached; else where nothing clips it.
    (element.closest("[role=dialog]") ?? document.body).append(overflow);
    const made = monaco.editor.create(element, { ...BASE, fontFamily: getComputedStyle(element).fontFamily, ...options, model: null, overflowWidgetsDomNode: overflow });
    pane.current = made;
    if (id !== undefined) element.querySelector("textarea")?.setAttribute("id", id);
    const undo = latest.current.onReady?.(made);
    const resize = maxHeight === undefined ? undefined : made.onDidContentSizeChange(({ contentHeight }) => {
      element.style.height = `${Math.min(contentHeight, maxHeight)}px`;
    });
    return () => {
      undo?.();
      resize?.dispose();
      made.dispose();
      overflow.remove();
      pane.current = undefined;
    };
    // Options and the id of a pane never change; the model, the label and the rest follow below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [monaco]);

  useLayoutEffect(() => {
    const shown = pane.current!;
    const uri = model.uri.toString();
    const kept = views.current;
    echoes.current = [];
    shown.setModel(model);
    const view = kept.get(uri);
    if (view) shown.restoreViewState(view);
    const { caret: at } = latest.current;
    if (at) {
      shown.setSelection(monaco.Range.fromPositions(model.getPositionAt(at.start), model.getPositionAt(at.end)));
      shown.focus();
    }
    const changes = model.onDidChangeContent(() => {
      if (isOutside.current) return;
      const text = model.getValue();
      echoes.current = [...echoes.current.slice(-MAX_ECHOES), text];
      latest.current.onChange(text);
    });
    return () => {
      changes.dispose();
      kept.set(uri, shown.saveViewState());
    };
  }, [monaco, model]);

  useEffect(() => {
    if (model.isDisposed()) return;
    if (value === model.getValue()) echoes.current = [];
    // A text that was typed here and has come the long way round, while more was typed: not news.
    if (value === model.getValue() || echoes.current.includes(value)) return;
    isOutside.current = true;
    replaceText(model, value);
    isOutside.current = false;
  }, [model, value]);

  useEffect(() => pane.current?.updateOptions({ readOnly, domReadOnly: readOnly, ariaLabel: label }), [readOnly, label, model]);

  return <div ref={place} className={className} />;
}

const BASE: editor.IStandaloneEditorConstructionOptions = {
  automaticLayout: true,
  // A text area, which everything else on the page (and its key shortcuts) takes for what it is; the newer edit context is a bare div.
  editContext: false,
  fontSize: 12,
  lineHeight: 20,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  fixedOverflowWidgets: true,
  contextmenu: true,
  tabSize: 2,
  renderLineHighlight: "line",
  overviewRulerBorder: false,
  padding: { top: 6, bottom: 6 },
  accessibilitySupport: "auto",
  bracketPairColorization: { enabled: false },
  smoothScrolling: false,
  "semanticHighlighting.enabled": false,
  suggest: { showWords: false, showStatusBar: false, preview: false },
  wordBasedSuggestions: "off",
  quickSuggestions: { other: true, strings: false, comments: false },
  stickyScroll: { enabled: false },
  // Summaries are written with real minus signs and dashes.
  unicodeHighlight: { ambiguousCharacters: false },
  scrollbar: { alwaysConsumeMouseWheel: false, verticalScrollbarSize: 10, horizontalScrollbarSize: 10 },
};
