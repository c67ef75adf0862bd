import { Link } from "@remix-run/react";
import { RotateCcw, Square } from "lucide-react";
import { useEffect } from "react";
import { failureWords } from "#app/canvas/describe-failure.ts";
import { StatusBadge } from "#app/canvas/status-icon.tsx";
import type { RunDetail, TestWire } from "#app/models/wire.ts";
import { useReason } from "#app/shell/permission.ts";
import { useOutcome } from "#app/shell/use-outcome.ts";
import { Badge } from "#app/ui/badge.tsx";
import { Button } from "#app/ui/button.tsx";
import { PageHeader } from "#app/ui/panel.tsx";
import { duration, Time, useNow } from "#app/ui/time.tsx";
import { useToast } from "#app/ui/toast.tsx";
import { originWords } from "./origin-words.ts";
import { WaitEnd } from "./wait-end.tsx";

interface HeaderProps { run: RunDetail; titles: ReadonlyMap<string, string>; onShowStep(stepId: string): void; onShowNode(nodeId: string): void; onRerun(): void }

/** What is asked of a person stands below the header, with its answer; steps at work are seen in the picture. */
const SHOWN_ELSEWHERE: ReadonlySet<string> = new Set(["approval", "question", "decision", "step"]);

export function RunHeader({ run, titles, onShowStep, onShowNode, onRerun }: HeaderProps) {
  const { fetcher, busy, errors } = useOutcome();
  const toast = useToast();
  const reason = useReason()("playbooks:execute");
  const said = errors[""];
  useEffect(() => {
    if (said !== undefined) toast(said, "red");
  }, [said, toast]);

  const finished = run.finished_at !== null;
  const failedNode = run.error?.node_id;
  const waitsFor = run.waiting_on !== null && "step_id" in run.waiting_on ? run.waiting_on.step_id : undefined;
  const send = (intent: string) => fetcher.submit({ intent }, { method: "post" });
  return (
    <PageHeader
      title={run.playbook.name}
      meta={run.playbook.version === null ? "draft" : `version ${run.playbook.version}`}
      actions={finished
        ? <Button busy={busy} reason={reason} onClick={() => (run.test === null ? onRerun() : send("rerun"))}><RotateCcw aria-hidden className="size-3.5" /> {run.test === null ? "Re-run…" : "Test again"}</Button>
        : <Button variant="danger" busy={busy} reason={reason ?? (run.status === "cancelling" ? "It is being cancelled" : undefined)} onClick={() => send("cancel")}><Square aria-hidden className="size-3.5" /> Cancel</Button>}
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 pb-2.5 text-fg-2">
        <StatusBadge status={run.status} />
        {run.mode !== "live" && <Badge tone="violet" title="Nothing was changed: every step that would have was held back">{run.mode}</Badge>}
        {run.test !== null && <TestScope test={run.test} titles={titles} onShowNode={onShowNode} />}
        <span className="text-fg-3"><Elapsed run={run} /></span>
        {run.started_at !== null ? <span className="text-fg-3">started <Time at={run.started_at} suffix=" ago" /></span> : <span className="text-fg-3">queued <Time at={run.created_at} suffix=" ago" /></span>}
        {run.sequence_total !== null && run.sequence_total > 1 && <span className="text-fg-3" title="Playbooks of one alert run one after another">{run.sequence_position} of {run.sequence_total}</span>}
        <Link to={`/playbooks/${run.playbook.slug}`} className="link">Playbook</Link>
        {run.alert_id !== null && <Link to={`/alerts/${run.alert_id}`} title={run.alert_title ?? undefined} className="max-w-96 min-w-0 truncate link">{run.alert_title ?? "Alert"}</Link>}
        {run.parent === null && run.mode === "live" && run.origin.kind !== "alert" && run.origin.kind !== "rerun" && <span className="text-fg-3">{run.origin.of === null ? originWords(run.origin) : <Link to={`/runs/${run.origin.of}`} className="link">{originWords(run.origin)}</Link>}</span>}
        {run.backtest_id !== null && <Link to={`/backtests/${run.backtest_id}`} className="link">Backtest</Link>}
        {run.origin.kind === "rerun" && run.origin.of !== null && <span className="text-fg-3">{run.test === null ? "re-run of" : "after"} <Link to={`/runs/${run.origin.of}`} className="link">{run.test === null ? "an earlier run" : "an earlier test"}</Link></span>}
        {run.parent !== null && <span className="text-fg-3">started by <Link to={`/runs/${run.parent.run_id}?step=${run.parent.step_id}`} className="link">{run.parent.playbook.name}</Link></span>}
        {run.test?.is_pasted && <span title={run.alert_title ?? undefined} className="max-w-96 min-w-0 truncate text-fg-3">pasted payload: {run.alert_title}</span>}
      </div>
      {run.error !== null && (
        <p className="max-h-24 overflow-y-auto pb-2.5 break-words text-red">
          {failureWords(run.error.kind)}{failedNode !== undefined && <> in <button type="button" onClick={() => onShowNode(failedNode)} className="font-medium underline">{titles.get(failedNode) ?? failedNode}</button></>}: {run.error.message}
        </p>
      )}
      {!finished && run.waiting_on !== null && !SHOWN_ELSEWHERE.has(run.waiting_on.kind) && (
        <p data-tone={run.waiting_on.kind === "step" ? "gray" : "yellow"} className="pb-2.5 break-words text-tone">
          {run.waiting_on.text}<WaitEnd wait={run.waiting_on} />
          {"run_id" in run.waiting_on && <> · <Link to={`/runs/${run.waiting_on.run_id}`} className="underline">{run.waiting_on.kind === "run" ? "open the run it started" : "open that run"}</Link></>}
          {waitsFor !== undefined && <> · <button type="button" onClick={() => onShowStep(waitsFor)} className="underline">show step</button></>}
        </p>
      )}
    </PageHeader>
  );
}

/** What of the draft was tested. */
function TestScope({ test: { only, upto, pins }, titles, onShowNode }: { test: TestWire } & Pick<HeaderProps, "titles" | "onShowNode">) {
  const node = only ?? upto;
  return (
    <span className="text-fg-3">
      {node === null ? "the whole draft" : <>{only === null ? "up to " : "only "}<button type="button" onClick={() => onShowNode(node)} className="text-fg-2 underline">{titles.get(node) ?? node}</button></>}
      {pins.length > 0 && `, ${pins.length} pinned`}
    </span>
  );
}

function Elapsed({ run }: { run: RunDetail }) {
  const now = useNow();
  if (run.duration_ms !== null) return <>{duration(run.duration_ms)}</>;
  if (run.started_at === null || now === null) return null;
  return <>{duration(Math.max(0, now - Date.parse(run.started_at)))} so far</>;
}
