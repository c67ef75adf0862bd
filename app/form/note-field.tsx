import { useId } from "react";
import { useActions } from "#app/canvas/editor-context.tsx";
import type { PlaybookNode } from "#format";
import { GrowingText } from "./controls/text-control.tsx";
import { FieldFrame } from "./field-frame.tsx";
import { Section } from "./section.tsx";

const MAX = 2000;

export function NoteField({ node }: { node: PlaybookNode }) {
  const { edit } = useActions();
  const id = useId();
  return (
    <Section title="Note" open={node.note !== undefined} summary={node.note ?? "none"}>
      <FieldFrame id={id} name="note" label="For whoever reads this playbook">
        <GrowingText id={id} value={node.note ?? ""} maxLength={MAX} onChange={(event) => edit("Change the note", [{ op: "set-node", id: node.id, changes: { note: event.target.value === "" ? null : event.target.value } }], `${node.id}.note`)} />
      </FieldFrame>
    </Section>
  );
}
