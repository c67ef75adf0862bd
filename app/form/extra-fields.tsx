import { Plus, X } from "lucide-react";
import { useState } from "react";
import { useActions } from "#app/canvas/editor-context.tsx";
import { Button, IconButton } from "#app/ui/button.tsx";
import { TextField } from "#app/ui/field.tsx";
import type { PlaybookNode } from "#format";
import { freeField } from "./fields.ts";
import { InputField } from "./input-field.tsx";
import { RenameField } from "./rename-field.tsx";
import { Section } from "./section.tsx";

/** What a field of one's own may be called: an output is read as `steps.<id>.<name>`. */
export const FIELD_NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** Fields whose names the author chooses (set). */
export function ExtraFields({ node, known }: { node: PlaybookNode; known: readonly string[] }) {
  const { edit } = useActions();
  const [name, setName] = useState("");
  const own = Object.keys(node.input).filter((each) => !known.includes(each));
  const taken = [...known, ...own];
  const trouble = name === "" ? undefined : taken.includes(name) ? `There is a “${name}” already` : !FIELD_NAME.test(name) || name === "__proto__" ? "A name holds letters, digits, _ and $, and no digit first" : undefined;
  return (
    <Section title={known.length > 0 ? "More fields" : "Fields"}>
      {own.length === 0 && <p className="text-xs text-fg-3">No fields yet. Each one added here is a field of this step’s output.</p>}
      {own.map((each) => (
        <InputField key={each} field={freeField(each)} extra={
          <>
            <RenameField node={node} name={each} taken={taken} />
            <IconButton label={`Remove ${each}`} className="!size-6" onClick={() => edit(`Remove ${each}`, [{ op: "set-input", id: node.id, field: each }])}><X aria-hidden className="size-3.5" /></IconButton>
          </>
        } />
      ))}
      <form
        className="flex items-start gap-1.5"
        onSubmit={(event) => {
          event.preventDefault();
          if (name === "" || trouble !== undefined) return;
          if (edit(`Add ${name}`, [{ op: "set-input", id: node.id, field: name, binding: { value: "" } }])) setName("");
        }}
      >
        <div className="min-w-0 flex-1"><TextField label="Name of a new field" hideLabel value={name} onChange={(event) => setName(event.target.value)} placeholder="name of a new field" autoComplete="off" spellCheck={false} maxLength={100} error={trouble} /></div>
        <Button type="submit" className="!h-8" reason={name === "" ? "Type a name first" : trouble}><Plus aria-hidden className="size-3.5" /> Add field</Button>
      </form>
    </Section>
  );
}
