import { BaseEdge, getSmoothStepPath, type Edge, type EdgeProps } from "@xyflow/react";
import { memo } from "react";
import type { EditLine } from "./edit-picture.ts";

/** `value`: what went along it in the test, in short. `onInsert` is absent where nothing may be changed. */
export type EditEdgeData = { line: EditLine; value: string | undefined; onInsert?: (id: string) => void };
export type EditEdge = Edge<EditEdgeData, "line">;

/** A connection: the value that went along it, what is wrong with it, and in its middle the place to put a node into it. */
export const EditEdgeLine = memo(function EditEdgeLine({ id, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, markerEnd, data }: EdgeProps<EditEdge>) {
  const [path, x, y] = getSmoothStepPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, borderRadius: 10 });
  const { line, value, onInsert } = data!;
  const words = line.problem ?? value;
  const width = (words === undefined ? 0 : Math.min(words.length, 34) * 6) + 12;
  return (
    <>
      <BaseEdge id={id} path={path} {...(markerEnd === undefined ? {} : { markerEnd })} interactionWidth={24} />
      {words !== undefined && (
        <g transform={`translate(${x} ${y - 14})`} data-tone={line.problem === undefined ? "gray" : "red"} className="edge-words">
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
