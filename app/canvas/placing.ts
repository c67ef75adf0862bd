/** Where cards go: next to what they follow, never on top of each other. */
import type { Draft, Operation, PlaybookDocument } from "#format";
import { arrange, CARD, GAP, type Heights, heightOf, type Position } from "./arrange.ts";
import { type NodeTypes, portsOf, typeOf } from "./shapes.ts";

/** Room that stays free around a new card. */
const MARGIN = 12;

/** Every way out that a card shows: its ports, and those of connections that its settings no longer have. */
export function outletsOf({ nodes, edges }: PlaybookDocument, types: NodeTypes): Map<string, string[]> {
  const used = Map.groupBy(edges, ({ from }) => from);
  return new Map(nodes.map((node) => [node.id, [...new Set([...portsOf(typeOf(types, node), node), ...(used.get(node.id) ?? []).map(({ port }) => port)])]]));
}

export function heightsOf({ document }: Pick<Draft, "document">, types: NodeTypes): Heights {
  const heights = new Map([...outletsOf(document, types)].map(([id, ports]) => [id, heightOf(ports.length)]));
  return (id) => heights.get(id) ?? CARD.height;
}

/** dagre takes a tenth of a second for a hundred cards, and everything asks where they lie: what was asked last is kept for each layout. */
const known = new WeakMap<Draft["layout"], { ids: string; edges: PlaybookDocument["edges"]; places: ReadonlyMap<string, Position> }>();

export function placesOf(draft: Draft, types: NodeTypes): ReadonlyMap<string, Position> {
  const { nodes, edges } = draft.document;
  const ids = nodes.map(({ id }) => id).join(" ");
  const last = known.get(draft.layout);
  if (last?.ids === ids && last.edges === edges) return last.places;
  const places = arrange(draft.document, draft.layout, heightsOf(draft, types));
  known.set(draft.layout, { ids, edges, places });
  return places;
}

/** Where the cards lie now, for a draft that does not say so for all of them: otherwise a first move would throw the others about. */
export function settle(draft: Draft, types: NodeTypes): Operation[] {
  const { positions } = draft.layout;
  const missing = [...placesOf(draft, types)].filter(([id]) => positions[id] === undefined);
  if (missing.length === 0) return [];
  // A layout that lacks a node is ignored as a whole.
  const isIgnored = missing.some(([id]) => id !== "trigger");
  return [{ op: "move", positions: Object.fromEntries(isIgnored ? placesOf(draft, types) : missing) }];
}

/** The place that was wished for, or the nearest free one below it. */
export function freePlace(places: ReadonlyMap<string, Position>, heights: Heights, wish: Position, height: number): Position {
  const place = { x: Math.round(wish.x), y: Math.round(wish.y) };
  const cards = [...places].map(([id, at]) => ({ ...at, bottom: at.y + heights(id) }));
  for (;;) {
    const hit = cards.find((card) => Math.abs(card.x - place.x) < CARD.width + MARGIN && place.y < card.bottom + MARGIN && place.y + height + MARGIN > card.y);
    if (!hit) return place;
    place.y = hit.bottom + Math.min(GAP.down, 24);
  }
}

/** To the right of a card, at the height of the port it is left by. */
export function besideCard(place: Position, height: number, portIndex: number, ports: number): Position {
  const offset = ports > 1 ? (portIndex - (ports - 1) / 2) * (CARD.height + GAP.down) : 0;
  return { x: place.x + CARD.width + GAP.across, y: place.y + (height - CARD.height) / 2 + offset };
}
