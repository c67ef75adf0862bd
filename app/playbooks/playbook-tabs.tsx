import { Link } from "@remix-run/react";
import { StatusIcon } from "#app/canvas/status-icon.tsx";
import type { PlaybookDetail, RunSummary } from "#app/models/wire.ts";
import { versionWords } from "#app/runs/version-words.ts";
import { CodeView } from "#app/ui/code-view.tsx";
import { Fact, Facts } from "#app/ui/panel.tsx";
import { Tabs } from "#app/ui/tabs.tsx";
import { duration, Time } from "#app/ui/time.tsx";
import { words } from "#app/ui/words.ts";
import { conditionWords, triggerWords } from "./condition-words.ts";
import { Phrases } from "./phrases.tsx";

export function PlaybookTabs({ playbook, runs }: { playbook: PlaybookDetail; runs: RunSummary[] }) {
  const files = Object.entries(playbook.files);
  return (
    <Tabs label="Playbook" tabs={[
      { value: "trigger", label: "Trigger", content: <Trigger playbook={playbook} /> },
      { value: "runs", label: "Runs", content: <Runs runs={runs} slug={playbook.slug} /> },
      { value: "code", label: `Code (${files.length})`, content: files.length === 0 ? <p className="p-3 text-fg-3">This playbook has no code files.</p> : files.map(([name, source]) => (
        <div key={name} className="border-b border-line"><CodeView source={source} label={name} /></div>
      )) },
      { value: "versions", label: `Versions (${playbook.versions.length})`, content: <Versions playbook={playbook} /> },
    ]} />
  );
}

function Trigger({ playbook: { document, trigger, order, priority } }: { playbook: PlaybookDetail }) {
  const declared = document?.trigger;
  return (
    <div className="p-3">
      <Facts>
        <Fact name="Starts with">{triggerWords(declared ?? { on: "manual", source: trigger.source, moment: trigger.moment })}</Fact>
        <Fact name="Conditions">{declared?.conditions === undefined ? <span className="text-fg-3">none: every such alert</span> : <Phrases phrase={conditionWords(declared.conditions)} />}</Fact>
        <Fact name="Duplicates">{declared?.onDuplicate ? "start it again" : "do not start it again"}</Fact>
        <Fact name="Order">{order} <span className="text-fg-3">(lower runs first)</span></Fact>
        <Fact name="Priority">{words(priority)}</Fact>
      </Facts>
    </div>
  );
}

function Runs({ runs, slug }: { runs: RunSummary[]; slug: string }) {
  if (runs.length === 0) return <p className="p-3 text-fg-3">It has not run yet.</p>;
  return (
    <>
      <ul className="divide-y divide-line">
        {runs.map((run) => (
          <li key={run.id}>
            <Link to={`/runs/${run.id}`} className="flex h-9 items-center gap-2 px-3 hover:bg-hover focus-visible:outline-offset-[-2px]">
              <StatusIcon status={run.status} />
              <span className="min-w-0 flex-1 truncate" title={run.alert_title ?? undefined}>{run.alert_title ?? "started by hand"}</span>
              <span className="text-xs text-fg-3">{versionWords(run.playbook.version)} · {duration(run.duration_ms)} · <Time at={run.created_at} /></span>
            </Link>
          </li>
        ))}
      </ul>
      <Link to={`/runs?playbook=${slug}`} className="block px-3 py-2 link">All runs</Link>
    </>
  );
}

function Versions({ playbook: { versions, version } }: { playbook: PlaybookDetail }) {
  if (versions.length === 0) return <p className="p-3 text-fg-3">Nothing has been published.</p>;
  return (
    <ol className="divide-y divide-line">
      {versions.map(({ id, number, content_hash, created_at, published_by }) => (
        <li key={id} className="flex items-center gap-3 px-3 py-2">
          <span className="font-medium">v{number}</span>
          {number === version && <span className="text-xs text-green">published</span>}
          <span className="min-w-0 flex-1 truncate font-mono text-2xs text-fg-3" title={content_hash}>{content_hash.slice(0, 12)}</span>
          <span className="text-xs text-fg-3">{published_by !== null && `${published_by}, `}<Time at={created_at} suffix=" ago" /></span>
        </li>
      ))}
    </ol>
  );
}
