import { useState } from "react";
import type { ApprovalWire } from "#app/models/wire.ts";
import { useOutcome } from "#app/shell/use-outcome.ts";
import { Button } from "#app/ui/button.tsx";
import { TextArea, TextField } from "#app/ui/field.tsx";
import { Notice } from "#app/ui/state.tsx";
import { DECISIONS, type Decision } from "./decisions.ts";
import { ANSWER_ACTION, useWhyNot } from "./use-reply.ts";

const CHOICES: Record<Decision, { label: string; meaning: string }> = {
  happened: { label: "It happened", meaning: "Go on as if the step had succeeded. It is not sent again." },
  again: { label: "Do it again", meaning: "Send it once more, as a new request. If the first did happen, it happens twice." },
  fail: { label: "Fail", meaning: "Treat the step as failed; the playbook decides what follows." },
};

/** Nobody knows whether the step's request took effect: a person says, and why. */
export function DecisionForm({ approval }: { approval: ApprovalWire }) {
  const { fetcher, busy, errors } = useOutcome();
  const [decision, setDecision] = useState<Decision>("happened");
  const whyNot = useWhyNot(approval);
  const needsReason = decision === "again" && approval.step.effect === "contain";
  return (
    <fetcher.Form method="post" action={ANSWER_ACTION} className="flex flex-wrap items-start gap-4">
      <input type="hidden" name="intent" value="answer" />
      <input type="hidden" name="run_id" value={approval.run.id} />
      <input type="hidden" name="step_id" value={approval.step.id} />
      <fieldset className="flex min-w-72 flex-1 flex-col gap-1">
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
        <div className="flex items-center gap-2"><Button variant="primary" type="submit" busy={busy} reason={whyNot}>{CHOICES[decision].label}</Button>{whyNot !== undefined && <span className="text-xs text-fg-3">{whyNot}</span>}</div>
      </div>
    </fetcher.Form>
  );
}
