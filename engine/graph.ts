/** A playbook document prepared for planning: computed once per version, never changed. */
import type { PlaybookDocument, PlaybookEdge, PlaybookNode } from "#format";

export interface Graph {
  /** By container id; the top level is "". */
  bodies: ReadonlyMap<string, Body>;
  byId: ReadonlyMap<string, GraphNode>;
}

/** Nodes that are planned together: the top level's, or those of one container. Edges never leave a body. */
export interface Body {
  container: string;
  /** In topological order. */
  order: readonly GraphNode[];
}

export interface GraphNode {
  node: PlaybookNode;
  /** The container that it is in, "" for the top level. */
  body: string;
  /** How many containers it is in. */
  depth: number;
  /** Position in its body's `order`. */
  index: number;
  incoming: readonly PlaybookEdge[];
  outgoing: readonly PlaybookEdge[];
  /** In a body, what nothing leads to begins the iteration; at the top level only the trigger begins anything. */
  begins: boolean;
  /** How many fired edges start the node; `settled` is the default rule of DESIGN 5.2. */
  join: { kind: "settled" } | { kind: "all" } | { kind: "count"; count: number };
}

export const TOP = "";

function joinOf(node: PlaybookNode): GraphNode["join"] {
  if (node.join === undefined) return { kind: "settled" };
  if (node.join === "all") return { kind: "all" };
  return { kind: "count", count: node.join === "any" ? 1 : node.join.first };
}

/** @throws Error for a circle or a container inside itself: publishing refuses those, so this is a damaged row. */
export function prepareGraph(document: PlaybookDocument): Graph {
  const incoming = new Map<string, PlaybookEdge[]>(document.nodes.map((node) => [node.id, []]));
  const outgoing = new Map<string, PlaybookEdge[]>(document.nodes.map((node) => [node.id, []]));
  for (const edge of document.edges) {
    incoming.get(edge.to)?.push(edge);
    outgoing.get(edge.from)?.push(edge);
  }
  const containerOf = new Map(document.nodes.map((node) => [node.id, node.in ?? TOP]));
  const nodesOf = Map.groupBy(document.nodes, (node) => node.in ?? TOP);
  const bodies = new Map<string, Body>([[TOP, { container: TOP, order: [] }]]);
  const byId = new Map<string, GraphNode>();
  for (const [container, nodes] of nodesOf) {
    const depth = depthOf(container, containerOf);
    const order = sorted(nodes, incoming, outgoing).map((node, index): GraphNode => ({
      node, body: container, depth, index, incoming: incoming.get(node.id)!, outgoing: outgoing.get(node.id)!,
      begins: container !== TOP && incoming.get(node.id)!.length === 0, join: joinOf(node),
    }));
    bodies.set(container, { container, order });
    for (const entry of order) byId.set(entry.node.id, entry);
  }
  return { bodies, byId };
}

function sorted(nodes: readonly PlaybookNode[], incoming: ReadonlyMap<string, PlaybookEdge[]>, outgoing: ReadonlyMap<string, PlaybookEdge[]>): PlaybookNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const degree = new Map(nodes.map(({ id }) => [id, incoming.get(id)!.filter(({ from }) => byId.has(from)).length]));
  const order = nodes.filter(({ id }) => degree.get(id) === 0);
  // The list grows while it is walked.
  for (const node of order) {
    for (const { to } of outgoing.get(node.id)!) {
      const left = degree.get(to);
      if (left === undefined) continue;
      degree.set(to, left - 1);
      if (left === 1) order.push(byId.get(to)!);
    }
  }
  if (order.length !== nodes.length) throw new Error("the playbook has a circle outside a repeat container");
  return order;
}

function depthOf(container: string, containerOf: ReadonlyMap<string, string>): number {
  let depth = 0;
  for (let at = container; at !== TOP; at = containerOf.get(at) ?? TOP) {
    depth++;
    if (depth > containerOf.size) throw new Error("a container is inside itself");
  }
  return depth;
}
