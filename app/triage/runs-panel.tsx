import { Link } from "@remix-run/react";
import { Miniature } from "#app/canvas/miniature.tsx";
import { project, type CardType } from "#app/canvas/project.ts";
import { StatusBadge } from "#app/canvas/status-icon.tsx";
import type { RunDetail } from "#app/models/wire.ts";
import { versionWords } from "#app/runs/version-words.ts";
import { Panel } from "#app/ui/panel.tsx";
import { duration, Time } from "#app/ui/time.tsx";

/** A run as the alert's page shows it: the graph in miniature needs only these. */
export type RunGlimpse = Pick<RunDetail, "id" | "playbook" | "status" | "waiting_on" | "error" | "duration_ms" | "created_at" | "document" | "layout" | "steps">;

export function RunsPanel({ runs, total, alertId, types }: { runs: RunGlimpse[]; total: number; alertId: string; types: CardType[] }) {
  return (
    <Panel title={`Runs (${total})`} flush aside={total > runs.length && <Link to={`/runs?alert_id=${alertId}`} className="link">all {total}</Link>}>
      {runs.length === 0 ? <p className="p-3 text-fg-3">No playbook has run on this alert.</p> : (
        <ul className="divide-y divide-line">
          {runs.map((run) => (
            <li key={run.id}>
              <Link to={`/runs/${run.id}`} className="flex items-center gap-3 px-3 py-2 hover:bg-hover focus-visible:outline-offset-[-2px]">
                <div className="min-w-0 flex-1">
                  <div className="flex items-center gap-2"><span className="min-w-0 truncate font-medium">{run.playbook.name}</span><span className="shrink-0 text-xs text-fg-3">{versionWords(run.playbook.version)}</span></div>
                  <div className="mt-1 flex items-center gap-2 text-xs text-fg-3"><StatusBadge status={run.status} /><span>{duration(run.duration_ms)}</span><Time at={run.created_at} suffix=" ago" /></div>
                  {(run.error ?? run.waiting_on) !== null && <p className="mt-1 line-clamp-2 text-xs break-words text-fg-2">{run.error?.message ?? run.waiting_on?.text}</p>}
                </div>
                <Miniature picture={project(run.document, run.layout, types, run.steps)} label={`Graph of ${run.playbook.name}, ${run.status}`} className="h-12 w-36 shrink-0" />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
