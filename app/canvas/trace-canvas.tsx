/** The read-only canvas, for the browser only. React Flow's own shapes begin and end in this file. */
import { Background, BackgroundVariant, Controls, MarkerType, MiniMap, ReactFlow, ReactFlowProvider, useReactFlow, type Edge } from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import "./canvas.css";
import { useEffect, useMemo } from "react";
import { STATUS_TONE } from "./look.ts";
import { CARD, type Card, type Line, type Picture } from "./project.ts";
import { StepCard, type CardNode } from "./step-card.tsx";

const NODE_TYPES = { card: StepCard };
const FIT = { padding: 0.12, maxZoom: 1.1, minZoom: 0.2 };

export interface TraceCanvasProps {
  picture: Picture;
  /** A run is shown: statuses mean something. */
  traced: boolean;
  chosen?: string | null;
  label: string;
  onChoose?(nodeId: string | null): void;
}

const described = (card: Card, traced: boolean) => `${card.title}: ${card.sentence}${traced && card.kind === "node" ? `, ${card.status}` : ""}`;

function toEdge(line: Line): Edge {
  const color = line.state === "fired" ? "var(--text-2)" : "var(--line-strong)";
  return {
    id: line.id,
    source: line.from,
    target: line.to,
    type: "smoothstep",
    className: `line-${line.state}${line.moving ? " line-moving" : ""}`,
    focusable: false,
    selectable: false,
    markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, color },
    ...(line.label === null ? {} : { label: line.label, labelShowBg: true, labelBgPadding: [5, 2] as [number, number], labelBgBorderRadius: 4 }),
  };
}

function Canvas({ picture, traced, chosen = null, label, onChoose }: TraceCanvasProps) {
  const flow = useReactFlow();
  const nodes = useMemo(
    () => picture.cards.map((card): CardNode => ({
      id: card.id, type: "card", position: card.position, data: { card, traced, chosen: card.id === chosen },
      width: CARD.width, height: CARD.height, ariaLabel: described(card, traced), focusable: card.kind === "node" && onChoose !== undefined,
    })),
    [picture, traced, chosen, onChoose],
  );
  const edges = useMemo(() => picture.lines.map(toEdge), [picture]);

  // A step chosen elsewhere (strip, keyboard, address) comes into view; one that is already visible stays where it is.
  useEffect(() => {
    const card = picture.cards.find(({ id }) => id === chosen);
    const pane = document.querySelector(".trace-canvas")?.getBoundingClientRect();
    if (!card || !pane) return;
    const from = flow.flowToScreenPosition(card.position);
    const to = flow.flowToScreenPosition({ x: card.position.x + CARD.width, y: card.position.y + CARD.height });
    if (from.x >= pane.left && to.x <= pane.right && from.y >= pane.top && to.y <= pane.bottom) return;
    void flow.setCenter(card.position.x + CARD.width / 2, card.position.y + CARD.height / 2, { zoom: Math.max(flow.getZoom(), 0.7), duration: 200 });
    // Only when the choice changes: live updates must not move the picture.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [chosen]);

  return (
    <ReactFlow<CardNode>
      className="trace-canvas"
      aria-label={label}
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      fitView
      fitViewOptions={FIT}
      minZoom={0.15}
      maxZoom={1.75}
      nodesDraggable={false}
      nodesConnectable={false}
      elementsSelectable={false}
      deleteKeyCode={null}
      disableKeyboardA11y
      proOptions={{ hideAttribution: true }}
      onNodeClick={(_, node) => node.data.card.kind === "node" && onChoose?.(node.id)}
      onPaneClick={() => onChoose?.(null)}
    >
      <Background variant={BackgroundVariant.Dots} gap={20} size={1} color="var(--line)" />
      <Controls showInteractive={false} fitViewOptions={FIT} />
      <MiniMap pannable zoomable nodeBorderRadius={8} nodeColor={(node) => `var(--${minimapTone((node as CardNode).data.card, traced)})`} ariaLabel="Overview" />
    </ReactFlow>
  );
}

function minimapTone(card: Card, traced: boolean): string {
  return traced && card.kind === "node" ? STATUS_TONE[card.status] : "gray";
}

export default function TraceCanvas(props: TraceCanvasProps) {
  return <ReactFlowProvider><Canvas {...props} /></ReactFlowProvider>;
}
