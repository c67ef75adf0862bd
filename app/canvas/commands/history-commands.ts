import type { Command } from "./command.ts";

export const undoCommand: Command = {
  id: "undo", label: "Undo", group: "Edit", keys: ["Mod+Z"], changes: true,
  applies: ({ history }) => history.undo.length > 0,
  run: ({ store }) => store.actions.undo(),
};

export const redoCommand: Command = {
  id: "redo", label: "Redo", group: "Edit", keys: ["Mod+Shift+Z", "Mod+Y"], changes: true,
  applies: ({ history }) => history.redo.length > 0,
  run: ({ store }) => store.actions.redo(),
};
