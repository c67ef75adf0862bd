import type { Draft, Operation, PlaybookNode } from "#format";
import type { CatalogNode } from "#nodes/catalog.ts";
import { CARD, GAP, heightOf, type Position } from "../arrange.ts";
import { bodies } from "../containers.ts";
import { asId, edgeId, freeFile, freeNodeId } from "../node-ids.ts";
import { besideCard, freePlace, heightsOf, placesOf, settle } from "../placing.ts";
import { type NodeTypes, portsOf, typeOf } from "../shapes.ts";
import { startOf } from "../starters.ts";
import type { PaletteRequest } from "../store.ts";
import { type Command, onlyEdge, onlyNode } from "./command.ts";

export interface NewNode {
  type: CatalogNode;
  /** What it continues, or the connection it goes into. */
  request: PaletteRequest;
  /** Where it goes when the request does not say. */
  otherwise: Position;
}

export interface Added { id: string; label: string; operations: Operation[] }

/** The operations of one edit: the node with its file, and the connections that the request asks for. */
export function addNode(draft: Draft, types: NodeTypes, { type, request, otherwise }: NewNode): Added {
  const ports = portsOf(type, { config: startOf(type.type).config ?? {}, onFailure: "fail" });
  const edge = draft.document.edges.find(({ id }) => id === request.edge);
  // Something that ends the run has nothing after it: it follows the first of the two instead.
  if (edge && ports.length > 0) return insert(draft, types, { type, ports, edge });
  const from = edge ? { node: edge.from, port: edge.port } : (request.from ?? (draft.document.nodes.length === 0 && request.into === undefined ? { node: "trigger", port: "out" } : undefined));
  const source = draft.document.nodes.find(({ id }) => id === from?.node);
  const height = heightOf(ports.length);
  const position = freePlace(placesOf(draft, types), heightsOf(draft, types), request.position ?? (from ? after(draft, types, from) : request.into === undefined ? otherwise : inside(draft, types, request.into)), height);
  const { node, files } = newNode(draft, type, request.into ?? source?.in);
  const added: Operation[] = [...settle(draft, types), ...files, { op: "add-node", node, position }];
  if (from) added.push({ op: "add-edge", edge: { id: edgeId(draft, { from: from.node, port: from.port, to: node.id }), from: from.node, port: from.port, to: node.id } });
  return { id: node.id, label: `Add ${type.ui.title}`, operations: added };
}

/** The connection leads through the new node; what follows makes room. */
function insert(draft: Draft, types: NodeTypes, { type, ports, edge }: { type: CatalogNode; ports: string[]; edge: Draft["document"]["edges"][number] }): Added {
  const places = placesOf(draft, types);
  const heights = heightsOf(draft, types);
  const { node, files } = newNode(draft, type, draft.document.nodes.find(({ id }) => id === edge.to)?.in);
  const source = places.get(edge.from)!;
  const target = places.get(edge.to)!;
  const height = heightOf(ports.length);
  // Both are connected near their tops: halfway between, the line stays as straight as it was.
  const wished = { x: source.x + CARD.width + GAP.across, y: Math.round((source.y + target.y) / 2) };
  const room = wished.x + CARD.width + GAP.across - target.x;
  // Whatever lies there moves along, so that nothing comes to lie on anything.
  const moved = room > 0 ? Object.fromEntries([...places].filter(([, { x }]) => x >= target.x).map(([id, { x, y }]) => [id, { x: x + room, y }])) : {};
  const position = freePlace(new Map([...places, ...Object.entries(moved)]), heights, wished, height);
  const [port] = ports as [string];
  return {
    id: node.id,
    label: `Insert ${type.ui.title}`,
    operations: [
      ...settle(draft, types),
      ...(room > 0 ? [{ op: "move" as const, positions: moved }] : []),
      ...files,
      { op: "add-node", node, position },
      { op: "remove-edge", id: edge.id },
      { op: "add-edge", edge: { id: edgeId(draft, { ...edge, to: node.id }), from: edge.from, port: edge.port, to: node.id } },
      { op: "add-edge", edge: { id: edgeId(draft, { from: node.id, port, to: edge.to }), from: node.id, port, to: edge.to } },
    ],
  };
}

function newNode(draft: Draft, type: CatalogNode, container: string | undefined): { node: PlaybookNode; files: Operation[] } {
  const { config = {}, input = {}, file } = startOf(type.type);
  const id = freeNodeId(draft, asId(type.type.split(".")[1]!));
  const node: PlaybookNode = { id, type: type.type, version: type.version, config, input, onFailure: "fail", ...(container === undefined ? {} : { in: container }) };
  if (file === undefined) return { node, files: [] };
  const path = freeFile(new Set(Object.keys(draft.files)), id);
  return { node: { ...node, input: { ...input, [file.field]: { file: path } } }, files: [{ op: "write-file", path, text: file.text(id) }] };
}

function after(draft: Draft, types: NodeTypes, { node: id, port }: { node: string; port: string }): Position {
  const node = draft.document.nodes.find((candidate) => candidate.id === id);
  const ports = node ? portsOf(typeOf(types, node), node) : ["out"];
  return besideCard(placesOf(draft, types).get(id) ?? { x: 0, y: 0 }, heightsOf(draft, types)(id), Math.max(0, ports.indexOf(port)), ports.length);
}

/** Below the container, or below what is in it. */
function inside(draft: Draft, types: NodeTypes, container: string): Position {
  const places = placesOf(draft, types);
  const heights = heightsOf(draft, types);
  const { x, y } = places.get(container)!;
  const body = (bodies(draft).get(container) ?? []).map((id) => places.get(id)!.y + heights(id) + GAP.down);
  return { x: x + 40, y: Math.max(y + heights(container) + 2 * GAP.down, ...body) };
}

/** The port that a new node would continue a card by: the first that leads nowhere yet, else the first. */
export function openPort(draft: Draft, types: NodeTypes, id: string): { node: string; port: string } | undefined {
  const node = draft.document.nodes.find((candidate) => candidate.id === id);
  const ports = id === "trigger" ? ["out"] : node ? portsOf(typeOf(types, node), node) : [];
  const port = ports.find((candidate) => !draft.document.edges.some(({ from, port: used }) => from === id && used === candidate)) ?? ports[0];
  return port === undefined ? undefined : { node: id, port };
}

export const addNodeCommand: Command = {
  id: "add-node",
  label: "Add a node…",
  group: "Add and connect",
  keys: ["Tab", "A"],
  menus: ["card", "edge", "pane"],
  changes: true,
  applies: () => true,
  run({ store }) {
    const state = store.getState();
    const [node, edge] = [onlyNode(state), onlyEdge(state)];
    const from = node === undefined ? undefined : openPort(state.draft, state.types, node);
    store.actions.set({ palette: { ...(from ? { from } : {}), ...(edge === undefined ? {} : { edge }) } });
  },
};

export const addInsideCommand: Command = {
  id: "add-inside",
  label: "Add a node inside…",
  group: "Add and connect",
  keys: ["I"],
  menus: ["card"],
  changes: true,
  applies: (state) => {
    const node = state.draft.document.nodes.find(({ id }) => id === onlyNode(state));
    return node !== undefined && typeOf(state.types, node)?.isContainer === true;
  },
  run({ store }) {
    store.actions.set({ palette: { into: onlyNode(store.getState())! } });
  },
};
