import { useState } from "react";
import type { Json } from "#app/form/bindings.ts";
import { useOutcome } from "#app/shell/use-outcome.ts";
import { Button } from "#app/ui/button.tsx";
import { Dialog } from "#app/ui/dialog.tsx";
import { TextArea } from "#app/ui/field.tsx";
import { Notice } from "#app/ui/state.tsx";
import type { PlaybookTrigger } from "#format";
import { FormFields, initialValues } from "./form-fields.tsx";
import { RunAlertField } from "./run-alert-field.tsx";
import { RunFailureField } from "./run-failure-field.tsx";

type Kind = PlaybookTrigger["on"];

const WORDS: Record<Kind, { title: string; description: string }> = {
  alert: { title: "Run on an alert", description: "The published version runs now, whatever its trigger says." },
  manual: { title: "Run", description: "The published version runs now." },
  schedule: { title: "Run now", description: "The published version runs as if its time had come at this moment. Its schedule goes on." },
  webhook: { title: "Run", description: "The published version runs now, as if its webhook had been called with this." },
  "run-failed": { title: "Run on a failed run", description: "The published version runs now, as if this run had just failed." },
};

/** Starts the published version by hand, on what its trigger would give it. */
export function RunDialog({ slug, trigger, open, onOpenChange }: { slug: string; trigger: PlaybookTrigger; open: boolean; onOpenChange(open: boolean): void }) {
  const { fetcher, busy, errors } = useOutcome();
  const { on, form = [] } = trigger;
  const [alertId, setAlertId] = useState<string>();
  const [failure, setFailure] = useState<object>();
  const [values, setValues] = useState<Record<string, Json>>(() => initialValues(form));
  const [json, setJson] = useState("");

  const isForm = on === "manual" && form.length > 0;
  const takesJson = on === "webhook" || (on === "manual" && !isForm);
  const input = isForm ? JSON.stringify(values) : on === "run-failed" ? JSON.stringify(failure) : takesJson ? json : "";
  const reason = on === "alert" && alertId === undefined ? "Choose an alert first" : on === "run-failed" && failure === undefined ? "Choose a failed run first" : undefined;
  const known = new Set(["alert_id", "input", ...form.map(({ name }) => name)]);
  const others = Object.entries(errors).filter(([name]) => !known.has(name)).map(([, message]) => message);

  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={WORDS[on].title} description={WORDS[on].description}>
      <fetcher.Form method="post" className="flex flex-col gap-3">
        <input type="hidden" name="intent" value="run" />
        <input type="hidden" name="alert_id" value={alertId ?? ""} />
        <input type="hidden" name="input" value={input ?? ""} />
        {isForm && <FormFields fields={form} values={values} errors={errors} onChange={setValues} />}
        {takesJson && <TextArea label={on === "webhook" ? "Body, as JSON" : "Input, as JSON"} value={json} onChange={(event) => setJson(event.target.value)} placeholder='{"host": "web-1"}' hint="What the run sees as trigger. May be left empty." error={errors["input"]} spellCheck={false} className="font-mono text-xs" />}
        {on === "run-failed" && <RunFailureField onChoose={setFailure} error={errors["input"]} />}
        {on !== "run-failed" && <RunAlertField slug={slug} isNeeded={on === "alert"} onChoose={setAlertId} error={errors["alert_id"]} />}
        {others.length > 0 && <Notice>{others.join(" ")}</Notice>}
        <div className="flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Back</Button>
          <Button variant="primary" type="submit" busy={busy} reason={reason}>Run</Button>
        </div>
      </fetcher.Form>
    </Dialog>
  );
}
