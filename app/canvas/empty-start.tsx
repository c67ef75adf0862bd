import { Plus } from "lucide-react";
import { KINDS } from "#app/playbooks/trigger-kinds.ts";
import { Button } from "#app/ui/button.tsx";
import { addNode } from "./commands/add-node.ts";
import { useEditor, useEditorStore } from "./editor-context.tsx";
import { useViewSlot } from "./editor-view.tsx";
import { NodeIcon } from "./icons.tsx";

/** What playbooks most often begin with. */
const FIRST = ["core.condition", "virustotal.lookup-ip", "core.code"];

/** A playbook without nodes: the first one is a click away. */
export function EmptyStart() {
  const store = useEditorStore();
  const view = useViewSlot();
  const nodes = useEditor((state) => state.data.nodes);
  const readOnly = useEditor((state) => state.data.readOnly);
  const on = useEditor((state) => state.draft.document.trigger.on);
  if (readOnly !== null) return null;
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-[12%] z-10 grid place-items-center">
      <section aria-label="Start" className="pointer-events-auto flex max-w-[min(640px,90%)] flex-col items-center gap-3 rounded-lg border border-line bg-surface px-6 py-5 text-center">
        <h2 className="text-base font-semibold">Start: what should happen when {KINDS[on].label.replace(/^./, (letter) => letter.toLowerCase())}?</h2>
        <div className="flex flex-wrap justify-center gap-2">
          {FIRST.flatMap((type) => nodes.find((node) => node.type === type) ?? []).map((type) => (
            <Button key={type.type} onClick={() => {
              const { draft, types } = store.getState();
              const added = addNode(draft, types, { type, request: {}, otherwise: { x: 0, y: 0 } });
              if (store.actions.edit(added.label, added.operations)) store.actions.select({ nodes: [added.id] });
              view.current.focus();
              requestAnimationFrame(() => view.current.show(added.id));
            }}>
              <NodeIcon name={type.ui.icon} className="size-4 text-fg-2" /> {type.ui.title}
            </Button>
          ))}
          <Button variant="ghost" onClick={() => store.actions.set({ palette: { from: { node: "trigger", port: "out" } } })}><Plus aria-hidden className="size-4" /> Something else…</Button>
        </div>
      </section>
    </div>
  );
}
