import { BaseEdge, getSmoothStepPath, type Edge, type EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { CARD } from "./arrange.ts";
import type { EditLine } from "./edit-picture.ts";

/** `value`: what went along it in the test, in short. `onInsert` is absent where nothing may be changed. */
export type EditEdgeData = { line: EditLine; value: string | undefined; onInsert?: (id: string) => void };
export type EditEdge = Edge<EditEdgeData, "line">;

const APART = 8;

/** Of the ports of one card, the upper bends first on the way up, the lower on the way down: so they never cross. */
function bendOf(sourceX: number, sourceY: number, targetX: number, targetY: number, bend: number): { centerX?: number } {
  const room = (targetX - sourceX) / 2 - 20;
  if (bend === 0 || room <= 0) return {};
  const by = Math.min(bend * APART, room);
  return { centerX: (sourceX + targetX) / 2 + (targetY < sourceY ? by : -by) };
}

/** A connection: the value that went along it, what is wrong with it, and in its middle the place to put a node into it. */
export const EditEdgeLine = memo(function EditEdgeLine({ id, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, markerEnd, data }: EdgeProps<EditEdge>) {
  const { line, value, onInsert } = data!;
  const [path, x, y] = getSmoothStepPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, borderRadius: 10, ...bendOf(sourceX, sourceY, targetX, targetY, line.bend) });
  const words = line.problem ?? value;
  const width = (words === undefined ? 0 : Math.min(words.length, 34) * 6) + 12;
  // Between two cards in a row there is no room for words: they stand above the gap, not behind the cards.
  const lift = width > targetX - sourceX - 8 && Math.abs(targetY - sourceY) < CARD.height / 2 ? CARD.height / 2 + 14 : 14;
  return (
    <>
      <BaseEdge id={id} path={path} {...(markerEnd === undefined ? {} : { markerEnd })} interactionWidth={24} />
      {words !== undefined && (
        <g transform={`translate(${x} ${y - lift})`} data-tone={line.problem === undefined ? "gray" : "red"} className="edge-words">
          <title>{words}</title>
          <rect x={-width / 2} y={-9} width={width} height={18} rx={4} />
          <text textAnchor="middle" dominantBaseline="central">{words.length > 34 ? `${words.slice(0, 33)}…` : words}</text>
        </g>
      )}
      {onInsert && (
        <g transform={`translate(${x} ${y})`} className="edge-plus nodrag nopan" onClick={(event) => { event.stopPropagation(); onInsert(id); }}>
          <title>Insert a node here</title>
          <circle r={16} className="edge-plus-area" />
          <circle r={9} />
          <path d="M-4 0H4M0 -4V4" />
        </g>
      )}
    </>
  );
});
