/** What each operation does to a draft, and what undoes it. Pure; the same function in the browser and on the server. */
import { type Draft, type NodeChanges, type Operation, TRIGGER_ID, type TriggerChanges } from "./operations.ts";
import type { PlaybookDocument, PlaybookEdge, PlaybookNode } from "./schema.ts";

export type Applied = { ok: true; draft: Draft; inverse: Operation } | { ok: false; message: string };
/** `inverse` undoes the whole list: its operations are already in the order to apply. */
export type AppliedAll = { ok: true; draft: Draft; inverse: Operation[] } | { ok: false; message: string; /** Place of the refused one. */ index: number };

const MAX_NODES = 2000;
const MAX_EDGES = 8000;

type Of<Name extends Operation["op"]> = Extract<Operation, { op: Name }>;

class Refused extends Error {}
const refuse = (message: string): never => {
  throw new Refused(message);
};

/** A draft that was free of dangling edges, circles and duplicate ids stays so: an operation that would break it is refused. */
export function applyOperation(draft: Draft, operation: Operation): Applied {
  try {
    return { ok: true, ...apply(draft, operation) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, message: error.message };
    throw error;
  }
}

/** All or nothing. */
export function applyOperations(draft: Draft, operations: readonly Operation[]): AppliedAll {
  const inverse: Operation[] = [];
  let at = draft;
  for (const [index, operation] of operations.entries()) {
    const applied = applyOperation(at, operation);
    if (!applied.ok) return { ...applied, index };
    at = applied.draft;
    inverse.unshift(applied.inverse);
  }
  return { ok: true, draft: at, inverse };
}

interface Change { draft: Draft; inverse: Operation }

function apply(draft: Draft, operation: Operation): Change {
  switch (operation.op) {
    case "add-node": return addNode(draft, operation);
    case "remove-node": return removeNode(draft, operation);
    case "rename-node": return renameNode(draft, operation);
    case "set-node": return setNode(draft, operation);
    case "set-config": {
      const { id, field, value } = operation;
      const node = find(draft, id);
      return {
        draft: replace(draft, { ...node, config: put(node.config, field, value) }),
        inverse: { op: "set-config", id, field, ...present("value", own(node.config, field)) },
      };
    }
    case "set-input": {
      const { id, field, binding } = operation;
      const node = find(draft, id);
      return {
        draft: replace(draft, { ...node, input: put(node.input, field, binding) }),
        inverse: { op: "set-input", id, field, ...present("binding", own(node.input, field)) },
      };
    }
    case "add-edge": return addEdge(draft, operation);
    case "remove-edge": {
      const at = draft.document.edges.findIndex(({ id }) => id === operation.id);
      const edge = draft.document.edges[at] ?? refuse(`there is no connection "${operation.id}"`);
      return { draft: edit(draft, { edges: draft.document.edges.toSpliced(at, 1) }), inverse: { op: "add-edge", edge, at } };
    }
    case "set-trigger": {
      const { trigger } = draft.document;
      return { draft: edit(draft, { trigger: withChanges(trigger, operation.changes) }), inverse: { op: "set-trigger", changes: beforeOf(trigger, operation.changes) as TriggerChanges } };
    }
    case "set-details": {
      const { changes } = operation;
      return { draft: { ...draft, document: withChanges(draft.document, changes) }, inverse: { op: "set-details", changes: beforeOf(draft.document, changes) } };
    }
    case "set-var": {
      const { name, value } = operation;
      const { vars } = draft.document;
      return { draft: edit(draft, { vars: put(vars, name, value) }), inverse: { op: "set-var", name, ...present("value", own(vars, name)) } };
    }
    case "move": return move(draft, operation);
    case "write-file": {
      const { path, text } = operation;
      return { draft: { ...draft, files: put(draft.files, path, text) }, inverse: { op: "write-file", path, ...present("text", own(draft.files, path)) } };
    }
    default: return operation satisfies never;
  }
}

function addNode(draft: Draft, { node, position, at }: Of<"add-node">): Change {
  const { nodes } = draft.document;
  refuseTakenId(draft, node.id);
  if (nodes.length >= MAX_NODES) refuse(`a playbook has at most ${MAX_NODES} nodes`);
  if (node.in !== undefined) find(draft, node.in);
  const added = edit(draft, { nodes: nodes.toSpliced(at ?? nodes.length, 0, node) });
  return { draft: position === undefined ? added : withPositions(added, { ...draft.layout.positions, [node.id]: position }), inverse: { op: "remove-node", id: node.id } };
}

function removeNode(draft: Draft, { id }: Of<"remove-node">): Change {
  const { nodes, edges } = draft.document;
  const node = find(draft, id);
  if (edges.some(({ from, to }) => from === id || to === id)) refuse(`"${id}" is still connected`);
  if (nodes.some((other) => other.in === id)) refuse(`"${id}" still has nodes in it`);
  const position = own(draft.layout.positions, id);
  return {
    draft: withPositions(edit(draft, { nodes: nodes.filter((other) => other !== node) }), put(draft.layout.positions, id, undefined)),
    inverse: { op: "add-node", node, at: nodes.indexOf(node), ...present("position", position) },
  };
}

/** The graph follows; what the author wrote (`steps.<id>` in expressions and code) is text, and changed by operations of its own. */
function renameNode(draft: Draft, { id, to }: Of<"rename-node">): Change {
  find(draft, id);
  if (id !== to) refuseTakenId(draft, to);
  const renamed = (name: string): string => (name === id ? to : name);
  const { nodes, edges } = draft.document;
  const positions = Object.fromEntries(Object.entries(draft.layout.positions).map(([name, position]) => [renamed(name), position]));
  return {
    draft: withPositions(edit(draft, {
      nodes: nodes.map((node) => (node.id === id || node.in === id ? { ...node, id: renamed(node.id), ...(node.in === undefined ? {} : { in: renamed(node.in) }) } : node)),
      edges: edges.map((edge) => (edge.from === id || edge.to === id ? { ...edge, from: renamed(edge.from), to: renamed(edge.to) } : edge)),
    }), positions),
    inverse: { op: "rename-node", id: to, to: id },
  };
}

function setNode(draft: Draft, { id, changes }: Of<"set-node">): Change {
  const node = find(draft, id);
  if (changes.in !== undefined && (changes.in ?? undefined) !== node.in) {
    if (changes.in !== null) refuseOwnBody(draft, id, changes.in);
    if (draft.document.edges.some(({ from, to }) => from === id || to === id)) refuse(`"${id}" is still connected: a connection never crosses a container's wall`);
  }
  return { draft: replace(draft, withChanges(node, changes)), inverse: { op: "set-node", id, changes: beforeOf(node, changes) as NodeChanges } };
}

function addEdge(draft: Draft, { edge, at }: Of<"add-edge">): Change {
  const { edges } = draft.document;
  if (edges.length >= MAX_EDGES) refuse(`a playbook has at most ${MAX_EDGES} connections`);
  if (edges.some(({ id }) => id === edge.id)) refuse(`there is a connection "${edge.id}" already`);
  const to = find(draft, edge.to);
  if (edge.from === TRIGGER_ID && edge.port !== "out") refuse('the trigger has one port, "out"');
  const from = edge.from === TRIGGER_ID ? undefined : find(draft, edge.from);
  if (edges.some((other) => other.from === edge.from && other.port === edge.port && other.to === edge.to)) refuse("these two are connected already");
  if (from?.in !== to.in) refuse("a connection never crosses a container's wall");
  if (from && reaches(draft.document, to.id, from.id)) refuse("this would make a circle: to loop, use a repeat container");
  return { draft: edit(draft, { edges: edges.toSpliced(at ?? edges.length, 0, edge) }), inverse: { op: "remove-edge", id: edge.id } };
}

function move(draft: Draft, { positions }: Of<"move">): Change {
  const before = draft.layout.positions;
  const after: Record<string, { x: number; y: number }> = { ...before };
  for (const [id, position] of Object.entries(positions)) {
    if (id !== TRIGGER_ID) find(draft, id);
    if (position === null) delete after[id];
    else after[id] = position;
  }
  const undone = Object.fromEntries(Object.keys(positions).map((id) => [id, own(before, id) ?? null]));
  return { draft: withPositions(draft, after), inverse: { op: "move", positions: undone } };
}

/** Whether a way leads from one node to another, or they are the same. */
function reaches({ edges }: PlaybookDocument, from: string, to: string): boolean {
  const next = Map.groupBy(edges, (edge: PlaybookEdge) => edge.from);
  const seen = new Set([from]);
  for (const id of seen) {
    if (id === to) return true;
    for (const edge of next.get(id) ?? []) seen.add(edge.to);
  }
  return false;
}

function refuseTakenId({ document }: Draft, id: string): void {
  if (id === TRIGGER_ID || document.nodes.some((node) => node.id === id)) refuse(`the name "${id}" is taken`);
}

function refuseOwnBody(draft: Draft, id: string, container: string): void {
  for (let at: string | undefined = container; at !== undefined; at = find(draft, at).in) if (at === id) refuse("a container cannot be inside itself");
}

const find = ({ document }: Draft, id: string): PlaybookNode => document.nodes.find((node) => node.id === id) ?? refuse(`there is no node "${id}" (any more)`);

const edit = (draft: Draft, changes: Partial<PlaybookDocument>): Draft => ({ ...draft, document: { ...draft.document, ...changes } });

const replace = (draft: Draft, node: PlaybookNode): Draft => edit(draft, { nodes: draft.document.nodes.map((other) => (other.id === node.id ? node : other)) });

const withPositions = (draft: Draft, positions: Draft["layout"]["positions"]): Draft => ({ ...draft, layout: { ...draft.layout, positions } });

/** The record with one entry set, or without it. */
function put<T>(record: Readonly<Record<string, T>>, name: string, value: NoInfer<T> | undefined): Record<string, T> {
  const { [name]: _, ...others } = record;
  return value === undefined ? others : { ...record, [name]: value };
}

/** Names are the author's: "constructor" is one that every object inherits something under. */
const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined => (Object.hasOwn(record, name) ? record[name] : undefined);

const present = <Name extends string, T>(name: Name, value: T | undefined): { [K in Name]?: T } => (value === undefined ? {} : { [name]: value } as { [K in Name]?: T });

/** Null leaves a property out. */
function withChanges<T extends object>(before: T, changes: object): T {
  const changed: Record<string, unknown> = { ...(before as Record<string, unknown>) };
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete changed[name];
    else if (value !== undefined) changed[name] = value;
  }
  return changed as T;
}

/** What the changed properties were; null where there was none. */
const beforeOf = (before: object, changes: object): Record<string, never> =>
  Object.fromEntries(Object.keys(changes).map((name) => [name, (before as Record<string, unknown>)[name] ?? null])) as Record<string, never>;
