import type { Caret } from "./monaco-pane.tsx";

/** The caret of the plain field inside, if it has the focus: the editor that takes its place goes on from there. */
export function caretIn(place: HTMLElement | null): Caret | null {
  const focused = document.activeElement;
  return focused instanceof HTMLTextAreaElement && place?.contains(focused) ? { start: focused.selectionStart, end: focused.selectionEnd } : null;
}
