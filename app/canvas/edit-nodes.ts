/** From the picture of the draft to React Flow's own shapes, which live here and in edit-canvas.tsx only. */
import { MarkerType } from "@xyflow/react";
import { CARD, type Position } from "./arrange.ts";
import type { EditEdge, EditEdgeData } from "./edit-edge.tsx";
import type { EditPicture } from "./edit-picture.ts";
import type { Card } from "./project.ts";
import type { CardNode } from "./step-card.tsx";

export const cardWords = (card: Card): string =>
  `${card.title}: ${card.sentence}${card.problems === undefined ? "" : `. ${card.problems.count === 1 ? "Problem" : `${card.problems.count} problems, the first`}: ${card.problems.first}`}`;

interface NodesOf { picture: EditPicture; selected: ReadonlySet<string>; traced: boolean }

/** @param before what React Flow has: what did not change stays the same object, what is being dragged stays where it is, measures are kept. */
export function toNodes({ picture, selected, traced }: NodesOf, before: readonly CardNode[]): CardNode[] {
  const known = new Map(before.map((node) => [node.id, node]));
  return picture.cards.map((card): CardNode => {
    const old = known.get(card.id);
    const isSelected = selected.has(card.id);
    const position: Position = old?.dragging ? old.position : card.position;
    if (old && old.data.card === card && old.data.traced === traced && old.selected === isSelected && old.position.x === position.x && old.position.y === position.y) return old;
    return {
      ...old,
      id: card.id,
      type: "card",
      position,
      selected: isSelected,
      data: { card, traced, chosen: false },
      width: CARD.width,
      height: picture.heights(card.id),
      ariaLabel: cardWords(card),
    };
  });
}

interface EdgesOf { picture: EditPicture; selected: ReadonlySet<string>; values: ReadonlyMap<string, string>; onInsert: ((id: string) => void) | undefined }

export function toEdges({ picture, selected, values, onInsert }: EdgesOf, before: readonly EditEdge[]): EditEdge[] {
  const known = new Map(before.map((edge) => [edge.id, edge]));
  return picture.lines.map((line): EditEdge => {
    const old = known.get(line.id);
    const value = values.get(line.id);
    const isSelected = selected.has(line.id);
    if (old?.data?.line === line && old.data.value === value && old.data.onInsert === onInsert && old.selected === isSelected) return old;
    const data: EditEdgeData = { line, value, ...(onInsert === undefined ? {} : { onInsert }) };
    const color = isSelected ? "var(--accent)" : line.problem !== undefined ? "var(--red)" : line.state === "fired" ? "var(--text-2)" : "var(--line-strong)";
    return {
      id: line.id,
      type: "line",
      source: line.from,
      sourceHandle: line.port,
      target: line.to,
      selected: isSelected,
      reconnectable: onInsert !== undefined,
      className: `line-${line.state}${line.moving ? " line-moving" : ""}${line.problem === undefined ? "" : " line-problem"}`,
      markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, color },
      data,
    };
  });
}
