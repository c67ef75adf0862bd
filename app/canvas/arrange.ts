/** Where each card lies: as the author put it (layout.json), else by dagre, left to right. */
import dagre from "@dagrejs/dagre";
import type { PlaybookDocument, PlaybookLayout } from "#format";

export interface Position { x: number; y: number }

/** Size of a card with one way out, in the picture's units (CSS pixels at zoom 1). */
export const CARD = { width: 208, height: 80 };
/** Between two cards that follow each other, and between two that lie below each other. */
export const GAP = { across: 72, down: 36 };

/** Where the list of a card's ports begins, and how high one of them is. */
export const PORTS = { top: 62, each: 22 };

/** A card names its ports where it has several, and grows with them. */
export const heightOf = (ports: number): number => (ports > 1 ? PORTS.top + ports * PORTS.each + 6 : CARD.height);

/** Node id, or "trigger" → height of its card. */
export type Heights = (id: string) => number;
const alike: Heights = () => CARD.height;

/** A layout that lacks any node is ignored whole: half-placed pictures overlap. */
export function arrange(document: PlaybookDocument, layout: PlaybookLayout, heights: Heights = alike): Map<string, Position> {
  const ids = document.nodes.map(({ id }) => id);
  if (ids.every((id) => layout.positions[id] !== undefined)) {
    const placed = new Map(ids.map((id) => [id, layout.positions[id]!]));
    placed.set("trigger", layout.positions["trigger"] ?? beside(document, placed));
    return placed;
  }
  return flow(["trigger", ...ids], withEntries(document), heights);
}

/** The connections, and from each container to what its body begins with, which nothing leads to. */
export function withEntries({ nodes, edges }: PlaybookDocument): PlaybookDocument["edges"] {
  const reached = new Set(edges.map(({ to }) => to));
  const entries = nodes.flatMap(({ id, in: container }) => (container === undefined || reached.has(id) ? [] : [{ id: `into ${id}`, from: container, port: "out", to: id }]));
  return [...edges, ...entries];
}

/** By dagre, from left to right. Edges that lead elsewhere are left out. */
export function flow(ids: readonly string[], edges: PlaybookDocument["edges"], heights: Heights = alike): Map<string, Position> {
  const graph = new dagre.graphlib.Graph().setGraph({ rankdir: "LR", nodesep: GAP.down, ranksep: GAP.across }).setDefaultEdgeLabel(() => ({}));
  for (const id of ids) graph.setNode(id, { width: CARD.width, height: heights(id) });
  for (const { from, to } of edges) if (graph.hasNode(from) && graph.hasNode(to)) graph.setEdge(from, to);
  dagre.layout(graph);
  const places = new Map(ids.map((id) => {
    const { x, y } = graph.node(id);
    return [id, { x: Math.round(x - CARD.width / 2), y: Math.round(y - heights(id) / 2) }];
  }));
  straighten(places, edges, heights);
  return places;
}

/** Cards are connected near their tops, and dagre lines up their middles: where a high card follows a low one alone, their tops line up if there is room. */
function straighten(places: Map<string, Position>, edges: PlaybookDocument["edges"], heights: Heights): void {
  const drawn = edges.filter(({ from, to }) => places.has(from) && places.has(to));
  const into = Map.groupBy(drawn, ({ to }) => to);
  const outOf = Map.groupBy(drawn, ({ from }) => from);
  for (const [id, place] of [...places].sort(([, a], [, b]) => a.x - b.x)) {
    const [before, second] = into.get(id) ?? [];
    if (before === undefined || second !== undefined || outOf.get(before.from)!.length > 1 || heights(before.from) !== CARD.height) continue;
    const y = places.get(before.from)!.y;
    const isFree = [...places].every(([other, at]) => other === id || at.x !== place.x || at.y + heights(other) + GAP.down / 2 <= y || y + heights(id) + GAP.down / 2 <= at.y);
    if (isFree) places.set(id, { x: place.x, y });
  }
}

/** The trigger, where the author did not place it: before the leftmost of the nodes it starts. */
function beside(document: PlaybookDocument, placed: ReadonlyMap<string, Position>): Position {
  const first = document.edges.filter(({ from }) => from === "trigger").map(({ to }) => placed.get(to)).find((position) => position !== undefined);
  if (placed.size === 0) return { x: 0, y: 0 };
  const left = Math.min(...[...placed.values()].map(({ x }) => x));
  return { x: left - CARD.width - GAP.across, y: first?.y ?? 0 };
}
