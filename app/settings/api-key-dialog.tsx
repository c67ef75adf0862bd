import { useFetcher } from "@remix-run/react";
import type { Outcome } from "#app/shell/outcome.server.ts";
import { Button } from "#app/ui/button.tsx";
import { CopyBlock } from "#app/ui/copy.tsx";
import { Dialog } from "#app/ui/dialog.tsx";
import { CheckField, SelectField, TextField } from "#app/ui/field.tsx";
import { Notice } from "#app/ui/state.tsx";

/** Makes a key and shows it, this once. */
export function ApiKeyDialog({ onClose }: { onClose(): void }) {
  const fetcher = useFetcher<Outcome & { key?: string }>();
  const key = fetcher.data?.key;
  const errors = fetcher.data?.errors ?? {};
  if (key !== undefined) {
    return (
      <Dialog open onOpenChange={onClose} title="Your new key" description="Copy it now: only its hash is stored, and nobody can show it again.">
        <CopyBlock text={key} label="API key" />
        <div className="mt-4 flex justify-end"><Button variant="primary" onClick={onClose}>I have copied it</Button></div>
      </Dialog>
    );
  }
  return (
    <Dialog open onOpenChange={onClose} title="New API key">
      <fetcher.Form method="post" className="flex flex-col gap-3">
        <input type="hidden" name="intent" value="create" />
        <TextField label="Name" name="name" required maxLength={100} placeholder="Wazuh manager" error={errors["name"]} autoFocus />
        <div className="grid grid-cols-2 gap-3">
          <TextField label="Requests per minute" name="rate_limit" inputMode="numeric" defaultValue="100" hint="Empty: no limit" error={errors["rate_limit"]} />
          <SelectField label="Expires" name="days" defaultValue=""><option value="">never</option><option value="30">in 30 days</option><option value="90">in 90 days</option><option value="365">in a year</option></SelectField>
        </div>
        <CheckField name="signature_required" label="Accept signed requests only" hint="X-Webhook-Signature: HMAC-SHA256 of the body with this key." />
        {errors[""] !== undefined && <Notice>{errors[""]}</Notice>}
        <div className="flex justify-end gap-2"><Button onClick={onClose}>Back</Button><Button variant="primary" type="submit" busy={fetcher.state !== "idle"}>Make the key</Button></div>
      </fetcher.Form>
    </Dialog>
  );
}
