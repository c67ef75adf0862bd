import { useEffect, useRef } from "react";
import { useEditor } from "#app/canvas/editor-context.tsx";

const CONTROLS = "input, select, textarea, [role=textbox]";

/** Brings the field that somebody wants to be looked at into view, and the keyboard into it. @returns for the element that holds the fields. */
export function useFocusWish(node: string): React.RefObject<HTMLDivElement> {
  const body = useRef<HTMLDivElement>(null);
  const wish = useEditor((state) => state.focus);
  useEffect(() => {
    if (wish?.node !== node || wish.field === undefined) return;
    // "cases.0.port" is inside the field "cases".
    const name = wish.field.split(".")[0]!;
    const field = body.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(name)}"]`);
    if (!field) return;
    field.closest("details")?.setAttribute("open", "");
    field.scrollIntoView({ block: "center" });
    (field.querySelector<HTMLElement>(CONTROLS) ?? field.querySelector("button"))?.focus({ preventScroll: true });
  }, [wish, node]);
  return body;
}
