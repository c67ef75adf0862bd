import { useReactFlow, useViewport } from "@xyflow/react";
import { useEffect, useMemo, useRef, useState } from "react";
import { PickList, type Pick } from "#app/ui/pick-list.tsx";
import { addNode } from "./commands/add-node.ts";
import { useEditor, useEditorStore } from "./editor-context.tsx";
import { useViewSlot } from "./editor-view.tsx";
import { NodeIcon } from "./icons.tsx";
import { effectTone, effectWords } from "./look.ts";
import { NODE_DRAG, paletteItems, recentTypes, rememberRecent } from "./palette-items.ts";
import { titleOf } from "./shapes.ts";
import type { PaletteRequest } from "./store.ts";

const WIDTH = 340;
const HEIGHT = 460;

/** The nodes one can add: where the request came from, or at the side. Picked or dragged out. */
export function Palette() {
  const request = useEditor((state) => state.palette);
  const readOnly = useEditor((state) => state.data.readOnly !== null);
  return request === null || readOnly ? null : <OpenPalette key={JSON.stringify(request)} request={request} />;
}

function OpenPalette({ request }: { request: PaletteRequest }) {
  const store = useEditorStore();
  const { actions } = store;
  const view = useViewSlot();
  const data = useEditor((state) => state.data);
  const [recent] = useState(recentTypes);
  const frame = useRef<HTMLDivElement>(null);
  const place = usePlace(request, frame);
  const words = useRequestWords(request);

  const close = () => {
    actions.set({ palette: null });
    view.current.focus();
  };

  // Clicks elsewhere close it; a drag out of it ends with the drop.
  useEffect(() => {
    const onDown = (event: PointerEvent) => {
      if (!frame.current?.contains(event.target as globalThis.Node)) actions.set({ palette: null });
    };
    document.addEventListener("pointerdown", onDown);
    return () => document.removeEventListener("pointerdown", onDown);
  }, [actions]);

  const add = ({ id }: Pick) => {
    const { draft, types } = store.getState();
    const type = data.nodes.find((node) => `${node.type}@${node.version}` === id.split(" ")[0]);
    if (!type) return;
    const added = addNode(draft, types, { type, request, otherwise: view.current.centre() });
    actions.set({ palette: null });
    if (actions.edit(added.label, added.operations)) {
      rememberRecent(type.type);
      actions.select({ nodes: [added.id] });
      requestAnimationFrame(() => view.current.show(added.id));
    }
    view.current.focus();
  };

  return (
    <div ref={frame} role="dialog" aria-label="Add a node" style={{ width: WIDTH, maxHeight: `min(${HEIGHT}px, calc(100% - 24px))`, ...place }} className="nokey absolute z-20 flex animate-[rise_100ms_ease-out] flex-col overflow-hidden rounded-lg bg-raised shadow-float">
      <p className="shrink-0 truncate border-b border-line px-3 py-1.5 text-xs text-fg-3">{words}</p>
      <PickList
        label="Find a node"
        placeholder="What should happen?"
        height=""
        find={(query) => paletteItems(data, query, recent).map(({ node, group, missing }): Pick => ({
          id: `${node.type}@${node.version} ${group}`,
          label: node.ui.title,
          ...(group === "" ? {} : { group }),
          icon: <span data-tone={effectTone(node.effect)} title={effectWords(node.effect)} className="grid size-6 place-items-center rounded-sm bg-tone-bg text-tone"><NodeIcon name={node.ui.icon} className="size-4" /></span>,
          ...(node.effect === "none" ? {} : { detail: node.effect }),
          note: missing === undefined ? node.ui.description : <><span data-tone="yellow" className="text-tone">Needs a {missing} connection: not set up.</span> {node.ui.description}</>,
        }))}
        onPick={add}
        onClose={close}
        nothing={(query) => <>No node is called anything like “{query}”. An <b>HTTP request</b> reaches any API, and <b>Code</b> does the rest.</>}
        onDragStart={({ id }, event) => {
          event.dataTransfer.setData(NODE_DRAG, id.split("@")[0]!);
          event.dataTransfer.effectAllowed = "copy";
        }}
      />
    </div>
  );
}

function useRequestWords({ from, edge, into }: PaletteRequest): string {
  const document = useEditor((state) => state.draft.document);
  const types = useEditor((state) => state.types);
  const name = (id: string) => {
    const node = document.nodes.find((candidate) => candidate.id === id);
    return node ? `“${titleOf(types, node)}”` : "the trigger";
  };
  const found = document.edges.find(({ id }) => id === edge);
  if (found) return `Between ${name(found.from)} and ${name(found.to)}`;
  if (into !== undefined) return `Inside ${name(into)}`;
  if (from) return `After ${name(from.node)}${from.port === "out" ? "" : `, by ${from.port}`}`;
  return "Pick a node, or drag it onto the canvas";
}

/** Beside the spot it is for, whole inside the canvas. */
function usePlace({ position, edge, from, into }: PaletteRequest, frame: React.RefObject<HTMLDivElement>): { left: number; top: number } {
  const flow = useReactFlow();
  const viewport = useViewport();
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);
  useEffect(() => {
    const canvas = frame.current?.parentElement?.getBoundingClientRect();
    if (canvas) setSize({ width: canvas.width, height: canvas.height });
  }, [frame]);
  return useMemo(() => {
    const line = edge === undefined ? undefined : flow.getEdge(edge);
    const source = line === undefined ? undefined : flow.getInternalNode(line.source)?.internals.positionAbsolute;
    const target = line === undefined ? undefined : flow.getInternalNode(line.target)?.internals.positionAbsolute;
    const beside = from?.node ?? into;
    const before = beside === undefined ? undefined : flow.getInternalNode(beside)?.internals.positionAbsolute;
    const spot = position ?? (source && target ? { x: (source.x + 208 + target.x) / 2, y: (source.y + target.y) / 2 + 60 } : before ? { x: before.x + 240, y: before.y } : undefined);
    if (!spot || !size) return { left: 12, top: 12 };
    const inside = (at: number, extent: number, room: number) => Math.round(Math.max(12, Math.min(at, room - extent - 12)));
    return { left: inside(spot.x * viewport.zoom + viewport.x + 8, WIDTH, size.width), top: inside(spot.y * viewport.zoom + viewport.y, Math.min(HEIGHT, size.height - 24), size.height) };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- it stays where it opened: panning must not carry it about
  }, [size]);
}
