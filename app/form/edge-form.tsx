import { ArrowRight, Trash2 } from "lucide-react";
import { deleteSelection } from "#app/canvas/commands/delete-selection.ts";
import { useActions, useEditor, useEditorStore } from "#app/canvas/editor-context.tsx";
import { Button } from "#app/ui/button.tsx";
import { JsonView } from "#app/ui/json-view.tsx";
import { titleOf } from "./node-title.ts";
import { Section } from "./section.tsx";

/** A connection: from which port to which step, and what went along it in the last test. */
export function EdgeForm({ id }: { id: string }) {
  const store = useEditorStore();
  const { edit, select } = useActions();
  const edge = useEditor((state) => state.draft.document.edges.find((each) => each.id === id));
  const draft = useEditor((state) => state.draft);
  const types = useEditor((state) => state.types);
  const isLocked = useEditor((state) => state.data.readOnly !== null);
  const step = useEditor((state) => state.test?.steps.findLast(({ node_id }) => node_id === edge?.from));
  if (edge === undefined) return null;
  const end = (node: string) => <button type="button" onClick={() => select({ nodes: [node] })} className="link min-w-0 truncate text-left">{titleOf({ draft, types }, node)}</button>;
  return (
    <>
      <header className="border-b border-line px-3 py-2.5"><h2 className="text-base font-semibold">Connection</h2></header>
      <div className="scroll-y min-h-0 flex-1">
        <Section title="Leads">
          <p className="flex items-center gap-2">{end(edge.from)}<span className="shrink-0 rounded-sm bg-hover px-1.5 font-mono text-2xs">{edge.port}</span><ArrowRight aria-hidden className="size-3.5 shrink-0 text-fg-3" /><span className="sr-only">to</span>{end(edge.to)}</p>
          <Button variant="danger" reason={isLocked ? "You cannot change this playbook" : undefined} onClick={() => edit("Delete a connection", deleteSelection(store.getState().draft, { nodes: [], edges: [id] }))}><Trash2 aria-hidden className="size-3.5" /> Delete</Button>
        </Section>
        {step?.port === edge.port && step.output !== null && step.output !== undefined && <Section title="Last test" open><div className="-mx-3"><JsonView value={step.output} label="what went along" /></div></Section>}
      </div>
    </>
  );
}
