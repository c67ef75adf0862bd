import { useOutcome } from "#app/shell/use-outcome.ts";
import { Button } from "#app/ui/button.tsx";
import { Dialog } from "#app/ui/dialog.tsx";
import { SelectField, TextField } from "#app/ui/field.tsx";
import { Notice } from "#app/ui/state.tsx";

const FIELDS = ["last", "missing", "approvals"];

/** Asks on how many alerts, and what stands for what was not recorded. Starting leads to the backtest's page. */
export function StartDialog({ slug, open, onOpenChange }: { slug: string; open: boolean; onOpenChange(open: boolean): void }) {
  const { fetcher, busy, errors } = useOutcome();
  const others = Object.entries(errors).filter(([field]) => !FIELDS.includes(field)).map(([, message]) => message);
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Backtest the draft" description="The draft and the published version run over alerts that came in. Nothing is changed: writes are held, and reads are answered from what live runs recorded.">
      <fetcher.Form method="post" action={`/playbooks/${slug}/backtests`} className="flex flex-col gap-3">
        <input type="hidden" name="intent" value="start" />
        <TextField label="Last alerts" name="last" type="number" min={1} max={1000} defaultValue={50} required error={errors["last"]} hint="The newest on which this playbook ran; of one that never ran, the newest of all." />
        <SelectField label="A read that was not recorded" name="missing" defaultValue="fail" error={errors["missing"]}>
          <option value="fail">fails: the alert counts as “cannot say”, unless the step catches it</option>
          <option value="simulate">takes the node's stand-in</option>
          <option value="live">is made now</option>
        </SelectField>
        <SelectField label="Approvals and questions" name="approvals" defaultValue="recorded" error={errors["approvals"]}>
          <option value="recorded">as they were answered then, else yes</option>
          <option value="approve">always yes</option>
          <option value="refuse">always no</option>
        </SelectField>
        {others.length > 0 && <Notice>{[...new Set(others)].join("; ")}</Notice>}
        <div className="flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Back</Button>
          <Button variant="primary" type="submit" busy={busy}>Start</Button>
        </div>
      </fetcher.Form>
    </Dialog>
  );
}
