import type { Draft, Operation } from "#format";
import { flow, type Position, withEntries } from "../arrange.ts";
import { heightsOf, placesOf } from "../placing.ts";
import type { NodeTypes } from "../shapes.ts";
import type { Command } from "./command.ts";

/** Lays out all cards, or the chosen ones where they are, from left to right: one move, undone as one. */
export function tidy(draft: Draft, types: NodeTypes, chosen: readonly string[] = []): Operation[] {
  const before = placesOf(draft, types);
  const ids = chosen.length > 1 ? chosen.filter((id) => before.has(id)) : [...before.keys()];
  const after = flow(ids, withEntries(draft.document), heightsOf(draft, types));
  const corner = (places: ReadonlyMap<string, Position>): Position => ({
    x: Math.min(...ids.map((id) => places.get(id)!.x)),
    y: Math.min(...ids.map((id) => places.get(id)!.y)),
  });
  const [from, to] = [corner(after), corner(before)];
  const positions = Object.fromEntries(ids.map((id) => [id, { x: after.get(id)!.x - from.x + to.x, y: after.get(id)!.y - from.y + to.y }]));
  const isSame = ids.every((id) => positions[id]!.x === draft.layout.positions[id]?.x && positions[id]!.y === draft.layout.positions[id]?.y);
  if (isSame) return [];
  // The rest keeps its place, though nobody had said which.
  const rest = ids.length === before.size ? {} : Object.fromEntries([...before].filter(([id]) => !ids.includes(id)));
  return [{ op: "move", positions: { ...rest, ...positions } }];
}

export const tidyCommand: Command = {
  id: "tidy", label: "Tidy up", group: "View", keys: ["T"], menus: ["pane"], changes: true,
  applies: ({ draft }) => draft.document.nodes.length > 0,
  run({ store, view }) {
    const { draft, types, selection } = store.getState();
    const operations = tidy(draft, types, selection.nodes);
    if (operations.length === 0) store.actions.say("It is tidy already");
    else if (store.actions.edit("Tidy up", operations) && selection.nodes.length < 2) requestAnimationFrame(() => view.fit());
  },
};
