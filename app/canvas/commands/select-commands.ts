import { type Command, onlyNode } from "./command.ts";

export const selectAllCommand: Command = {
  id: "select-all", label: "Select all", group: "Select and move", keys: ["Mod+A"], menus: ["pane"], changes: false,
  applies: ({ draft }) => draft.document.nodes.length > 0,
  run({ store }) {
    const { nodes, edges } = store.getState().draft.document;
    store.actions.select({ nodes: nodes.map(({ id }) => id), edges: edges.map(({ id }) => id) });
  },
};

export const selectNoneCommand: Command = {
  id: "select-none", label: "Select nothing", group: "Select and move", keys: ["Escape"], changes: false,
  applies: ({ selection }) => selection.nodes.length + selection.edges.length > 0,
  run: ({ store }) => store.actions.select({}),
};

export const openFieldsCommand: Command = {
  id: "open-fields", label: "Edit its fields", group: "Select and move", keys: ["Enter"], menus: ["card"], changes: false,
  applies: (state) => onlyNode(state) !== undefined,
  run({ store }) {
    store.actions.reveal(onlyNode(store.getState())!);
    // The first field, which only the inspector's form knows.
    requestAnimationFrame(() => {
      const inspector = document.getElementById("inspector");
      (inspector?.querySelector<HTMLElement>("input:not([type=hidden]):not([disabled]), textarea, select, [contenteditable=true], .cm-content") ?? inspector)?.focus();
    });
  },
};
