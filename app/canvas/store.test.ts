import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Operation, parseDocument, type Problem } from "#format";
import type { CatalogNode } from "#nodes/catalog.ts";
import type { DraftClient, SaveAnswer, StoredDraft } from "./draft-client.ts";
import { createEditorStore, type EditorData } from "./store.ts";

const set: CatalogNode = {
  type: "core.set", version: 1, ui: { title: "Set", category: "control", icon: "braces", summary: "Set" }, connection: null, config: {}, input: { properties: { text: {} } },
  requiredInputs: ["text"], anyInput: false, outputs: {}, ports: ["out"], portsFrom: null, effect: "none", effectBy: null, repeatable: false, timeout: 60, retry: null, isContainer: false, endsRun: false,
};

const stored = (name: string, revision: number): StoredDraft => ({
  document: parseDocument({ format: 1, name, nodes: [{ id: "a", type: "core.set" }], edges: [] }), layout: { positions: {} }, files: {}, revision, updated_by: "ana", updated_at: null,
});

const data: EditorData = {
  playbook: { id: "p", slug: "p", name: "P", enabled: true, version: null }, draft: stored("P", 1), nodes: [set], connectionTypes: [], sources: [], connections: [], readOnly: null,
};

const typeProblem: Problem = { severity: "error", code: "type", message: "not a string", node: "a", field: "text" };

function world(over: Partial<EditorData> = {}, answers: SaveAnswer[] = [], problems: Problem[] | null = []) {
  const saves: (readonly Operation[])[] = [];
  const client: DraftClient = {
    save: async (_revision, operations) => {
      saves.push(operations);
      return answers.shift() ?? { is: "saved", revision: 2, updated_at: "now" };
    },
    read: async () => stored("Theirs", 7),
    check: async () => problems,
  };
  return { store: createEditorStore({ ...data, ...over }, client), saves };
}

const rename = (name: string): Operation => ({ op: "set-details", changes: { name } });
const settled = () => vi.advanceTimersByTimeAsync(5000);

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

test("an edit shows at once, is saved, undone and done again by operations", async () => {
  const { store, saves } = world();
  const { edit, undo, redo } = store.actions;
  expect(edit("Rename", [rename("Q")])).toBe(true);
  expect(store.getState().draft.document.name).toBe("Q");
  undo();
  expect(store.getState().draft.document.name).toBe("P");
  redo();
  expect(store.getState().draft.document.name).toBe("Q");
  undo();
  await settled();
  expect(saves).toEqual([[rename("Q"), rename("P"), rename("Q"), rename("P")]]);
  expect(store.getState()).toMatchObject({ save: { is: "saved" }, revision: 2, draft: { document: { name: "P" } } });
});

test("an edit that does not apply changes nothing and says why", () => {
  const { store } = world();
  expect(store.actions.edit("Connect", [rename("Q"), { op: "add-edge", edge: { id: "e", from: "a", port: "out", to: "gone" } }])).toBe(false);
  expect(store.getState()).toMatchObject({ draft: { document: { name: "P" } }, notice: { text: 'Connect: there is no node "gone" (any more)' }, history: { undo: [] } });
});

test("who may not edit is told so, and nothing is sent", async () => {
  const { store, saves } = world({ readOnly: "Your role (viewer) lacks playbooks:manage" });
  expect(store.actions.edit("Rename", [rename("Q")])).toBe(false);
  await settled();
  expect(saves).toEqual([]);
  expect(store.getState().notice?.text).toContain("viewer");
});

test("what the graph shows is a problem at once; what the server found stays until it answers anew or its node is gone", async () => {
  const { store } = world({}, [], [typeProblem]);
  expect(store.getState().problems).toMatchObject([{ code: "missing-input", node: "a" }]);
  await settled();
  expect(store.getState().problems).toEqual([typeProblem]);
  store.actions.edit("Rename", [rename("Q")]);
  expect(store.getState().problems).toMatchObject([{ code: "missing-input" }, typeProblem]);
  store.actions.edit("Delete", [{ op: "remove-node", id: "a" }]);
  expect(store.getState().problems).toEqual([]);
});

test("a server that cannot be asked leaves what is known", async () => {
  const { store } = world({}, [], null);
  await settled();
  expect(store.getState()).toMatchObject({ checking: false, problems: [{ code: "missing-input" }] });
});

test("a stale save waits for a choice; one's own edits go on top of theirs as far as they apply", async () => {
  const theirs = { ...stored("Theirs", 7), document: { ...stored("Theirs", 7).document, nodes: [] } };
  const { store, saves } = world({}, [{ is: "stale", draft: theirs }]);
  store.actions.edit("Rename", [rename("Mine")]);
  store.actions.edit("Title", [{ op: "set-node", id: "a", changes: { title: "A" } }]);
  await settled();
  expect(store.getState().save).toMatchObject({ is: "stale" });
  expect(store.actions.resolveStale("mine-on-top")).toMatchObject([{ message: 'there is no node "a" (any more)' }]);
  await settled();
  expect(saves.at(-1)).toEqual([rename("Mine")]);
  expect(store.getState()).toMatchObject({ save: { is: "saved" }, draft: { document: { name: "Mine", nodes: [] } } });
});

test("taking theirs drops one's own, and nothing of it can be undone into their draft", async () => {
  const { store, saves } = world({}, [{ is: "stale", draft: stored("Theirs", 7) }]);
  store.actions.edit("Rename", [rename("Mine")]);
  await settled();
  expect(store.actions.resolveStale("theirs")).toEqual([]);
  store.actions.undo();
  await settled();
  expect(store.getState()).toMatchObject({ draft: { document: { name: "Theirs" } }, revision: 7, history: { undo: [], redo: [] } });
  expect(saves).toHaveLength(1);
});

test("coming back to the page takes a newer draft, unless something is unsaved", async () => {
  const { store } = world();
  store.actions.edit("Rename", [rename("Mine")]);
  await store.actions.refresh();
  expect(store.getState().draft.document.name).toBe("Mine");
  await settled();
  await store.actions.refresh();
  expect(store.getState()).toMatchObject({ draft: { document: { name: "Theirs" } }, revision: 7, notice: { text: expect.stringContaining("ana") as string } });
});

test("a selection never holds what is gone", () => {
  const { store } = world();
  store.actions.select({ nodes: ["a"] });
  store.actions.edit("Delete", [{ op: "remove-node", id: "a" }]);
  expect(store.getState().selection).toEqual({ nodes: [], edges: [] });
});
