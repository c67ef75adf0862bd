import { useCallback } from "react";
import { useOutcome } from "#app/shell/use-outcome.ts";
import { Button } from "#app/ui/button.tsx";
import { Dialog } from "#app/ui/dialog.tsx";
import { Notice } from "#app/ui/state.tsx";

/** Asks before what cannot be undone; `fields` are what is then sent. */
export function Confirm({ title, children, verb, fields, onClose }: { title: string; children: string; verb: string; fields: Record<string, string>; onClose(): void }) {
  const { fetcher, busy, errors } = useOutcome(useCallback(() => onClose(), [onClose]));
  return (
    <Dialog open onOpenChange={onClose} title={title} description={children}>
      {errors[""] !== undefined && <Notice>{errors[""]}</Notice>}
      <div className="mt-2 flex justify-end gap-2">
        <Button onClick={onClose}>Back</Button>
        <Button variant="danger" busy={busy} onClick={() => fetcher.submit(fields, { method: "post" })}>{verb}</Button>
      </div>
    </Dialog>
  );
}
