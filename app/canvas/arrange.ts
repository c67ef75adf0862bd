/** Where each card lies: as the author put it (layout.json), else by dagre, left to right. */
import dagre from "@dagrejs/dagre";
import type { PlaybookDocument, PlaybookLayout } from "#format";

export interface Position { x: number; y: number }

/** Size of a card in the picture's units (CSS pixels at zoom 1). */
export const CARD = { width: 208, height: 80 };

/** A layout that lacks any node is ignored whole: half-placed pictures overlap. */
export function arrange(document: PlaybookDocument, layout: PlaybookLayout): Map<string, Position> {
  const ids = document.nodes.map(({ id }) => id);
  if (ids.length > 0 && ids.every((id) => layout.positions[id] !== undefined)) {
    const placed = new Map(ids.map((id) => [id, layout.positions[id]!]));
    placed.set("trigger", layout.positions["trigger"] ?? beside(document, placed));
    return placed;
  }
  const graph = new dagre.graphlib.Graph().setGraph({ rankdir: "LR", nodesep: 36, ranksep: 72 }).setDefaultEdgeLabel(() => ({}));
  for (const id of ["trigger", ...ids]) graph.setNode(id, { ...CARD });
  for (const { from, to } of document.edges) if (graph.hasNode(from) && graph.hasNode(to)) graph.setEdge(from, to);
  dagre.layout(graph);
  return new Map(["trigger", ...ids].map((id) => {
    const { x, y } = graph.node(id);
    return [id, { x: Math.round(x - CARD.width / 2), y: Math.round(y - CARD.height / 2) }];
  }));
}

/** The trigger, where the author did not place it: before the leftmost of the nodes it starts. */
function beside(document: PlaybookDocument, placed: ReadonlyMap<string, Position>): Position {
  const first = document.edges.filter(({ from }) => from === "trigger").map(({ to }) => placed.get(to)).find((position) => position !== undefined);
  const left = Math.min(...[...placed.values()].map(({ x }) => x));
  return { x: left - CARD.width - 72, y: first?.y ?? 0 };
}
