import { Pencil } from "lucide-react";
import { useState } from "react";
import { useActions } from "#app/canvas/editor-context.tsx";
import { Button, IconButton } from "#app/ui/button.tsx";
import { Dialog } from "#app/ui/dialog.tsx";
import { TextField } from "#app/ui/field.tsx";
import type { Operation, PlaybookNode } from "#format";
import { FIELD_NAME } from "./extra-fields.tsx";

/** A field of one's own gets another name and keeps its place: all fields are written again, in their order. */
export function RenameField({ node, name, taken }: { node: PlaybookNode; name: string; taken: readonly string[] }) {
  const { edit } = useActions();
  const [open, setOpen] = useState(false);
  const [next, setNext] = useState(name);
  const trouble = next === name ? undefined : taken.includes(next) ? `There is a “${next}” already` : !FIELD_NAME.test(next) || next === "__proto__" ? "A name holds letters, digits, _ and $, and no digit first" : undefined;
  const rename = () => {
    const entries = Object.entries(node.input);
    const from = entries.findIndex(([each]) => each === name);
    const later = entries.slice(from);
    const operations: Operation[] = [
      ...later.map(([field]): Operation => ({ op: "set-input", id: node.id, field })),
      ...later.map(([field, binding]): Operation => ({ op: "set-input", id: node.id, field: field === name ? next : field, binding })),
    ];
    if (edit(`Rename ${name} to ${next}`, operations)) setOpen(false);
  };
  return (
    <>
      <IconButton label={`Rename ${name}`} className="!size-6" onClick={() => { setNext(name); setOpen(true); }}><Pencil aria-hidden className="size-3" /></IconButton>
      <Dialog open={open} onOpenChange={setOpen} title={`Rename ${name}`} description={`Later steps read it as steps.${node.id}.${name}: where one does, a problem will say so.`}>
        <form className="flex flex-col gap-3" onSubmit={(event) => { event.preventDefault(); if (next !== name && trouble === undefined) rename(); }}>
          <TextField label="Name" value={next} onChange={(event) => setNext(event.target.value)} error={trouble} autoComplete="off" spellCheck={false} maxLength={100} />
          <div className="flex justify-end gap-2"><Button onClick={() => setOpen(false)}>Back</Button><Button type="submit" variant="primary" reason={next === name ? "It is the same name" : trouble}>Rename</Button></div>
        </form>
      </Dialog>
    </>
  );
}
