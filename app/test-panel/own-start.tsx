import { useState } from "react";
import { useEditor, useEditorStore } from "#app/canvas/editor-context.tsx";
import type { TestTarget } from "#app/canvas/store.ts";
import type { Json } from "#app/form/bindings.ts";
import { FormFields, initialValues } from "#app/playbooks/form-fields.tsx";
import { RunFailureField } from "#app/playbooks/run-failure-field.tsx";
import { Button } from "#app/ui/button.tsx";
import { TextArea } from "#app/ui/field.tsx";
import { type FormField, type PlaybookTrigger, readForm } from "#format";
import { chooseTarget } from "./start-test.ts";

type Kind = Exclude<PlaybookTrigger["on"], "alert">;

/** What a playbook that no alert starts is tested on, as a choice and once it is chosen. */
export const OWN_STARTS: Record<Kind, { choice: string; chosen: string }> = {
  manual: { choice: "What it is given", chosen: "what it is given" },
  schedule: { choice: "Its time", chosen: "its time: now" },
  webhook: { choice: "A call of its webhook", chosen: "a call of its webhook" },
  "run-failed": { choice: "A failed run", chosen: "a failed run" },
};

/** What its own trigger would give it, as far as one can say that beforehand. */
export function OwnStart({ on, form, onChosen }: { on: Kind; form: readonly FormField[] | undefined; onChosen(): void }) {
  const store = useEditorStore();
  const target = useEditor((state) => state.target);
  const given = target !== null && "payload" in target ? target : undefined;
  const choose = (payload: string) => {
    chooseTarget(store, { payload } satisfies TestTarget);
    onChosen();
  };
  if (on === "schedule") return <div className="p-3"><Button variant="primary" onClick={() => choose("{}")}>Use this moment</Button></div>;
  if (on === "run-failed") return <div className="p-3"><RunFailureField error={undefined} onChoose={(failure) => failure && choose(JSON.stringify(failure))} /></div>;
  if (on === "manual" && form) return <FilledForm fields={form} given={given?.payload} onChosen={choose} />;
  return <AnyPayload label={on === "webhook" ? "Body" : "Input, as JSON"} isJson={on !== "webhook"} given={given?.payload ?? ""} onChosen={choose} />;
}

function FilledForm({ fields, given, onChosen }: { fields: readonly FormField[]; given: string | undefined; onChosen(payload: string): void }) {
  const [values, setValues] = useState<Record<string, Json>>(() => readValues(given) ?? initialValues(fields));
  const [errors, setErrors] = useState<Record<string, string>>({});
  return (
    <form
      className="scroll-y flex min-h-0 flex-1 flex-col gap-3 p-3"
      onSubmit={(event) => {
        event.preventDefault();
        const reading = readForm(fields, values);
        setErrors(reading.ok ? {} : Object.fromEntries(reading.wrong.map(({ field, message }) => [field, message])));
        if (reading.ok) onChosen(JSON.stringify(values));
      }}
    >
      <FormFields fields={fields} values={values} errors={errors} onChange={setValues} />
      <Button variant="primary" type="submit" className="self-end">Use this</Button>
    </form>
  );
}

/** What was chosen before, where it was a form's. */
function readValues(text: string | undefined): Record<string, Json> | undefined {
  try {
    const value = JSON.parse(text ?? "") as Json;
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function AnyPayload({ label, isJson, given, onChosen }: { label: string; isJson: boolean; given: string; onChosen(payload: string): void }) {
  const [payload, setPayload] = useState(given);
  const fault = isJson ? faultOf(payload) : undefined;
  return (
    <form className="flex min-h-0 flex-1 flex-col gap-2 px-3 py-2" onSubmit={(event) => { event.preventDefault(); onChosen(payload); }}>
      <TextArea label={label} hideLabel value={payload} onChange={(event) => setPayload(event.target.value)} placeholder='{"host": "web-1"}' spellCheck={false} className="min-h-24 flex-1 resize-none font-mono text-xs" {...(fault === undefined ? {} : { error: fault })} />
      <Button variant="primary" type="submit" className="self-end" reason={payload.trim() === "" ? "Write something first" : fault}>Use this</Button>
    </form>
  );
}

function faultOf(text: string): string | undefined {
  if (text.trim() === "") return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return `Not JSON: ${(error as Error).message}`;
  }
}
