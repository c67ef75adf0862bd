import type { Command } from "./command.ts";

const always = (): boolean => true;

export const fitCommand: Command = { id: "fit", label: "Show everything", group: "View", keys: ["F", "Shift+1", "!"], menus: ["pane"], changes: false, applies: always, run: ({ view }) => view.fit() };
export const zoomInCommand: Command = { id: "zoom-in", label: "Closer", group: "View", keys: ["+", "="], changes: false, applies: always, run: ({ view }) => view.zoom(1.25) };
export const zoomOutCommand: Command = { id: "zoom-out", label: "Further away", group: "View", keys: ["-"], changes: false, applies: always, run: ({ view }) => view.zoom(0.8) };

export const searchCommand: Command = {
  id: "search", label: "Find a node…", group: "View", keys: ["Mod+F", "/"], menus: ["pane"], changes: false, applies: always,
  run: ({ store }) => store.actions.set({ dialog: { is: "search" } }),
};

export const keysCommand: Command = {
  id: "keys", label: "Show all keys", group: "View", keys: ["?"], menus: ["pane"], changes: false, applies: always,
  run: ({ store }) => store.actions.set({ dialog: { is: "keys" } }),
};

export const problemsCommand: Command = {
  id: "problems", label: "Show problems", group: "Playbook", keys: ["P"], changes: false, applies: always,
  run: ({ store }) => store.actions.set({ panel: store.getState().panel === "problems" ? null : "problems" }),
};

export const testCommand: Command = {
  id: "test", label: "Test…", group: "Playbook", keys: ["R"], changes: false, applies: always,
  run: ({ store }) => store.actions.set({ panel: store.getState().panel === "test" ? null : "test" }),
};

export const saveCommand: Command = {
  id: "save", label: "Save now", group: "Playbook", keys: ["Mod+S"], everywhere: true, changes: true, applies: always,
  run: ({ store }) => store.actions.flush(),
};

export const publishCommand: Command = {
  id: "publish", label: "Publish…", group: "Playbook", changes: true, applies: always,
  run: ({ store }) => store.actions.set({ dialog: { is: "publish" } }),
};
