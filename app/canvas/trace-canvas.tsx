/** The read-only canvas, for the browser only. React Flow's own shapes begin and end in this file. */
import { Background, BackgroundVariant, Controls, MarkerType, MiniMap, ReactFlow, ReactFlowProvider, useReactFlow, type Edge, type ReactFlowInstance } from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import "./canvas.css";
import { useEffect, useMemo } from "react";
import { BodyFrames } from "./body-frames.tsx";
import { STATUS_TONE, STATUS_WORD } from "./look.ts";
import { CARD, type Card, type Line, type Picture } from "./project.ts";
import { StepCard, type CardNode } from "./step-card.tsx";

const NODE_TYPES = { card: StepCard };
const FIT = { padding: 0.08, maxZoom: 1.1, minZoom: 0.15 };
/** Below this, cards cannot be read: a graph too large to fit opens at `READABLE`, on the step that matters. */
const LEGIBLE = 0.52;
const READABLE = 0.8;

export interface TraceCanvasProps {
  picture: Picture;
  /** A run is shown: statuses mean something. */
  traced: boolean;
  chosen?: string | null;
  label: string;
  onChoose?(nodeId: string | null): void;
}

const paneOf = () => document.querySelector(".trace-canvas")?.getBoundingClientRect();

const centre = (flow: ReactFlowInstance<CardNode>, { position }: Card, zoom: number, duration: number) =>
  flow.setCenter(position.x + CARD.width / 2, position.y + CARD.height / 2, { zoom, duration });

const described = (card: Card, traced: boolean) => `${card.title}: ${card.sentence}${traced && card.kind === "node" ? `, ${card.pinned ? (card.reused ? "reused" : "pinned") : STATUS_WORD[card.status].toLowerCase()}` : ""}`;

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

/** Where to look first: the choice, what runs or waits, or the beginning. */
const focusOf = (cards: Card[], chosen: string | null): Card | undefined =>
  cards.find(({ id }) => id === chosen) ?? cards.find(({ status }) => status === "failed" || status === "waiting" || status === "running");

function Canvas({ picture, traced, chosen = null, label, onChoose }: TraceCanvasProps) {
  const flow = useReactFlow<CardNode>();
  const nodes = useMemo(
    () => picture.cards.map((card): CardNode => ({
      id: card.id, type: "card", position: card.position, data: { card, traced, chosen: card.id === chosen },
      width: CARD.width, height: CARD.height, ariaLabel: described(card, traced), focusable: card.kind === "node" && onChoose !== undefined,
    })),
    [picture, traced, chosen, onChoose],
  );
  const edges = useMemo(() => picture.lines.map(toEdge), [picture]);

  const open = async (instance: ReactFlowInstance<CardNode>) => {
    await instance.fitView(FIT);
    const pane = paneOf();
    if (instance.getZoom() >= LEGIBLE || !pane) return;
    const focus = focusOf(picture.cards, chosen);
    const first = picture.cards.reduce((left, card) => (card.position.x < left.position.x ? card : left));
    if (focus) await centre(instance, focus, READABLE, 0);
    else await instance.setViewport({ x: 32 - first.position.x * READABLE, y: pane.height / 2 - (first.position.y + CARD.height / 2) * READABLE, zoom: READABLE });
  };

  // A step chosen elsewhere (strip, keyboard, address) comes into view; one that is already visible stays where it is.
  useEffect(() => {
    const card = picture.cards.find(({ id }) => id === chosen);
    const pane = paneOf();
    if (!card || !pane || !flow.viewportInitialized) return;
    const from = flow.flowToScreenPosition(card.position);
    const to = flow.flowToScreenPosition({ x: card.position.x + CARD.width, y: card.position.y + CARD.height });
    if (from.x >= pane.left && to.x <= pane.right && from.y >= pane.top && to.y <= pane.bottom) return;
    void centre(flow, card, Math.max(flow.getZoom(), LEGIBLE), 200);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only when the choice changes: live updates must not move the picture
  }, [chosen]);

  return (
    <ReactFlow<CardNode>
      className="graph-canvas trace-canvas"
      aria-label={label}
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      onInit={open}
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
      <BodyFrames frames={picture.frames} titleOf={(id) => picture.cards.find((card) => card.id === id)?.title ?? id} />
      <MiniMap pannable zoomable nodeBorderRadius={8} nodeColor={(node) => `var(--${minimapTone((node as CardNode).data.card, traced)}-fill)`} ariaLabel="Overview" style={{ width: 150, height: 96 }} />
    </ReactFlow>
  );
}

function minimapTone(card: Card, traced: boolean): string {
  return traced && card.kind === "node" ? STATUS_TONE[card.status] : "gray";
}

export default function TraceCanvas(props: TraceCanvasProps) {
  return <ReactFlowProvider><Canvas {...props} /></ReactFlowProvider>;
}
