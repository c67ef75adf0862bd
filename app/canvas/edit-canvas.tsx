/** The canvas that is edited, for the browser only. It shows the store's draft and turns what hands do into edits; dragging alone is React Flow's until it ends. */
import {
  applyNodeChanges, Background, BackgroundVariant, Controls, MiniMap, ReactFlow, ReactFlowProvider, SelectionMode, useReactFlow,
  type Connection, type EdgeChange, type FinalConnectionState, type NodeChange, type ReactFlowInstance,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import "./canvas.css";
import clsx from "clsx";
import { useCallback, useEffect, useMemo, useRef, useState, type DragEvent } from "react";
import { edgeValues } from "#app/test-panel/edge-values.ts";
import { CARD } from "./arrange.ts";
import { addNode } from "./commands/add-node.ts";
import { connect, connectLabel, reconnect, refusal, type Ends } from "./commands/connect.ts";
import { STEP } from "./commands/move-cards.ts";
import { CanvasMenu } from "./canvas-menu.tsx";
import { BodyFrames } from "./body-frames.tsx";
import { ConnectionHint } from "./connection-hint.tsx";
import { EditEdgeLine, type EditEdge } from "./edit-edge.tsx";
import { cardWords, toEdges, toNodes } from "./edit-nodes.ts";
import { picturer } from "./edit-picture.ts";
import { useActions, useEditor, useEditorStore } from "./editor-context.tsx";
import { useViewSlot } from "./editor-view.tsx";
import { EmptyStart } from "./empty-start.tsx";
import { framesOf } from "./frames.ts";
import { effectTone, STATUS_TONE } from "./look.ts";
import { NODE_DRAG, rememberRecent } from "./palette-items.ts";
import { Palette } from "./palette.tsx";
import { heightsOf, placesOf, settle } from "./placing.ts";
import { cardDomId, StepCard, type CardNode } from "./step-card.tsx";

const NODE_TYPES = { card: StepCard };
const EDGE_TYPES = { line: EditEdgeLine };
const FIT = { padding: 0.12, maxZoom: 1, minZoom: 0.15, duration: 200 };
const GRID: [number, number] = [STEP, STEP];
/** Below this, cards cannot be read: a graph too large to fit opens at its beginning. */
const LEGIBLE = 0.5;

const endsOf = ({ source, sourceHandle, target }: Pick<Connection, "source" | "sourceHandle" | "target">): Ends => ({ from: source, port: sourceHandle ?? "out", to: target });
const screenOf = (event: MouseEvent | TouchEvent) => ("changedTouches" in event ? event.changedTouches[0]! : event);

function Canvas() {
  const store = useEditorStore();
  const { edit, select, set, say } = useActions();
  const flow = useReactFlow<CardNode, EditEdge>();
  const frame = useRef<HTMLDivElement>(null);
  const pointer = useRef<{ x: number; y: number } | null>(null);
  const reconnecting = useRef<string | undefined>(undefined);

  const draft = useEditor((state) => state.draft);
  const types = useEditor((state) => state.types);
  const problems = useEditor((state) => state.problems);
  const test = useEditor((state) => state.test);
  const selection = useEditor((state) => state.selection);
  const readOnly = useEditor((state) => state.data.readOnly !== null);
  const name = draft.document.name;

  const draw = useMemo(() => picturer(store.getState().data.nodes, types), [store, types]);
  const picture = useMemo(() => draw(draft, problems, test), [draw, draft, problems, test]);
  const values = useMemo(() => new Map(test === null ? [] : [...edgeValues(draft.document, test.steps)].map(([id, { text }]) => [id, text])), [draft.document, test]);
  const selectedNodes = useMemo(() => new Set(selection.nodes), [selection.nodes]);
  const selectedEdges = useMemo(() => new Set(selection.edges), [selection.edges]);

  const [nodes, setNodes] = useState<CardNode[]>(() => toNodes({ picture, selected: selectedNodes, traced: test !== null }, []));
  useEffect(() => setNodes((before) => toNodes({ picture, selected: selectedNodes, traced: test !== null }, before)), [picture, selectedNodes, test]);
  // They follow the cards while these are dragged.
  const frames = useMemo(() => framesOf(draft.document, new Map(nodes.map(({ id, position, height }) => [id, { ...position, height: height ?? CARD.height }]))), [draft.document, nodes]);
  const insert = useCallback((id: string) => set({ palette: { edge: id } }), [set]);
  const shownEdges = useRef<EditEdge[]>([]);
  const edges = useMemo(() => (shownEdges.current = toEdges({ picture, selected: selectedEdges, values, onInsert: readOnly ? undefined : insert }, shownEdges.current)), [picture, selectedEdges, values, readOnly, insert]);

  const onNodesChange = useCallback((changes: NodeChange<CardNode>[]) => {
    setNodes((before) => applyNodeChanges(changes.filter(({ type }) => type !== "remove" && type !== "select"), before));
    const picked = changes.filter((change) => change.type === "select");
    if (picked.length === 0) return;
    const { selection: { nodes: chosen, edges: chosenEdges } } = store.getState();
    const next = new Set(chosen);
    for (const { id, selected } of picked) if (selected) next.add(id); else next.delete(id);
    select({ nodes: [...next], edges: chosenEdges });
  }, [store, select]);

  const onEdgesChange = useCallback((changes: EdgeChange<EditEdge>[]) => {
    const picked = changes.filter((change) => change.type === "select");
    if (picked.length === 0) return;
    const { selection: { nodes: chosenNodes, edges: chosen } } = store.getState();
    const next = new Set(chosen);
    for (const { id, selected } of picked) if (selected) next.add(id); else next.delete(id);
    select({ nodes: chosenNodes, edges: [...next] });
  }, [store, select]);

  const onMoved = useCallback((moved: CardNode[]) => {
    const state = store.getState();
    const places = placesOf(state.draft, state.types);
    const changed = moved.filter(({ id, position }) => places.get(id)?.x !== position.x || places.get(id)?.y !== position.y);
    if (changed.length === 0) return;
    const label = changed.length === 1 ? `Move “${changed[0]!.data.card.title}”` : `Move ${changed.length} cards`;
    edit(label, [...settle(state.draft, state.types), { op: "move", positions: Object.fromEntries(changed.map(({ id, position }) => [id, { x: position.x, y: position.y }])) }]);
  }, [store, edit]);

  const whyNot = useCallback((ends: Ends) => {
    const { draft: now, types: known } = store.getState();
    return refusal(now, known, ends, reconnecting.current);
  }, [store]);

  const join = useCallback((ends: Ends) => {
    const { draft: now } = store.getState();
    const reason = whyNot(ends);
    if (reason === undefined) edit(connectLabel(store.getState(), ends), connect(now, ends));
    else say(`Not connected: ${reason}`);
  }, [store, edit, say, whyNot]);

  const onConnectEnd = useCallback((event: MouseEvent | TouchEvent, { isValid, fromNode, fromHandle }: FinalConnectionState) => {
    if (isValid || fromNode === null || fromHandle === null || reconnecting.current !== undefined) return;
    const { clientX, clientY } = screenOf(event);
    // Dropped on a card, not on its handle: the card is what was meant.
    const over = document.elementFromPoint(clientX, clientY)?.closest<HTMLElement>(".react-flow__node")?.dataset["id"];
    const port = fromHandle.id ?? "out";
    if (over !== undefined) {
      if (over !== fromNode.id) join(fromHandle.type === "source" ? { from: fromNode.id, port, to: over } : { from: over, port: "out", to: fromNode.id });
    } else if (fromHandle.type === "source") {
      const at = flow.screenToFlowPosition({ x: clientX, y: clientY });
      set({ palette: { from: { node: fromNode.id, port }, position: { x: at.x, y: at.y - CARD.height / 2 } } });
    }
  }, [flow, join, set]);

  const onDrop = useCallback((event: DragEvent) => {
    const { data, draft: now, types: known } = store.getState();
    const type = data.nodes.find((node) => node.type === event.dataTransfer.getData(NODE_DRAG));
    if (!type) return;
    event.preventDefault();
    const at = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const edge = document.elementsFromPoint(event.clientX, event.clientY).map((element) => element.closest<HTMLElement>(".react-flow__edge")?.dataset["id"]).find((id) => id !== undefined);
    const position = { x: Math.round(at.x - CARD.width / 2), y: Math.round(at.y - CARD.height / 2) };
    const added = addNode(now, known, { type, request: edge === undefined ? { position } : { edge }, otherwise: position });
    if (edit(added.label, added.operations)) {
      select({ nodes: [added.id] });
      rememberRecent(type.type);
    }
    set({ palette: null });
    frame.current?.focus();
  }, [store, flow, edit, select, set]);

  const slot = useViewSlot();
  useEffect(() => {
    const pane = () => frame.current!.getBoundingClientRect();
    slot.current = {
      fit: () => void flow.fitView(FIT),
      zoom: (factor) => void flow.zoomTo(flow.getZoom() * factor, { duration: 120 }),
      show(id) {
        const { draft: now, types: known } = store.getState();
        const place = placesOf(now, known).get(id);
        if (!place) return;
        const { x, y } = place;
        const from = flow.flowToScreenPosition({ x, y });
        const to = flow.flowToScreenPosition({ x: x + CARD.width, y: y + heightsOf(now, known)(id) });
        const { left, right, top, bottom } = pane();
        if (from.x < left || to.x > right || from.y < top || to.y > bottom) void flow.setCenter(x + CARD.width / 2, y + CARD.height / 2, { zoom: Math.max(flow.getZoom(), LEGIBLE), duration: 200 });
      },
      centre() {
        const { left, top, width, height } = pane();
        const { x, y } = flow.screenToFlowPosition({ x: left + width / 2, y: top + height / 2 });
        return { x: x - CARD.width / 2, y: y - CARD.height / 2 };
      },
      pointer: () => (pointer.current === null ? null : flow.screenToFlowPosition(pointer.current)),
      focus: () => frame.current?.focus({ preventScroll: true }),
    };
    frame.current?.focus({ preventScroll: true });
  }, [flow, slot, store]);

  // What is looked at elsewhere (a problem, a search) comes into view.
  const focus = useEditor((state) => state.focus);
  useEffect(() => {
    if (focus) slot.current.show(focus.node);
  }, [focus, slot]);

  const open = useCallback(async (instance: ReactFlowInstance<CardNode, EditEdge>) => {
    await instance.fitView({ ...FIT, duration: 0 });
    const pane = frame.current?.getBoundingClientRect();
    const first = instance.getNode("trigger");
    if (instance.getZoom() < LEGIBLE && pane && first) await instance.setViewport({ x: 40 - first.position.x * 0.8, y: pane.height / 2 - (first.position.y + CARD.height / 2) * 0.8, zoom: 0.8 });
  }, []);

  const current = selection.nodes.at(-1);
  const spoken = selection.nodes.length > 1 ? `${selection.nodes.length} cards selected` : picture.cards.find(({ id }) => id === current);
  return (
    <CanvasMenu>
      <div
        ref={frame}
        id="canvas"
        role="application"
        tabIndex={0}
        aria-label={`Canvas of ${name}. Arrow keys go from card to card, Tab adds a node, question mark lists all keys.`}
        aria-activedescendant={current === undefined ? undefined : cardDomId(current)}
        className={clsx("edit-canvas-frame relative h-full min-h-0 w-full", "focus-visible:outline-2 focus-visible:outline-offset-[-2px] focus-visible:outline-(--focus)")}
        onPointerDown={(event) => { if (!(event.target as HTMLElement).closest("input, button, [role=listbox]")) frame.current?.focus({ preventScroll: true }); }}
        onPointerMove={(event) => { pointer.current = { x: event.clientX, y: event.clientY }; }}
        onPointerLeave={() => { pointer.current = null; }}
        onDragOver={(event) => { if (event.dataTransfer.types.includes(NODE_DRAG)) { event.preventDefault(); event.dataTransfer.dropEffect = "copy"; } }}
        onDrop={onDrop}
      >
        <ReactFlow<CardNode, EditEdge>
          className={clsx("graph-canvas edit-canvas", readOnly && "is-readonly")}
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          onInit={open}
          onNodesChange={onNodesChange}
          onEdgesChange={onEdgesChange}
          onNodeDragStop={(_, __, moved) => onMoved(moved)}
          onSelectionDragStop={(_, moved) => onMoved(moved)}
          onNodeDoubleClick={(_, { id }) => store.actions.reveal(id)}
          onConnect={(connection) => join(endsOf(connection))}
          onConnectEnd={onConnectEnd}
          isValidConnection={(connection) => whyNot(endsOf(connection as Connection)) === undefined}
          onReconnectStart={(_, edge) => { reconnecting.current = edge.id; }}
          onReconnect={(edge, connection) => edit("Reconnect", reconnect(store.getState().draft, edge.id, endsOf(connection)))}
          onReconnectEnd={() => { reconnecting.current = undefined; }}
          onPaneClick={() => set({ palette: null })}
          onDoubleClick={(event) => {
            if (readOnly || !(event.target as HTMLElement).classList.contains("react-flow__pane")) return;
            set({ palette: { position: flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }) } });
          }}
          minZoom={0.15}
          maxZoom={1.75}
          snapToGrid
          snapGrid={GRID}
          nodesDraggable={!readOnly}
          nodesConnectable={!readOnly}
          nodesFocusable={false}
          edgesFocusable={false}
          disableKeyboardA11y
          deleteKeyCode={null}
          multiSelectionKeyCode={["Shift", "Control", "Meta"]}
          selectionKeyCode="Shift"
          selectionMode={SelectionMode.Partial}
          zoomOnDoubleClick={false}
          connectionRadius={28}
          reconnectRadius={14}
          elevateNodesOnSelect={false}
          proOptions={{ hideAttribution: true }}
        >
          <Background variant={BackgroundVariant.Dots} gap={20} size={1} color="var(--line)" />
          <Controls showInteractive={false} fitViewOptions={FIT} />
          {draft.document.nodes.length > 0 && <MiniMap<CardNode> pannable zoomable nodeBorderRadius={8} nodeColor={({ data }) => `var(--${test !== null && data.card.kind === "node" ? STATUS_TONE[data.card.status] : effectTone(data.card.effect)}-fill)`} ariaLabel="Overview" style={{ width: 150, height: 96 }} />}
          <BodyFrames frames={frames} titleOf={(id) => picture.cards.find((card) => card.id === id)?.title ?? id} />
          <ConnectionHint whyNot={whyNot} />
        </ReactFlow>
        <Palette />
        {draft.document.nodes.length === 0 && <EmptyStart />}
        <p role="status" className="sr-only">{typeof spoken === "string" ? spoken : spoken === undefined ? "" : cardWords(spoken)}</p>
      </div>
    </CanvasMenu>
  );
}

export default function EditCanvas() {
  return <ReactFlowProvider><Canvas /></ReactFlowProvider>;
}
