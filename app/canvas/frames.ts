/** The frames around what is inside containers: where each lies. Pure; both canvases and the miniature draw the same ones. */
import type { PlaybookDocument } from "#format";
import { CARD, type Position } from "./arrange.ts";
import { bodies, depth } from "./containers.ts";

const MARGIN = 16;
/** For the words at its top. */
const LABEL = 22;

export interface Frame extends Position {
  /** The node whose body it is. */
  container: string;
  width: number;
  height: number;
  /** Of a run: which iteration is shown. */
  note?: string | undefined;
}

/** A card's place, by its node's id. */
export type Boxes = ReadonlyMap<string, Position & { height: number }>;

export function framesOf(document: PlaybookDocument, boxes: Boxes): Frame[] {
  return [...bodies({ document })].flatMap(([container, members]) => {
    const inside = members.flatMap((id) => boxes.get(id) ?? []);
    if (inside.length === 0) return [];
    // Frames in frames keep apart.
    const margin = MARGIN * (1 + Math.max(...members.map((id) => depth({ document }, id))) - depth({ document }, container));
    const x = Math.min(...inside.map((box) => box.x)) - margin;
    const y = Math.min(...inside.map((box) => box.y)) - margin - LABEL;
    const right = Math.max(...inside.map((box) => box.x)) + CARD.width + margin;
    const bottom = Math.max(...inside.map((box) => box.y + box.height)) + margin;
    return [{ container, x, y, width: right - x, height: bottom - y }];
  });
}
