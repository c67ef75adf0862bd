import { putIn, readFragment } from "../fragment.ts";
import type { Command, Editor } from "./command.ts";

const FOREIGN = "The clipboard holds no playbook nodes: copy some on a canvas first";

/** Text of the clipboard, put where the mouse is, else beside where it came from. */
export function paste({ store, view }: Editor, text: string): void {
  const fragment = readFragment(text);
  if (fragment === undefined) {
    store.actions.say(text.trim() === "" ? "The clipboard is empty" : FOREIGN);
    return;
  }
  const { draft, types } = store.getState();
  const isFromHere = fragment.nodes.some(({ id }) => draft.document.nodes.some((node) => node.id === id));
  const { operations, ids } = putIn(draft, types, fragment, view.pointer() ?? (isFromHere ? undefined : view.centre()));
  if (store.actions.edit(ids.length === 1 ? "Paste a node" : `Paste ${ids.length} nodes`, operations)) store.actions.select({ nodes: ids });
}

export const pasteCommand: Command = {
  id: "paste", label: "Paste", group: "Edit", keys: ["Mod+V"], menus: ["pane"], byBrowser: true, changes: true, applies: () => true,
  async run(editor) {
    try {
      paste(editor, await navigator.clipboard.readText());
    } catch {
      editor.store.actions.say("This browser does not let a button read the clipboard: press Ctrl+V");
    }
  },
};
