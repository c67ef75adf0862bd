import { cutOut, putIn } from "../fragment.ts";
import type { Command } from "./command.ts";

export const duplicateCommand: Command = {
  id: "duplicate", label: "Duplicate", group: "Edit", keys: ["Mod+D"], menus: ["card"], changes: true,
  applies: ({ selection }) => selection.nodes.some((id) => id !== "trigger"),
  run({ store }) {
    const { draft, types, selection } = store.getState();
    const fragment = cutOut(draft, types, selection.nodes);
    if (!fragment) return;
    const { operations, ids } = putIn(draft, types, fragment);
    if (store.actions.edit(ids.length === 1 ? "Duplicate a node" : `Duplicate ${ids.length} nodes`, operations)) store.actions.select({ nodes: ids });
  },
};
