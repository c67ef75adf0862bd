import { applyOperation, type Draft, type Operation, TRIGGER_ID } from "#format";
import { edgeId } from "../node-ids.ts";
import { type NodeTypes, portsOf, titleOf, typeOf } from "../shapes.ts";
import type { EditorState } from "../store.ts";
import { type Command, onlyNode } from "./command.ts";

export interface Ends { from: string; port: string; to: string }

export function connectLabel({ draft, types }: Pick<EditorState, "draft" | "types">, { from, to }: Pick<Ends, "from" | "to">): string {
  const name = (id: string): string => {
    const node = draft.document.nodes.find((candidate) => candidate.id === id);
    return node ? `“${titleOf(types, node)}”` : "the trigger";
  };
  return `Connect ${name(from)} to ${name(to)}`;
}

export const connect = (draft: Draft, ends: Ends): Operation[] => [{ op: "add-edge", edge: { id: edgeId(draft, ends), ...ends } }];

/** Its other end, or its beginning, goes elsewhere; the connection keeps its place in the document. */
export function reconnect(draft: Draft, id: string, ends: Ends): Operation[] {
  const at = draft.document.edges.findIndex((edge) => edge.id === id);
  const edge = draft.document.edges[at];
  if (!edge || (edge.from === ends.from && edge.port === ends.port && edge.to === ends.to)) return [];
  return [{ op: "remove-edge", id }, { op: "add-edge", edge: { id: edgeId(draft, ends), ...ends }, at }];
}

/** Why two cards cannot be connected, by the same rules as the edit itself. @param instead the connection that this one would replace */
export function refusal(draft: Draft, types: NodeTypes, ends: Ends, instead?: string): string | undefined {
  if (ends.to === TRIGGER_ID) return "nothing leads to the trigger: it begins the run";
  if (ends.from === ends.to) return "a node cannot follow itself";
  const node = draft.document.nodes.find(({ id }) => id === ends.from);
  if (node && !portsOf(typeOf(types, node), node).includes(ends.port)) return `“${node.title ?? node.id}” has no port ${ends.port}`;
  const without = instead === undefined ? undefined : applyOperation(draft, { op: "remove-edge", id: instead });
  const applied = applyOperation(without?.ok ? without.draft : draft, connect(draft, ends)[0]!);
  return applied.ok ? undefined : applied.message;
}

export interface Way { port: string; to: string; /** Why not. */ refusal: string | undefined }

/** Every port of a node with every other node. */
export function ways(draft: Draft, types: NodeTypes, from: string): Way[] {
  const node = draft.document.nodes.find(({ id }) => id === from);
  const ports = from === TRIGGER_ID ? ["out"] : node ? portsOf(typeOf(types, node), node) : [];
  return ports.flatMap((port) => draft.document.nodes.filter(({ id }) => id !== from).map(({ id: to }) => ({ port, to, refusal: refusal(draft, types, { from, port, to }) })));
}

export const connectCommand: Command = {
  id: "connect",
  label: "Connect to…",
  group: "Add and connect",
  keys: ["C"],
  menus: ["card"],
  changes: true,
  applies: (state) => {
    const id = onlyNode(state);
    return id !== undefined && state.draft.document.nodes.length > 0 && ways(state.draft, state.types, id).length > 0;
  },
  run({ store }) {
    store.actions.set({ dialog: { is: "connect", node: onlyNode(store.getState())! } });
  },
};
