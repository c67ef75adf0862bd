import { useEffect } from "react";
import { copied, removeCopied } from "./commands/copy.ts";
import { isOffered } from "./commands/command.ts";
import { COMMANDS } from "./commands/index.ts";
import { matches } from "./commands/keys.ts";
import { paste } from "./commands/paste.ts";
import { useEditorHandle } from "./editor-view.tsx";
import { cardDomId } from "./step-card.tsx";

export const isMac = (): boolean => typeof navigator !== "undefined" && /Mac|iP(hone|ad)/.test(navigator.platform);

const FIELDS = "input, textarea, select, [contenteditable='true'], .monaco-editor";
const LAYERS = "[role='dialog'], [role='menu'], [role='listbox'], [role='alertdialog']";

/** Keys and the clipboard's events, while the canvas is what one works on. */
export function useShortcuts(): void {
  const editor = useEditorHandle();
  useEffect(() => {
    const { store } = editor;
    const elsewhere = (target: EventTarget | null): boolean => target instanceof Element && target.closest(`${FIELDS}, ${LAYERS}`) !== null;
    const onCanvas = (target: EventTarget | null): boolean => target instanceof Element && (target === document.body || (target.closest("#canvas") !== null && target.closest("button, a") === null));

    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const { target } = event;
      if ((event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) && onCanvas(target)) {
        event.preventDefault();
        openMenu(store.getState().selection.nodes.at(-1));
        return;
      }
      const withModifier = event.ctrlKey || event.metaKey;
      const command = COMMANDS.find(({ keys, byBrowser, everywhere }) => byBrowser !== true && keys?.some((candidate) => matches(event, candidate)) && (everywhere || (!elsewhere(target) && (withModifier || onCanvas(target)))));
      if (!command) return;
      // Tab on the page's body goes where it always goes.
      if (event.key === "Tab" && target === document.body) return;
      // The browser's own meaning of the keys (search, save, bookmark) would be a surprise even where nothing applies.
      event.preventDefault();
      const state = store.getState();
      if (command.changes && state.data.readOnly !== null) store.actions.say(state.data.readOnly);
      else if (isOffered(command, state)) void command.run(editor);
    };

    const inText = (event: ClipboardEvent): boolean => elsewhere(event.target) || (document.getSelection()?.toString() ?? "") !== "";
    const onCopy = (event: ClipboardEvent) => {
      const text = inText(event) ? null : copied(editor);
      if (text === null) return;
      event.preventDefault();
      event.clipboardData?.setData("text/plain", text);
      if (event.type === "cut") removeCopied(editor);
    };
    const onPaste = (event: ClipboardEvent) => {
      if (elsewhere(event.target)) return;
      event.preventDefault();
      paste(editor, event.clipboardData?.getData("text/plain") ?? "");
    };

    addEventListener("keydown", onKey);
    document.addEventListener("copy", onCopy);
    document.addEventListener("cut", onCopy);
    document.addEventListener("paste", onPaste);
    return () => {
      removeEventListener("keydown", onKey);
      document.removeEventListener("copy", onCopy);
      document.removeEventListener("cut", onCopy);
      document.removeEventListener("paste", onPaste);
    };
  }, [editor]);
}

/** At the chosen card, else in the middle: a key has no place of its own. */
function openMenu(id: string | undefined): void {
  const canvas = document.getElementById("canvas");
  const card = id === undefined ? null : document.getElementById(cardDomId(id));
  if (!canvas) return;
  const room = canvas.getBoundingClientRect();
  const box = (card ?? canvas).getBoundingClientRect();
  const inside = (at: number, low: number, high: number) => Math.min(Math.max(at, low + 8), high - 8);
  const clientX = inside(card ? box.left + 24 : box.left + box.width / 2, room.left, room.right);
  const clientY = inside(card ? box.bottom : box.top + box.height / 2, room.top, room.bottom);
  (card ?? canvas).dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true, clientX, clientY }));
}
