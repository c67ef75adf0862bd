import { useState } from "react";
import type { AlertSummary } from "#app/models/wire.ts";
import { TextField } from "#app/ui/field.tsx";
import { Skeleton } from "#app/ui/state.tsx";
import { Time } from "#app/ui/time.tsx";
import { useJson } from "#app/ui/use-json.ts";
import { SeverityMark } from "./severity.tsx";

const SHOWN = 30;
/** Milliseconds without typing before the server is asked. */
const PAUSE = 200;

interface AlertPickerProps {
  chosen: string | undefined;
  onChoose(alert: AlertSummary): void;
  /** Said where no alert was ever received. */
  hint?: string;
  /** Of the list's box. */
  className?: string;
}

/** One alert out of the newest, or of those that a search finds. */
export function AlertPicker({ chosen, onChoose, hint = "", className = "min-h-0 flex-1" }: AlertPickerProps) {
  const [query, setQuery] = useState("");
  const needle = query.trim();
  const { data, loading } = useJson<{ alerts: AlertSummary[]; total: number }>(`/api/v1/alerts?limit=${SHOWN}${needle === "" ? "" : `&q=${encodeURIComponent(needle)}`}`, needle === "" ? 0 : PAUSE);
  return (
    <>
      <div className="px-3 py-2"><TextField label="Find an alert" hideLabel type="search" value={query} onChange={(event) => setQuery(event.target.value)} placeholder="Find by title, host, address, user" autoComplete="off" /></div>
      <ul aria-label="Alerts" className={`scroll-y border-t border-line ${className}`}>
        {loading && data === undefined && <li className="space-y-2 p-3"><Skeleton /><Skeleton className="h-4 w-2/3" /></li>}
        {!loading && data === undefined && <li className="p-3 text-fg-3">Alerts cannot be loaded now.</li>}
        {data?.alerts.length === 0 && <li className="p-3 text-fg-3">{needle === "" ? `No alert has been received yet. ${hint}` : "No alert matches."}</li>}
        {data?.alerts.map((alert) => (
          <li key={alert.id}>
            <button
              type="button"
              aria-pressed={alert.id === chosen}
              onClick={() => onChoose(alert)}
              className={`flex h-8 w-full items-center gap-2 px-3 text-left hover:bg-hover focus-visible:outline-offset-[-2px] ${alert.id === chosen ? "bg-selected" : ""}`}
            >
              <SeverityMark severity={alert.severity} word={false} />
              <span className="min-w-0 flex-1 truncate" title={alert.title}>{alert.title}</span>
              <span className="shrink-0 text-xs text-fg-3">{alert.source} · <Time at={alert.created_at} /></span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
