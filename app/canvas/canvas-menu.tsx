import { ContextMenu } from "radix-ui";
import { useRef, useState, type MouseEvent, type ReactNode } from "react";
import { isOffered, type MenuPlace } from "./commands/command.ts";
import { COMMANDS } from "./commands/index.ts";
import { caps } from "./commands/keys.ts";
import { useEditor } from "./editor-context.tsx";
import { useEditorHandle } from "./editor-view.tsx";
import { isMac } from "./use-shortcuts.ts";

/** What lies under the mouse, or is chosen, is what the menu is about. */
export function CanvasMenu({ children }: { children: ReactNode }) {
  const editor = useEditorHandle();
  const [place, setPlace] = useState<MenuPlace>("pane");
  const chosen = useRef<(() => void) | null>(null);
  const state = useEditor((current) => current);

  const aim = (event: MouseEvent) => {
    const { store } = editor;
    const at = event.target as HTMLElement;
    const node = at.closest<HTMLElement>(".react-flow__node")?.dataset["id"];
    const edge = at.closest<HTMLElement>(".react-flow__edge")?.dataset["id"];
    const { nodes, edges } = store.getState().selection;
    if (node !== undefined) {
      if (!nodes.includes(node)) store.actions.select({ nodes: [node] });
      setPlace("card");
    } else if (edge !== undefined) {
      if (!edges.includes(edge)) store.actions.select({ edges: [edge] });
      setPlace("edge");
    } else if (at.closest(".react-flow__pane")) {
      store.actions.select({});
      setPlace("pane");
    } else setPlace(nodes.length > 0 ? "card" : edges.length > 0 ? "edge" : "pane");
  };

  const items = COMMANDS.filter((command) => command.menus?.includes(place) && isOffered(command, state));
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger asChild onContextMenu={aim}>{children}</ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content
          aria-label={place === "card" ? "Of this card" : place === "edge" ? "Of this connection" : "Of the canvas"}
          collisionPadding={8}
          className="z-50 min-w-52 rounded-md bg-raised p-1 shadow-float"
          // What it opens takes the focus; otherwise the canvas has it again.
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            editor.view.focus();
            chosen.current?.();
            chosen.current = null;
          }}
        >
          {items.map((command, index) => (
            <div key={command.id}>
              {index > 0 && items[index - 1]!.group !== command.group && <ContextMenu.Separator className="my-1 h-px bg-line" />}
              <ContextMenu.Item onSelect={() => { chosen.current = () => void command.run(editor); }} className="flex h-7 cursor-default items-center gap-6 rounded-sm px-2 text-sm text-fg outline-none select-none data-highlighted:bg-hover">
                <span className="flex-1">{command.label}</span>
                {command.keys && <span className="text-xs text-fg-3">{caps(command.keys[0]!, isMac()).join(" ")}</span>}
              </ContextMenu.Item>
            </div>
          ))}
          {items.length === 0 && <p className="px-2 py-1 text-sm text-fg-3">Nothing can be done here</p>}
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}
