import { useState } from "react";
import type { RunDetail } from "#app/models/wire.ts";
import { useReason } from "#app/shell/permission.ts";
import { useOutcome } from "#app/shell/use-outcome.ts";
import { Button } from "#app/ui/button.tsx";
import { TextArea, TextField } from "#app/ui/field.tsx";
import { Notice } from "#app/ui/state.tsx";
import { DECISIONS, type Decision } from "./decisions.ts";

const CHOICES: Record<Decision, { label: string; meaning: string }> = {
  happened: { label: "It happened", meaning: "Go on as if the step had succeeded. It is not sent again." },
  again: { label: "Do it again", meaning: "Send it once more, as a new request. If the first did happen, it happens twice." },
  fail: { label: "Fail", meaning: "Treat the step as failed; the playbook decides what follows." },
};

/** Nobody knows whether the step's request took effect: a person says, and why. */
export function DecisionPanel({ wait, title, contain, onShow }: { wait: RunDetail["waits"][number]; title: string; contain: boolean; onShow(): void }) {
  const { fetcher, busy, errors } = useOutcome();
  const [decision, setDecision] = useState<Decision>("happened");
  const reason = useReason()("playbooks:execute");
  const needsReason = decision === "again" && contain;
  return (
    <section aria-label={`Decision about ${title}`} data-tone="yellow" className="border-b border-line bg-tone-bg px-4 py-3">
      <p><span className="font-semibold text-tone">A decision is needed.</span> <button type="button" onClick={onShow} className="font-medium underline">{title}</button> was sent, but its answer never came: it may have happened, or not. Look at the other side, then say what is true.</p>
      <fetcher.Form method="post" className="mt-2 flex flex-wrap items-start gap-4">
        <input type="hidden" name="intent" value="answer" />
        <input type="hidden" name="step_id" value={wait.step_id} />
        <fieldset className="flex flex-col gap-1">
          <legend className="sr-only">Decision</legend>
          {DECISIONS.map((value) => (
            <label key={value} className="flex items-baseline gap-2">
              <input type="radio" name="decision" value={value} checked={decision === value} onChange={() => setDecision(value)} className="translate-y-0.5" />
              <span><span className="font-medium">{CHOICES[value].label}.</span> <span className="text-fg-2">{CHOICES[value].meaning}</span></span>
            </label>
          ))}
        </fieldset>
        <div className="flex min-w-64 flex-1 flex-col gap-2">
          <TextField label={needsReason ? "Reason (needed: this step contains)" : "Reason"} name="reason" required={needsReason} maxLength={2000} error={errors["reason"]} />
          {decision === "happened" && <details><summary className="cursor-pointer text-xs text-fg-2">What it returned, as JSON (optional)</summary><div className="mt-1"><TextArea label="Output" hideLabel name="data" rows={3} className="font-mono !text-xs" error={errors["data"]} /></div></details>}
          {errors[""] !== undefined && <Notice>{errors[""]}</Notice>}
          <div><Button variant="primary" type="submit" busy={busy} reason={reason}>{CHOICES[decision].label}</Button></div>
        </div>
      </fetcher.Form>
    </section>
  );
}
