import { useOutcome } from "#app/shell/use-outcome.ts";
import { Button } from "#app/ui/button.tsx";
import { Dialog } from "#app/ui/dialog.tsx";
import { TextField } from "#app/ui/field.tsx";
import { Notice } from "#app/ui/state.tsx";

/** Asks for a name and leads to the editor. */
export function NewPlaybookDialog({ onClose }: { onClose(): void }) {
  const { fetcher, busy, errors } = useOutcome();
  return (
    <Dialog open onOpenChange={onClose} title="New playbook" description="It starts as a draft. Nothing runs before it is published.">
      <fetcher.Form method="post" action="/playbooks?index" className="flex flex-col gap-3">
        <input type="hidden" name="intent" value="create" />
        <TextField label="Name" name="name" required maxLength={100} placeholder="Isolate a host with ransomware" autoComplete="off" error={errors["name"]} />
        {errors[""] !== undefined && <Notice>{errors[""]}</Notice>}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Back</Button>
          <Button variant="primary" type="submit" busy={busy}>Create and edit</Button>
        </div>
      </fetcher.Form>
    </Dialog>
  );
}
