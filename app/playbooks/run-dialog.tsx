import { useState } from "react";
import type { ConditionTrace } from "#format";
import { useOutcome } from "#app/shell/use-outcome.ts";
import { Button } from "#app/ui/button.tsx";
import type { Hits } from "#app/ui/command-palette.tsx";
import { Dialog } from "#app/ui/dialog.tsx";
import { TextField } from "#app/ui/field.tsx";
import { Notice } from "#app/ui/state.tsx";
import { useJson } from "#app/ui/use-json.ts";
import { Traces } from "./condition-trace.tsx";

export interface TriggerTest { matches: boolean; checks: ConditionTrace[] }

/** Starts the playbook by hand on an alert one finds here; says beforehand whether its trigger would have started it, and why (not). */
export function RunDialog({ slug, open, onOpenChange }: { slug: string; open: boolean; onOpenChange(open: boolean): void }) {
  const { fetcher, busy, errors } = useOutcome();
  const [query, setQuery] = useState("");
  const [alert, setAlert] = useState<{ id: string; label: string }>();
  const needle = query.trim();

  const search = useJson<Hits>(needle === "" || alert !== undefined ? null : `/search?q=${encodeURIComponent(needle)}`, 200);
  const test = useJson<TriggerTest>(alert === undefined ? null : `/playbooks/${slug}/test-trigger?alert_id=${alert.id}`);
  const hits = search.data?.hits.filter(({ group }) => group === "Alert") ?? [];

  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Run on an alert" description="The published version runs now, whatever its trigger says.">
      <fetcher.Form method="post" className="flex flex-col gap-3">
        <input type="hidden" name="intent" value="run" />
        <input type="hidden" name="alert_id" value={alert?.id ?? ""} />
        <TextField label="Find the alert" type="search" value={query} onChange={(event) => { setQuery(event.target.value); setAlert(undefined); }} placeholder="Title, host, address, user" autoComplete="off" error={errors["alert_id"]} />
        {alert === undefined && hits.length > 0 && (
          <ul aria-label="Alerts found" className="max-h-56 overflow-y-auto rounded-md border border-line">
            {hits.map(({ to, label, detail }) => (
              <li key={to}><button type="button" onClick={() => setAlert({ id: to.split("/").at(-1)!, label })} className="flex h-8 w-full items-center gap-2 px-2 text-left hover:bg-hover focus-visible:outline-offset-[-2px]"><span className="min-w-0 flex-1 truncate">{label}</span><span className="text-xs text-fg-3">{detail}</span></button></li>
            ))}
          </ul>
        )}
        {alert === undefined && needle !== "" && !search.loading && hits.length === 0 && <p className="text-fg-3">No alert matches.</p>}
        {alert !== undefined && <p className="rounded-md border border-line bg-canvas px-3 py-2 font-medium break-words">{alert.label}</p>}
        {test.data !== undefined && (
          <div className="text-xs"><p className="mb-1 text-fg-2">{test.data.matches ? "The trigger would have started it:" : "The trigger would not have started it:"}</p><Traces traces={test.data.checks} /></div>
        )}
        {errors[""] !== undefined && <Notice>{errors[""]}</Notice>}
        <div className="flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Back</Button>
          <Button variant="primary" type="submit" busy={busy} reason={alert === undefined ? "Choose an alert first" : undefined}>Run</Button>
        </div>
      </fetcher.Form>
    </Dialog>
  );
}
