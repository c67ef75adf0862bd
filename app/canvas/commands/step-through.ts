import type { Draft } from "#format";
import type { Position } from "../arrange.ts";
import { placesOf } from "../placing.ts";
import type { Command } from "./command.ts";

export type Direction = "left" | "right" | "up" | "down";

/** The card that an arrow key leads to: along the connections sideways, to the nearest one otherwise. */
export function neighbour({ document }: Draft, places: ReadonlyMap<string, Position>, id: string, direction: Direction): string | undefined {
  const from = places.get(id);
  if (!from) return undefined;
  const linked = document.edges.flatMap((edge) => (direction === "right" && edge.from === id ? [edge.to] : direction === "left" && edge.to === id ? [edge.from] : []));
  const nearest = (ids: readonly string[], far: (d: Position) => number): string | undefined =>
    ids.map((candidate) => ({ candidate, at: places.get(candidate)! })).sort((a, b) => far({ x: a.at.x - from.x, y: a.at.y - from.y }) - far({ x: b.at.x - from.x, y: b.at.y - from.y }))[0]?.candidate;
  if (linked.length > 0) return nearest(linked, ({ y }) => Math.abs(y));
  const ahead = [...places.keys()].filter((candidate) => {
    const at = places.get(candidate)!;
    switch (direction) {
      case "left": return at.x < from.x - 20;
      case "right": return at.x > from.x + 20;
      case "up": return at.y < from.y - 4;
      case "down": return at.y > from.y + 4;
      default: return direction satisfies never;
    }
  });
  const across = direction === "left" || direction === "right";
  return nearest(ahead, ({ x, y }) => (across ? Math.abs(x) + 2 * Math.abs(y) : Math.abs(y) + 2 * Math.abs(x)));
}

const WAYS: [string, Direction][] = [["ArrowLeft", "left"], ["ArrowRight", "right"], ["ArrowUp", "up"], ["ArrowDown", "down"]];

export const stepCommands: Command[] = WAYS.map(([key, direction]) => ({
  id: `step-${direction}`, label: `Go to the card ${direction === "left" ? "before" : direction === "right" ? "after" : direction === "up" ? "above" : "below"}`,
  group: "Select and move", keys: [key], changes: false, applies: () => true,
  run({ store, view }) {
    const { draft, types, selection } = store.getState();
    const places = placesOf(draft, types);
    const current = selection.nodes.at(-1);
    const next = current === undefined ? "trigger" : neighbour(draft, places, current, direction);
    if (next === undefined) return;
    store.actions.select({ nodes: [next] });
    view.show(next);
  },
}));

/** Through the connections of the chosen card, so that one can be removed, or a node put into it, by keys. */
export const nextConnectionCommand: Command = {
  id: "next-connection", label: "Choose the next connection", group: "Select and move", keys: ["E"], changes: false,
  applies: ({ draft }) => draft.document.edges.length > 0,
  run({ store }) {
    const { draft: { document: { edges } }, selection } = store.getState();
    const chosen = edges.find(({ id }) => id === selection.edges[0]);
    const node = selection.nodes.at(-1) ?? chosen?.from;
    const own = edges.filter(({ from, to }) => node === undefined || from === node || to === node);
    const list = own.length > 0 ? own : edges;
    const next = list[(chosen ? list.indexOf(chosen) + 1 : 0) % list.length]!;
    store.actions.select({ edges: [next.id] });
  },
};
