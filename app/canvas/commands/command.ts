/**
 * What a person can do on the canvas. A command is a file: what it is called, its keys, when it applies and what it does. The editor,
 * its menus, the list of keys and the command palette are made from the array in index.ts and know none of them by name.
 * What a command changes is a pure function over the draft in the same file, or beside it where several share it.
 */
import type { Position } from "../arrange.ts";
import type { EditorState, EditorStore } from "../store.ts";

export type CommandGroup = "Add and connect" | "Edit" | "Select and move" | "View" | "Playbook";
/** A menu that the command is in: of a card, of a connection, of the canvas itself. */
export type MenuPlace = "card" | "edge" | "pane";

/** What the visible canvas can do for a command. Positions are the picture's. */
export interface CanvasView {
  fit(): void;
  zoom(factor: number): void;
  /** Brings a card into view. */
  show(id: string): void;
  /** Middle of what is visible. */
  centre(): Position;
  /** Where the mouse is over the canvas, if it is. */
  pointer(): Position | null;
  focus(): void;
}

export interface Editor {
  store: EditorStore;
  view: CanvasView;
}

export interface Command {
  id: string;
  label: string;
  group: CommandGroup;
  /** As keys.ts reads them ("Mod+Shift+Z"); the first is shown. */
  keys?: readonly string[];
  menus?: readonly MenuPlace[];
  /** The browser acts on the keys itself, with an event that the canvas listens to (copy, cut, paste). */
  byBrowser?: boolean;
  /** Works while a field has the focus. */
  everywhere?: boolean;
  /** It changes the draft: not offered to who may only read. */
  changes: boolean;
  /** Whether it has something to act on. */
  applies(state: EditorState): boolean;
  run(editor: Editor): void | Promise<unknown>;
}

/** Whether it can be used now. */
export const isOffered = (command: Command, state: EditorState): boolean => !(command.changes && state.data.readOnly !== null) && command.applies(state);

/** The one node that is selected, and nothing else. */
export const onlyNode = ({ selection: { nodes, edges } }: Pick<EditorState, "selection">): string | undefined => (nodes.length === 1 && edges.length === 0 ? nodes[0] : undefined);
export const onlyEdge = ({ selection: { nodes, edges } }: Pick<EditorState, "selection">): string | undefined => (edges.length === 1 && nodes.length === 0 ? edges[0] : undefined);
