import { cutOut } from "../fragment.ts";
import { deleteSelection } from "./delete-selection.ts";
import type { Command, Editor } from "./command.ts";

/** What the clipboard gets, as text; null where nothing is selected that can be copied. */
export function copied({ store }: Editor): string | null {
  const { draft, types, selection } = store.getState();
  const fragment = cutOut(draft, types, selection.nodes);
  return fragment === undefined ? null : JSON.stringify(fragment);
}

export function removeCopied({ store }: Editor): void {
  const { draft, selection } = store.getState();
  const nodes = selection.nodes.filter((id) => id !== "trigger");
  store.actions.edit(nodes.length === 1 ? "Cut a node" : `Cut ${nodes.length} nodes`, deleteSelection(draft, { nodes, edges: [] }));
}

const hasNode: Command["applies"] = ({ selection }) => selection.nodes.some((id) => id !== "trigger");

async function write(editor: Editor): Promise<boolean> {
  const text = copied(editor);
  if (text === null) return false;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    editor.store.actions.say("This browser does not let a button reach the clipboard: press Ctrl+C or Ctrl+X");
    return false;
  }
}

export const copyCommand: Command = {
  id: "copy", label: "Copy", group: "Edit", keys: ["Mod+C"], menus: ["card"], byBrowser: true, changes: false, applies: hasNode,
  run: (editor) => write(editor),
};

export const cutCommand: Command = {
  id: "cut", label: "Cut", group: "Edit", keys: ["Mod+X"], menus: ["card"], byBrowser: true, changes: true, applies: hasNode,
  async run(editor) {
    if (await write(editor)) removeCopied(editor);
  },
};
