import { ViewportPortal } from "@xyflow/react";
import { useMemo } from "react";
import { CARD } from "./arrange.ts";
import { bodies, depth } from "./containers.ts";
import { useEditor } from "./editor-context.tsx";
import { titleOf } from "./shapes.ts";
import type { CardNode } from "./step-card.tsx";

const MARGIN = 16;
const LABEL = 22;

/** What is inside a container, with a frame around it that says so. It follows the cards while they are dragged. */
export function BodyFrames({ nodes }: { nodes: readonly CardNode[] }) {
  const document = useEditor((state) => state.draft.document);
  const types = useEditor((state) => state.types);
  const inside = useMemo(() => bodies({ document }), [document]);
  if (inside.size === 0) return null;
  const cards = new Map(nodes.map((node) => [node.id, node]));
  return (
    <ViewportPortal>
      {[...inside].map(([container, members]) => {
        const owner = document.nodes.find(({ id }) => id === container);
        const boxes = members.flatMap((id) => cards.get(id) ?? []);
        if (!owner || boxes.length === 0) return null;
        // Frames in frames keep apart.
        const margin = MARGIN * (1 + Math.max(...members.map((id) => depth({ document }, id))) - depth({ document }, container));
        const left = Math.min(...boxes.map(({ position }) => position.x)) - margin;
        const top = Math.min(...boxes.map(({ position }) => position.y)) - margin - LABEL;
        const right = Math.max(...boxes.map(({ position }) => position.x)) + CARD.width + margin;
        const bottom = Math.max(...boxes.map(({ position, height }) => position.y + (height ?? CARD.height))) + margin;
        return (
          <div key={container} className="body-frame" style={{ transform: `translate(${left}px, ${top}px)`, width: right - left, height: bottom - top }}>
            Inside “{titleOf(types, owner)}”
          </div>
        );
      })}
    </ViewportPortal>
  );
}
