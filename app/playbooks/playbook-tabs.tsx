import { Link } from "@remix-run/react";
import { type PlaybookDocument, responseOf } from "#format";
import { StatusIcon } from "#app/canvas/status-icon.tsx";
import type { PlaybookDetail, RunSummary } from "#app/models/wire.ts";
import { versionWords } from "#app/runs/version-words.ts";
import { CodeView } from "#app/ui/code-view.tsx";
import { Fact, Facts } from "#app/ui/panel.tsx";
import { Tabs } from "#app/ui/tabs.tsx";
import { duration, Time } from "#app/ui/time.tsx";
import { words } from "#app/ui/words.ts";
import { originWords } from "#app/runs/origin-words.ts";
import { conditionWords } from "./condition-words.ts";
import { NextTimes } from "./next-times.tsx";
import { triggerWords } from "./trigger-kinds.ts";
import { Phrases } from "./phrases.tsx";
import { type VersionHistory, VersionsTab } from "./versions-tab.tsx";

interface PlaybookTabsProps {
  playbook: PlaybookDetail;
  /** Of the version that is shown. */
  content: Pick<PlaybookDetail, "document" | "files">;
  runs: RunSummary[];
  history: VersionHistory;
  shown: number | null;
}

export function PlaybookTabs({ playbook, content, runs, history, shown }: PlaybookTabsProps) {
  const files = Object.entries(content.files);
  return (
    <Tabs label="Playbook" tabs={[
      { value: "trigger", label: "Trigger", content: <Trigger document={content.document} isOn={playbook.enabled && playbook.version !== null} /> },
      { value: "runs", label: "Runs", content: <Runs runs={runs} slug={playbook.slug} /> },
      { value: "code", label: `Code (${files.length})`, content: files.length === 0 ? <p className="p-3 text-fg-3">This playbook has no code files.</p> : files.map(([name, source]) => (
        <div key={name} className="border-b border-line"><CodeView source={source} label={name} /></div>
      )) },
      { value: "versions", label: `Versions (${playbook.versions.length})`, content: <VersionsTab playbook={playbook} history={history} shown={shown} /> },
    ]} />
  );
}

function Trigger({ document, isOn }: { document: PlaybookDocument | null; isOn: boolean }) {
  if (!document) return <p className="p-3 text-fg-3">It starts nothing yet.</p>;
  const { trigger, onRunFailed, concurrency } = document;
  return (
    <div className="p-3">
      <Facts>
        <Fact name="Starts with">{triggerWords(trigger)}</Fact>
        {trigger.on === "alert" && (
          <>
            <Fact name="Conditions">{trigger.conditions === undefined ? <span className="text-fg-3">none: every such alert</span> : <Phrases phrase={conditionWords(trigger.conditions)} />}</Fact>
            <Fact name="Duplicates">{trigger.onDuplicate ? "start it again" : "do not start it again"}</Fact>
            <Fact name="Order">{trigger.order} <span className="text-fg-3">(lower runs first)</span></Fact>
          </>
        )}
        {trigger.on === "schedule" && trigger.schedule && (
          <>
            <Fact name="Times"><code className="font-mono">{trigger.schedule.cron}</code> in {trigger.schedule.timezone}{isOn ? <NextTimes {...trigger.schedule} /> : <span className="text-fg-3"> (off)</span>}</Fact>
            <Fact name="Missed times">{trigger.schedule.catchUp ? "are caught up once" : "are left out"}</Fact>
          </>
        )}
        {trigger.on === "manual" && trigger.form && <Fact name="Asks for">{trigger.form.map(({ name, label }) => label ?? name).join(", ")}</Fact>}
        {trigger.on === "webhook" && <Fact name="Answers">{responseOf(trigger).respond === "result" ? `with the result, within ${responseOf(trigger).within} s` : "at once"}</Fact>}
        {trigger.on !== "manual" && <Fact name="Priority">{words(trigger.priority)}</Fact>}
        {concurrency !== undefined && <Fact name="Runs at a time">{concurrency} <span className="text-fg-3">(further ones wait in line)</span></Fact>}
        {onRunFailed !== undefined && <Fact name="If a run fails"><Link to={`/playbooks/${onRunFailed}`} className="link">{onRunFailed}</Link> starts</Fact>}
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
              <span className="min-w-0 flex-1 truncate" title={run.alert_title ?? undefined}>{run.alert_title ?? originWords(run.origin)}</span>
              <span className="text-xs text-fg-3">{versionWords(run.playbook.version)} · {duration(run.duration_ms)} · <Time at={run.created_at} /></span>
            </Link>
          </li>
        ))}
      </ul>
      <Link to={`/runs?playbook=${slug}`} className="block px-3 py-2 link">All runs</Link>
    </>
  );
}
