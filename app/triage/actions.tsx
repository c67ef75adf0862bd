import { ChevronDown } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import type { AlertDetail } from "#app/models/wire.ts";
import { useReason, useUserName } from "#app/shell/permission.ts";
import { useOutcome } from "#app/shell/use-outcome.ts";
import { Button } from "#app/ui/button.tsx";
import { Dialog } from "#app/ui/dialog.tsx";
import { TextArea } from "#app/ui/field.tsx";
import { Menu, MenuItem, MenuLabel, MenuLine } from "#app/ui/menu.tsx";
import { Notice } from "#app/ui/state.tsx";
import { useToast } from "#app/ui/toast.tsx";
import { words } from "#app/ui/words.ts";

export interface Assignable { id: string; username: string }

/** What a person can do to an alert. Which statuses may follow is the server's to say; `next` is its answer. */
export function AlertActions({ alert, next, determinations, people }: { alert: AlertDetail; next: readonly string[]; determinations: readonly string[]; people: Assignable[] }) {
  const { fetcher, busy, errors } = useOutcome();
  const [resolving, setResolving] = useState(false);
  const toast = useToast();
  const reason = useReason()("alerts:update");
  const me = useUserName();
  const send = (fields: Record<string, string>) => fetcher.submit(fields, { method: "post" });
  const mine = alert.assigned_username === me;
  const said = Object.values(errors).join(" ");

  // A menu has no place for its error.
  useEffect(() => {
    if (said !== "") toast(said, "red");
  }, [said, toast]);

  return (
    <>
      {!mine && <Button busy={busy} reason={reason} onClick={() => send({ intent: "claim" })}>Claim</Button>}
      {reason === undefined && (
        <>
          <Menu trigger={<Button>Assign <ChevronDown aria-hidden className="size-3.5 text-fg-3" /></Button>}>
            {people.map(({ id, username }) => <MenuItem key={id} disabled={id === alert.assigned_to} onSelect={() => send({ intent: "assign", assigned_to: id })}>{username}{id === alert.assigned_to ? " (now)" : ""}</MenuItem>)}
            {alert.assigned_to !== null && <><MenuLine /><MenuItem onSelect={() => send({ intent: "assign", assigned_to: "" })}>Nobody</MenuItem></>}
          </Menu>
          <Menu trigger={<Button>Triage <ChevronDown aria-hidden className="size-3.5 text-fg-3" /></Button>}>
            <MenuLabel>Status</MenuLabel>
            {next.filter((status) => status !== "resolved").map((status) => <MenuItem key={status} onSelect={() => send({ intent: "change", status })}>{words(status)}</MenuItem>)}
            <MenuLine />
            <MenuLabel>Determination</MenuLabel>
            {determinations.map((value) => <MenuItem key={value} disabled={value === alert.determination} onSelect={() => send({ intent: "change", determination: value })}>{words(value)}{value === alert.determination ? " (now)" : ""}</MenuItem>)}
          </Menu>
        </>
      )}
      {next.includes("resolved") && <Button variant="primary" reason={reason} onClick={() => setResolving(true)}>Resolve</Button>}
      <ResolveDialog alert={alert} determinations={determinations} open={resolving} onOpenChange={setResolving} />
    </>
  );
}

function ResolveDialog({ alert, determinations, open, onOpenChange }: { alert: AlertDetail; determinations: readonly string[]; open: boolean; onOpenChange(open: boolean): void }) {
  const { fetcher, busy, errors } = useOutcome(useCallback(() => onOpenChange(false), [onOpenChange]));
  const problem = errors["determination"];
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Resolve this alert" description="Say what it turned out to be. The history keeps who decided and why.">
      <fetcher.Form method="post" className="flex flex-col gap-3">
        <input type="hidden" name="intent" value="resolve" />
        {(errors[""] ?? errors["status"]) !== undefined && <Notice>{errors[""] ?? errors["status"]}</Notice>}
        <fieldset aria-describedby={problem === undefined ? undefined : "determination-error"}>
          <legend className="mb-1 text-xs font-medium text-fg-2">Determination</legend>
          <div className="flex gap-4">
            {determinations.map((value) => (
              <label key={value} className="flex items-center gap-1.5">
                <input type="radio" name="determination" value={value} defaultChecked={value === alert.determination} />
                {words(value)}
              </label>
            ))}
          </div>
          {problem !== undefined && <p id="determination-error" role="alert" className="mt-1 text-xs text-red">{problem}</p>}
        </fieldset>
        <TextArea label="Reason" name="resolve_reason" maxLength={255} placeholder="What you found, in a sentence" error={errors["resolve_reason"]} />
        <div className="flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Back</Button>
          <Button variant="primary" type="submit" busy={busy}>Resolve</Button>
        </div>
      </fetcher.Form>
    </Dialog>
  );
}
