import { Link } from "@remix-run/react";
import { StatusBadge } from "#app/canvas/status-icon.tsx";
import type { BacktestAlertWire, BacktestRunSummary } from "#app/models/backtest-wire.ts";
import { Badge } from "#app/ui/badge.tsx";

/** What each version did on one alert: its end, its writes with what they would have been called with, and its way. */
export function SideBySide({ row: { differences, draft, published, published_run_id } }: { row: BacktestAlertWire }) {
  const other = new Set(published?.writes.map(({ hash }) => hash));
  const own = new Set(draft?.writes.map(({ hash }) => hash));
  return (
    <div className="flex flex-col gap-3 px-4 py-3 whitespace-normal">
      {differences.length > 0 && <ul aria-label="Differences" className="list-disc pl-4">{differences.map((text) => <li key={text} className="break-words">{text}</li>)}</ul>}
      <div className="grid gap-3 lg:grid-cols-2">
        <Side title="Draft" run={draft} others={published ? other : null} />
        {published_run_id !== null && <Side title="Published" run={published} others={own} />}
      </div>
    </div>
  );
}

/** @param others hashes of what the other version writes: what is not among them stands out; null: there is no other version */
function Side({ title, run, others }: { title: string; run: BacktestRunSummary | null; others: ReadonlySet<string> | null }) {
  if (!run) return null;
  return (
    <section aria-label={title} className="min-w-0 rounded-md border border-line bg-canvas">
      <header className="flex h-9 items-center gap-2 border-b border-line px-3">
        <h3 className="font-semibold">{title}</h3>
        <StatusBadge status={run.status} />
        <Link to={`/runs/${run.run_id}`} className="ml-auto text-xs link">Open the run</Link>
      </header>
      <div className="flex flex-col gap-2 p-3">
        {run.error !== null && <p className="break-words text-red">{run.error.message}</p>}
        {run.writes.length === 0 ? <p className="text-fg-3">It would change nothing.</p> : (
          <ol aria-label={`Writes of ${title.toLowerCase()}`} className="flex flex-col gap-2">
            {run.writes.map((write, at) => (
              <li key={at} className="min-w-0">
                <div className="flex items-center gap-2">
                  <Badge tone={write.effect === "contain" ? "red" : "orange"}>{write.effect}</Badge>
                  <span className="truncate font-medium" title={write.type}>{write.node}{write.item !== "" && ` ${write.item}`}</span>
                  {others !== null && !others.has(write.hash) && <span className="text-xs text-orange">only here</span>}
                </div>
                <pre className="mt-1 max-h-40 overflow-auto rounded-sm bg-surface px-2 py-1 font-mono text-xs whitespace-pre-wrap break-words">{write.input === null ? "a long input: open the run" : JSON.stringify(write.input, null, 1)}</pre>
              </li>
            ))}
          </ol>
        )}
        {run.unrecorded.length > 0 && <p className="text-xs text-fg-2">No live run has recorded: {run.unrecorded.join(", ")}</p>}
        <p className="text-xs break-words text-fg-3" aria-label={`Way of ${title.toLowerCase()}`}>{run.path.map(({ node, item, port, status }) => `${node}${item === "" ? "" : ` ${item}`}${port !== null && port !== "out" ? `:${port}` : port === null ? ` (${status})` : ""}`).join(" → ") || "no step was taken"}</p>
      </div>
    </section>
  );
}
