import { Copy, Trash2 } from "lucide-react";
import { deleteSelection } from "#app/canvas/commands/delete-selection.ts";
import { useActions, useEditor } from "#app/canvas/editor-context.tsx";
import { cutOut, putIn } from "#app/canvas/fragment.ts";
import { Button } from "#app/ui/button.tsx";
import { titleOf } from "./node-title.ts";

/** Several things are selected: how many, and what can be done with all of them. */
export function ManyForm() {
  const { edit, select } = useActions();
  const { nodes, edges } = useEditor((state) => state.selection);
  const draft = useEditor((state) => state.draft);
  const types = useEditor((state) => state.types);
  const isLocked = useEditor((state) => state.data.readOnly !== null);
  const own = nodes.filter((id) => id !== "trigger");
  const reason = isLocked ? "You cannot change this playbook" : undefined;
  const duplicate = () => {
    const fragment = cutOut(draft, types, own);
    if (!fragment) return;
    const { operations, ids } = putIn(draft, types, fragment);
    if (edit(`Duplicate ${ids.length} nodes`, operations)) select({ nodes: ids });
  };
  const count = (number: number, word: string) => (number === 0 ? [] : [`${number} ${word}${number === 1 ? "" : "s"}`]);
  return (
    <>
      <header className="border-b border-line px-3 py-2.5"><h2 className="text-base font-semibold">{[...count(nodes.length, "card"), ...count(edges.length, "connection")].join(" and ")}</h2></header>
      <div className="flex flex-wrap gap-2 p-3">
        <Button reason={reason ?? (own.length === 0 ? "Only nodes can be duplicated" : undefined)} onClick={duplicate}><Copy aria-hidden className="size-3.5" /> Duplicate</Button>
        <Button variant="danger" reason={reason ?? (own.length + edges.length === 0 ? "The trigger stays" : undefined)} onClick={() => edit(`Delete ${own.length + edges.length} selected`, deleteSelection(draft, { nodes: own, edges }))}><Trash2 aria-hidden className="size-3.5" /> Delete</Button>
      </div>
      <ul aria-label="Selected cards" className="scroll-y min-h-0 flex-1 border-t border-line py-1">
        {nodes.map((id) => <li key={id}><button type="button" onClick={() => select({ nodes: [id] })} className="flex h-7 w-full items-center px-3 text-left hover:bg-hover focus-visible:outline-offset-[-2px]"><span className="min-w-0 truncate">{titleOf({ draft, types }, id)}</span></button></li>)}
      </ul>
    </>
  );
}
