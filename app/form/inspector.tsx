import { useEditor } from "#app/canvas/editor-context.tsx";
import { TriggerForm } from "#app/playbooks/trigger-form.tsx";
import { EdgeForm } from "./edge-form.tsx";
import { ManyForm } from "./many-form.tsx";
import { NodeForm } from "./node-form.tsx";
import { PlaybookForm } from "./playbook-form.tsx";

/** The form of whatever is selected. It fills its parent and scrolls by itself. */
export function Inspector() {
  const { nodes, edges } = useEditor((state) => state.selection);
  const [node, edge] = [nodes[0], edges[0]];
  return (
    <div className="flex h-full min-h-0 flex-col bg-surface">
      {nodes.length + edges.length > 1 ? <ManyForm /> : node === "trigger" ? <TriggerForm /> : node !== undefined ? <NodeForm key={node} id={node} /> : edge !== undefined ? <EdgeForm key={edge} id={edge} /> : <PlaybookForm />}
    </div>
  );
}
