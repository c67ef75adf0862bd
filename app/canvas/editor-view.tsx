import { createContext, useContext, useMemo } from "react";
import type { CanvasView, Editor } from "./commands/command.ts";
import { useEditorStore } from "./editor-context.tsx";

/** Until the canvas is there, looking does nothing. */
const BLIND: CanvasView = { fit() {}, zoom() {}, show() {}, centre: () => ({ x: 0, y: 0 }), pointer: () => null, focus() {} };

/** The canvas puts itself in; commands look through it. */
export interface ViewSlot { current: CanvasView }

export const newViewSlot = (): ViewSlot => ({ current: BLIND });

const ViewContext = createContext<ViewSlot>(newViewSlot());
export const ViewProvider = ViewContext.Provider;
export const useViewSlot = (): ViewSlot => useContext(ViewContext);

/** What commands act on. */
export function useEditorHandle(): Editor {
  const store = useEditorStore();
  const slot = useViewSlot();
  return useMemo(() => ({ store, get view() { return slot.current; } }), [store, slot]);
}
