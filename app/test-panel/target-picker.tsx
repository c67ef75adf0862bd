import { useState } from "react";
import { useEditor, useEditorStore } from "#app/canvas/editor-context.tsx";
import type { TestTarget } from "#app/canvas/store.ts";
import { AlertPicker } from "#app/triage/alert-picker.tsx";
import { Button } from "#app/ui/button.tsx";
import { SelectField, TextArea } from "#app/ui/field.tsx";
import { OWN_STARTS, OwnStart } from "./own-start.tsx";
import { chooseTarget } from "./start-test.ts";

/** What the draft is tested on: an alert that was received, a payload as a SIEM would send it, or what else starts it. */
export function TargetPicker({ onChosen }: { onChosen(): void }) {
  const target = useEditor((state) => state.target);
  const { on, form } = useEditor((state) => state.draft.document.trigger);
  const [pasting, setPasting] = useState(target === null ? on !== "alert" : "payload" in target);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div role="radiogroup" aria-label="Test on" className="flex gap-1 px-3 pt-2">
        <Choice chosen={!pasting} onChoose={() => setPasting(false)}>A past alert</Choice>
        <Choice chosen={pasting} onChoose={() => setPasting(true)}>{on === "alert" ? "A pasted payload" : OWN_STARTS[on].choice}</Choice>
      </div>
      {!pasting ? <PastAlerts target={target} onChosen={onChosen} />
        : on === "alert" ? <PastedPayload target={target} onChosen={onChosen} />
        : <OwnStart key={on} on={on} form={form} onChosen={onChosen} />}
    </div>
  );
}

function Choice({ chosen, onChoose, children }: { chosen: boolean; onChoose(): void; children: string }) {
  return (
    <button type="button" role="radio" aria-checked={chosen} onClick={onChoose} className={`rounded-md border px-2 py-0.5 text-xs ${chosen ? "border-accent bg-selected font-medium text-fg" : "border-line text-fg-2 hover:bg-hover"}`}>
      {children}
    </button>
  );
}

function PastAlerts({ target, onChosen }: { target: TestTarget | null; onChosen(): void }) {
  const store = useEditorStore();
  return (
    <AlertPicker
      chosen={target !== null && "alert" in target ? target.alert.id : undefined}
      onChoose={({ id, title }) => { chooseTarget(store, { alert: { id, label: title } }); onChosen(); }}
      hint="Paste a payload to test on."
    />
  );
}

function PastedPayload({ target, onChosen }: { target: TestTarget | null; onChosen(): void }) {
  const store = useEditorStore();
  const sources = useEditor(({ data }) => data.sources);
  const given = target !== null && "payload" in target ? target : undefined;
  const [payload, setPayload] = useState(given?.payload ?? "");
  const [source, setSource] = useState(given?.source ?? "");
  const fault = faultOf(payload);
  return (
    <form
      className="flex min-h-0 flex-1 flex-col gap-2 px-3 py-2"
      onSubmit={(event) => {
        event.preventDefault();
        chooseTarget(store, { payload, ...(source === "" ? {} : { source }) });
        onChosen();
      }}
    >
      <TextArea label="Payload, as the SIEM posts it" hideLabel value={payload} onChange={(event) => setPayload(event.target.value)} placeholder='{"rule": {"level": 12, "description": "…"}, …}' spellCheck={false} className="min-h-24 flex-1 resize-none font-mono text-xs" {...(fault === undefined ? {} : { error: fault })} />
      <div className="flex items-center justify-between gap-2">
        <SelectField label="Source" hideLabel aria-label="Source" value={source} onChange={(event) => setSource(event.target.value)} className="max-w-52">
          <option value="">Source: detect it</option>
          {sources.map(({ id, title }) => <option key={id} value={id}>{title}</option>)}
        </SelectField>
        <Button variant="primary" type="submit" reason={payload.trim() === "" ? "Paste a payload first" : fault}>Use this payload</Button>
      </div>
    </form>
  );
}

function faultOf(payload: string): string | undefined {
  if (payload.trim() === "") return undefined;
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? undefined : "One alert is one JSON object";
  } catch (error) {
    return error instanceof Error ? `Not JSON: ${error.message}` : "Not JSON";
  }
}
