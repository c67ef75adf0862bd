/**
 * The editor's state, and the only way to change it. A draft changes by operations alone: `edit` applies them at once, remembers how
 * to undo them and hands them to the save queue. React Flow, the forms and Monaco show this state and keep none of their own.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import { applyOperations, checkDocument, type Draft, type Operation, type Problem } from "#format";
import type { StepWire } from "#app/models/wire.ts";
import type { CatalogConnection, CatalogNode } from "#nodes/catalog.ts";
import { describeOperation } from "./describe-operation.ts";
import type { DraftClient, StoredDraft } from "./draft-client.ts";
import { EMPTY_HISTORY, type History, redone, remember, undone } from "./history.ts";
import { SaveQueue, type SaveState } from "./save-queue.ts";
import { indexTypes, type NodeTypes, shapesOf } from "./shapes.ts";

/** What the page's loader gives. */
export interface EditorData {
  playbook: { id: string; slug: string; name: string; enabled: boolean; /** The published one. */ version: number | null };
  draft: StoredDraft;
  nodes: CatalogNode[];
  connectionTypes: CatalogConnection[];
  sources: { id: string; title: string }[];
  connections: { id: string; type: string; name: string; enabled: boolean }[];
  /** Why nothing can be changed here, in words; null when it can. */
  readOnly: string | null;
  /** What the published version says, for counting and naming the draft's changes; absent where nothing is published. */
  published?: Draft | null;
}

export interface Selection { nodes: readonly string[]; edges: readonly string[] }

/** What a test runs on: an alert that was received, or a payload that was pasted (`source` undefined: it is detected). */
export type TestTarget = { alert: { id: string; label: string } } | { payload: string; source?: string };

/** A run of the draft, as the canvas shows it. */
export interface TestRun { runId: string; status: string; steps: readonly StepWire[] }

/** Where a new node goes: the port that was dragged out of, the edge that it is put into, or the container whose body it joins. */
export interface PaletteRequest { from?: { node: string; port: string }; position?: { x: number; y: number }; edge?: string; into?: string }

/** A question over the canvas; one at a time. */
export type EditorDialog =
  | { is: "keys" }
  | { is: "search" }
  /** Which port of the node leads to which other node. */
  | { is: "connect"; node: string }
  | { is: "rename"; node: string }
  | { is: "publish" };

export interface EditorState {
  readonly data: EditorData;
  readonly types: NodeTypes;
  draft: Draft;
  /** The server's number of the draft that these edits continue. */
  revision: number;
  /** The draft as the server last confirmed it: what others' changes are told apart from one's own by. */
  confirmed: Draft;
  /** What runs on alerts; null before the first publication. */
  published: { version: number; draft: Draft } | null;
  /** Whether alerts start it; no part of the draft. */
  enabled: boolean;
  save: SaveState;
  history: History;
  /** The server's latest verdict, and at once what the graph alone shows. */
  problems: readonly Problem[];
  checking: boolean;
  selection: Selection;
  /** Set by whoever wants a field of the inspector (or a file's line) to be looked at; `at` makes the same wish twice two wishes. */
  focus: { node: string; field?: string; line?: number; at: number } | null;
  palette: PaletteRequest | null;
  dialog: EditorDialog | null;
  /** The question about somebody else's newer draft was put off. */
  staleHidden: boolean;
  panel: "problems" | "test" | null;
  /** The file that is open full-screen, and the node whose scope types it. */
  studio: { path: string; node?: string; line?: number } | null;
  test: TestRun | null;
  target: TestTarget | null;
  /** The last thing that could not be done, for the toast. */
  notice: { text: string; at: number } | null;
}

export interface EditorActions {
  /**
   * Applies all of the operations or none. @param merge edits that follow each other under one key are undone together.
   * @returns whether they applied; the reason for a refusal is the notice.
   */
  edit(label: string, operations: readonly Operation[], merge?: string): boolean;
  undo(): void;
  redo(): void;
  select(selection: Partial<Selection>): void;
  /** Selects the node and asks the inspector to show the field. */
  reveal(node: string, field?: string, line?: number): void;
  set(changes: Partial<Pick<EditorState, "palette" | "dialog" | "staleHidden" | "published" | "enabled" | "panel" | "studio" | "test" | "target">>): void;
  say(text: string): void;
  /** Sends what is unsaved now. @returns whether the server has everything. */
  flush(): Promise<boolean>;
  /** One's own operations that the server has not confirmed. */
  unsaved(): readonly Operation[];
  /** The draft was published as it is here: it goes on under another number. */
  continueAt(revision: number): void;
  /** After a stale save: one's own unsaved edits are dropped, or put on top of the newer draft. @returns those that no longer apply there. */
  resolveStale(choice: "theirs" | "mine-on-top"): { label: string; message: string }[];
  /** The whole draft was replaced on the server (restore, discard, publish). */
  replace(draft: StoredDraft): void;
  /** Takes a newer draft of the server's where nothing is unsaved here. */
  refresh(): Promise<void>;
  /** One's own unsaved edits are given up: leaving no longer asks. */
  abandon(): void;
  /** Ends timers; the page is going away. */
  close(): void;
}

export type EditorStore = StoreApi<EditorState> & { readonly actions: EditorActions };

/** Milliseconds without an edit before the server is asked about types. */
const CHECK_PAUSE = 350;

export function createEditorStore(data: EditorData, client: DraftClient): EditorStore {
  const types = indexTypes(data.nodes);
  const shapeOf = shapesOf(types);
  const { document, layout, files } = data.draft;
  const structureOf = (draft: Draft): Problem[] => checkDocument(draft.document, shapeOf, new Set(Object.keys(draft.files)));
  const initial: Draft = { document, layout, files };

  const store = createStore<EditorState>()(() => ({
    data, types, draft: initial, confirmed: initial, revision: data.draft.revision,
    published: data.published && data.playbook.version !== null ? { version: data.playbook.version, draft: data.published } : null,
    enabled: data.playbook.enabled,
    save: { is: "saved", at: data.draft.updated_at }, history: EMPTY_HISTORY,
    problems: structureOf(initial), checking: false, selection: { nodes: [], edges: [] }, focus: null, palette: null, dialog: null, staleHidden: false, panel: null, studio: null, test: null, target: null, notice: null,
  }));
  const { setState, getState } = store;
  const queue = new SaveQueue({
    client, revision: data.draft.revision, savedAt: data.draft.updated_at,
    onState: (save) => setState({ save, revision: queue.revision }),
    onConfirmed(operations) {
      const applied = applyOperations(getState().confirmed, operations);
      if (applied.ok) setState({ confirmed: applied.draft });
    },
  });

  let checkTimer: ReturnType<typeof setTimeout> | undefined;
  let checkNumber = 0;
  const check = (pause: number): void => {
    clearTimeout(checkTimer);
    const number = ++checkNumber;
    setState({ checking: true });
    checkTimer = setTimeout(async () => {
      const problems = await client.check(getState().draft);
      // A newer edit has asked again.
      if (number !== checkNumber) return;
      setState({ checking: false, ...(problems === null ? {} : { problems }) });
    }, pause);
  };

  const say = (text: string): void => setState({ notice: { text, at: Date.now() } });

  /** Shows the draft at once; what the server said stays until it answers anew, except where it is about what is gone. */
  const show = (draft: Draft, changes: Partial<EditorState> = {}): void => {
    const { problems, selection } = getState();
    const nodes = new Set(draft.document.nodes.map(({ id }) => id));
    const edges = new Set(draft.document.edges.map(({ id }) => id));
    const structure = structureOf(draft);
    const remembered = problems.filter(({ code, node }) => !STRUCTURE.has(code) && (node === undefined || nodes.has(node)));
    setState({
      draft, problems: [...structure, ...remembered],
      selection: { nodes: selection.nodes.filter((id) => id === "trigger" || nodes.has(id)), edges: selection.edges.filter((id) => edges.has(id)) },
      ...changes,
    });
    check(CHECK_PAUSE);
  };

  const travel = (entry: { operations: readonly Operation[]; inverse: readonly Operation[]; label: string } | undefined, way: "undo" | "redo"): void => {
    if (!entry) return;
    const applied = applyOperations(getState().draft, way === "undo" ? entry.inverse : entry.operations);
    const { history } = getState();
    if (!applied.ok) {
      // The draft was replaced or changed by somebody else since.
      setState({ history: way === "undo" ? { ...history, undo: history.undo.slice(0, -1) } : { ...history, redo: history.redo.slice(0, -1) } });
      say(`“${entry.label}” can no longer be ${way === "undo" ? "undone" : "done again"}: ${applied.message}`);
      return;
    }
    queue.add(way === "undo" ? entry.inverse : entry.operations);
    show(applied.draft, { history: way === "undo" ? undone(history, applied.inverse) : redone(history, applied.inverse) });
  };

  const actions: EditorActions = {
    edit(label, operations, merge) {
      const { readOnly } = data;
      if (readOnly !== null) {
        say(readOnly);
        return false;
      }
      if (operations.length === 0) return true;
      const applied = applyOperations(getState().draft, operations);
      if (!applied.ok) {
        say(`${label}: ${applied.message}`);
        return false;
      }
      queue.add(operations);
      show(applied.draft, { history: remember(getState().history, { label, operations, inverse: applied.inverse, merge, at: Date.now() }) });
      return true;
    },
    undo: () => travel(getState().history.undo.at(-1), "undo"),
    redo: () => travel(getState().history.redo.at(-1), "redo"),
    select: (selection) => setState({ selection: { nodes: selection.nodes ?? [], edges: selection.edges ?? [] } }),
    reveal: (node, field, line) => setState({ selection: { nodes: [node], edges: [] }, focus: { node, at: Date.now(), ...(field === undefined ? {} : { field }), ...(line === undefined ? {} : { line }) } }),
    set: (changes) => setState(changes),
    say,
    flush: () => queue.flush(),
    unsaved: () => queue.unsaved,
    continueAt: (revision) => queue.rebase(revision, new Date().toISOString(), queue.unsaved),
    resolveStale(choice) {
      const { save } = getState();
      if (save.is !== "stale") return [];
      const { theirs } = save;
      const mine = choice === "mine-on-top" ? queue.unsaved : [];
      const lost: { label: string; message: string }[] = [];
      const kept: Operation[] = [];
      let draft: Draft = { document: theirs.document, layout: theirs.layout, files: theirs.files };
      for (const operation of mine) {
        const applied = applyOperations(draft, [operation]);
        if (applied.ok) {
          draft = applied.draft;
          kept.push(operation);
        } else lost.push({ label: describeOperation(operation, draft.document), message: applied.message });
      }
      queue.rebase(theirs.revision, theirs.updated_at, kept);
      show(draft, { revision: theirs.revision, history: EMPTY_HISTORY, confirmed: { document: theirs.document, layout: theirs.layout, files: theirs.files } });
      return lost;
    },
    replace(stored) {
      queue.rebase(stored.revision, stored.updated_at, []);
      const fresh: Draft = { document: stored.document, layout: stored.layout, files: stored.files };
      show(fresh, { confirmed: fresh, revision: stored.revision, history: EMPTY_HISTORY, test: null });
    },
    async refresh() {
      if (getState().save.is !== "saved") return;
      const stored = await client.read();
      if (!stored || getState().save.is !== "saved" || stored.revision === queue.revision) return;
      actions.replace(stored);
      if (stored.updated_by !== null) say(`${stored.updated_by} has changed this draft: you see the newest`);
    },
    abandon: () => queue.rebase(queue.revision, null, []),
    close() {
      clearTimeout(checkTimer);
      checkNumber++;
      queue.stop();
    },
  };

  check(0);
  return Object.assign(store, { actions });
}

/** Problems that the graph alone shows, found at every edit. All others are the server's, and outlive an edit until its next answer. */
const STRUCTURE: ReadonlySet<string> = new Set([
  "duplicate-node", "unknown-type", "missing-input", "unknown-input", "missing-file", "missing-container", "not-a-container",
  "duplicate-edge", "dangling-edge", "crosses-wall", "unknown-port", "cycle",
]);
