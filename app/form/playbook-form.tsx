import { Plus, X } from "lucide-react";
import { useId, useState } from "react";
import { useActions, useEditor } from "#app/canvas/editor-context.tsx";
import { Button, IconButton } from "#app/ui/button.tsx";
import { inputLook, TextField } from "#app/ui/field.tsx";
import { AnyControl } from "./controls/any-control.tsx";
import { NumberControl } from "./controls/number-control.tsx";
import { PlaybookControl } from "./controls/playbook-control.tsx";
import { GrowingText } from "./controls/text-control.tsx";
import { FieldFrame } from "./field-frame.tsx";
import { Section } from "./section.tsx";

const VAR_NAME = /^[a-z][a-zA-Z0-9_]{0,62}$/;

/** Nothing is selected: the playbook itself. */
export function PlaybookForm() {
  const { edit } = useActions();
  const name = useEditor((state) => state.draft.document.name);
  const description = useEditor((state) => state.draft.document.description);
  const isLocked = useEditor((state) => state.data.readOnly !== null);
  const [empty, setEmpty] = useState(false);
  const id = useId();
  return (
    <div className="scroll-y min-h-0 flex-1">
      <fieldset disabled={isLocked} className="contents">
        <Section title="Playbook">
          <FieldFrame id={id} name="name" label="Name" problems={empty ? [{ severity: "error", code: "name", message: "A playbook needs a name; until it has one, it keeps the last" }] : []}>
            <input
              id={id}
              value={empty ? "" : name}
              maxLength={100}
              autoComplete="off"
              aria-invalid={empty || undefined}
              aria-describedby={empty ? `${id}-problems` : undefined}
              onBlur={() => setEmpty(false)}
              onChange={({ target: { value } }) => {
                setEmpty(value === "");
                if (value !== "") edit("Rename the playbook", [{ op: "set-details", changes: { name: value } }], "playbook.name");
              }}
              className={inputLook}
            />
          </FieldFrame>
          <FieldFrame id={`${id}-description`} name="description" label="Description" hint="What it is for, in a sentence or two: lists show it.">
            <GrowingText id={`${id}-description`} value={description} maxLength={4000} aria-describedby={`${id}-description-hint`} onChange={(event) => edit("Change the description", [{ op: "set-details", changes: { description: event.target.value } }], "playbook.description")} />
          </FieldFrame>
        </Section>
        <RunFailed />
        <RunsAtATime />
        <Variables />
        <p className="px-3 py-3 text-xs text-fg-3">Select a card to see its fields, the trigger to say what starts this playbook.</p>
      </fieldset>
    </div>
  );
}

/** Which playbook hears of it when a run of this one fails. */
function RunFailed() {
  const { edit } = useActions();
  const handler = useEditor((state) => state.draft.document.onRunFailed);
  const id = useId();
  return (
    <Section title="When a run fails">
      <FieldFrame id={id} name="onRunFailed" label="Start this playbook" hint="It gets what failed and why as trigger, and the same alert. Playbooks that start when a run fails hear of it anyway.">
        <PlaybookControl id={id} label="Start this playbook" value={handler} placeholder="None" invalid={false} describedBy={`${id}-hint`} onChange={(value) => edit("Change what handles its failures", [{ op: "set-details", changes: { onRunFailed: typeof value === "string" ? value : null } }])} />
      </FieldFrame>
    </Section>
  );
}

/** How many runs are at work at the same moment. */
function RunsAtATime() {
  const { edit } = useActions();
  const concurrency = useEditor((state) => state.draft.document.concurrency);
  const id = useId();
  return (
    <Section title="Limit">
      <FieldFrame id={id} name="concurrency" label="Runs at a time" hint="Further runs wait in line. A run that waits for a person, the outside or another run does not count. Empty: any number.">
        <NumberControl id={id} label="Runs at a time" value={concurrency} invalid={false} describedBy={`${id}-hint`} placeholder="Any number" limits={{ isWhole: true, min: 1, max: 1000 }} onChange={(value) => edit("Change how many runs are at work at a time", [{ op: "set-details", changes: { concurrency: typeof value === "number" ? value : null } }], "playbook.concurrency")} />
      </FieldFrame>
    </Section>
  );
}

/** Values that several steps use, read as `vars.name`. */
function Variables() {
  const { edit } = useActions();
  const vars = useEditor((state) => state.draft.document.vars);
  const [name, setName] = useState("");
  const id = useId();
  const trouble = name === "" ? undefined : Object.hasOwn(vars, name) ? `There is a “${name}” already` : VAR_NAME.test(name) ? undefined : "A name starts with a lower-case letter and holds letters, digits and _";
  return (
    <Section title="Variables">
      {Object.keys(vars).length === 0 && <p className="text-xs text-fg-3">No variables. A value that several steps need is written once here and read as <code className="font-mono">vars.name</code>.</p>}
      {Object.entries(vars).map(([each, value]) => (
        <FieldFrame key={each} id={`${id}-${each}`} name={`vars.${each}`} label={each} aside={<IconButton label={`Remove ${each}`} className="!size-6" onClick={() => edit(`Remove the variable ${each}`, [{ op: "set-var", name: each }])}><X aria-hidden className="size-3.5" /></IconButton>}>
          <AnyControl id={`${id}-${each}`} label={each} value={value} invalid={false} describedBy={undefined} onChange={(next) => edit(`Set the variable ${each}`, [{ op: "set-var", name: each, value: next ?? "" }], `vars.${each}`)} />
        </FieldFrame>
      ))}
      <form
        className="flex items-start gap-1.5"
        onSubmit={(event) => {
          event.preventDefault();
          if (name !== "" && trouble === undefined && edit(`Add the variable ${name}`, [{ op: "set-var", name, value: "" }])) setName("");
        }}
      >
        <div className="min-w-0 flex-1"><TextField label="Name of a new variable" hideLabel value={name} onChange={(event) => setName(event.target.value)} placeholder="name of a new variable" autoComplete="off" spellCheck={false} error={trouble} /></div>
        <Button type="submit" className="!h-8" reason={name === "" ? "Type a name first" : trouble}><Plus aria-hidden className="size-3.5" /> Add</Button>
      </form>
    </Section>
  );
}
