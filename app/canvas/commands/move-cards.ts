import type { Draft, Operation } from "#format";
import type { Position } from "../arrange.ts";
import { placesOf, settle } from "../placing.ts";
import type { NodeTypes } from "../shapes.ts";
import type { Command } from "./command.ts";

/** Units of the picture: as far as one key press moves a card, and the raster that dragging keeps to. */
export const STEP = 10;

export function moveBy(draft: Draft, types: NodeTypes, ids: readonly string[], by: Position): Operation[] {
  const places = placesOf(draft, types);
  const positions = Object.fromEntries(ids.flatMap((id) => {
    const place = places.get(id);
    return place ? [[id, { x: place.x + by.x, y: place.y + by.y }]] : [];
  }));
  return Object.keys(positions).length === 0 ? [] : [...settle(draft, types), { op: "move", positions }];
}

const WAYS: [key: string, word: string, by: Position][] = [
  ["ArrowLeft", "left", { x: -STEP, y: 0 }], ["ArrowRight", "right", { x: STEP, y: 0 }], ["ArrowUp", "up", { x: 0, y: -STEP }], ["ArrowDown", "down", { x: 0, y: STEP }],
];

export const moveCommands: Command[] = WAYS.map(([key, word, by]) => ({
  id: `move-${word}`, label: `Move ${word}`, group: "Select and move", keys: [`Alt+${key}`], changes: true,
  applies: ({ selection }) => selection.nodes.length > 0,
  run({ store }) {
    const { draft, types, selection } = store.getState();
    store.actions.edit(selection.nodes.length === 1 ? "Move a card" : `Move ${selection.nodes.length} cards`, moveBy(draft, types, selection.nodes, by), `move ${selection.nodes.join(" ")}`);
  },
}));
