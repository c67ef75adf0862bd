import { useState } from "react";
import type { ConditionTrace } from "#format";
import type { Hits } from "#app/ui/command-palette.tsx";
import { TextField } from "#app/ui/field.tsx";
import { useJson } from "#app/ui/use-json.ts";
import { Traces } from "./condition-trace.tsx";

export interface TriggerTest { matches: boolean; checks: ConditionTrace[] }

interface RunAlertFieldProps { slug: string; /** Alerts start the playbook. */ isNeeded: boolean; error: string | undefined; onChoose(id: string | undefined): void }

/** An alert one finds here; says beforehand whether the trigger would have started on it, and why (not). */
export function RunAlertField({ slug, isNeeded, error, onChoose }: RunAlertFieldProps) {
  const [query, setQuery] = useState("");
  const [alert, setAlert] = useState<{ id: string; label: string }>();
  const needle = query.trim();
  const search = useJson<Hits>(needle === "" || alert !== undefined ? null : `/search?q=${encodeURIComponent(needle)}`, 200);
  const test = useJson<TriggerTest>(alert === undefined || !isNeeded ? null : `/playbooks/${slug}/test-trigger?alert_id=${alert.id}`);
  const hits = search.data?.hits.filter(({ group }) => group === "Alert") ?? [];
  const choose = (next: typeof alert) => {
    setAlert(next);
    onChoose(next?.id);
  };
  return (
    <>
      <TextField label={isNeeded ? "Find the alert" : "On an alert (may be left empty)"} type="search" value={query} onChange={(event) => { setQuery(event.target.value); choose(undefined); }} placeholder="Title, host, address, user" autoComplete="off" error={error} />
      {alert === undefined && hits.length > 0 && (
        <ul aria-label="Alerts found" className="max-h-56 overflow-y-auto rounded-md border border-line">
          {hits.map(({ to, label, detail }) => (
            <li key={to}><button type="button" onClick={() => choose({ id: to.split("/").at(-1)!, label })} className="flex h-8 w-full items-center gap-2 px-2 text-left hover:bg-hover focus-visible:outline-offset-[-2px]"><span className="min-w-0 flex-1 truncate">{label}</span><span className="text-xs text-fg-3">{detail}</span></button></li>
          ))}
        </ul>
      )}
      {alert === undefined && needle !== "" && !search.loading && hits.length === 0 && <p className="text-fg-3">No alert matches.</p>}
      {alert !== undefined && <p className="rounded-md border border-line bg-canvas px-3 py-2 font-medium break-words">{alert.label}</p>}
      {test.data !== undefined && (
        <div className="text-xs"><p className="mb-1 text-fg-2">{test.data.matches ? "The trigger would have started it:" : "The trigger would not have started it:"}</p><Traces traces={test.data.checks} /></div>
      )}
    </>
  );
}
