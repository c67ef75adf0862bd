/** A playbook document prepared for planning: computed once per version, never changed. */
import type { PlaybookDocument, PlaybookEdge, PlaybookNode } from "#format";

export interface Graph {
  /** Nodes of the top level in topological order. */
  order: readonly GraphNode[];
  byId: ReadonlyMap<string, GraphNode>;
}

export interface GraphNode {
  node: PlaybookNode;
  /** Position in `order`. */
  index: number;
  incoming: readonly PlaybookEdge[];
  outgoing: readonly PlaybookEdge[];
  /** How many fired edges start the node; `settled` is the default rule of DESIGN 5.2. */
  join: { kind: "settled" } | { kind: "all" } | { kind: "count"; count: number };
}

function joinOf(node: PlaybookNode): GraphNode["join"] {
  if (node.join === undefined) return { kind: "settled" };
  if (node.join === "all") return { kind: "all" };
  return { kind: "count", count: node.join === "any" ? 1 : node.join.first };
}

/** @throws Error for a circle: publishing refuses those, so this is a damaged row. */
export function prepareGraph(document: PlaybookDocument): Graph {
  const nodes = document.nodes.filter((node) => node.in === undefined);
  const incoming = new Map<string, PlaybookEdge[]>(nodes.map((node) => [node.id, []]));
  const outgoing = new Map<string, PlaybookEdge[]>(nodes.map((node) => [node.id, []]));
  const degree = new Map<string, number>(nodes.map((node) => [node.id, 0]));
  for (const edge of document.edges) {
    if (!incoming.has(edge.to)) continue;
    incoming.get(edge.to)!.push(edge);
    if (edge.from === "trigger") continue;
    outgoing.get(edge.from)?.push(edge);
    degree.set(edge.to, degree.get(edge.to)! + 1);
  }

  const queue = nodes.filter((node) => degree.get(node.id) === 0);
  const order: GraphNode[] = [];
  const nodesById = new Map(nodes.map((node) => [node.id, node]));
  for (let at = 0; at < queue.length; at++) {
    const node = queue[at]!;
    order.push({ node, index: at, incoming: incoming.get(node.id)!, outgoing: outgoing.get(node.id)!, join: joinOf(node) });
    for (const edge of outgoing.get(node.id)!) {
      const left = degree.get(edge.to)! - 1;
      degree.set(edge.to, left);
      if (left === 0) queue.push(nodesById.get(edge.to)!);
    }
  }
  if (order.length !== nodes.length) throw new Error("the playbook has a circle outside a repeat container");
  return { order, byId: new Map(order.map((entry) => [entry.node.id, entry])) };
}
