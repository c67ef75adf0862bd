import { Link, useNavigate } from "@remix-run/react";
import clsx from "clsx";
import { StatusBadge } from "#app/canvas/status-icon.tsx";
import { Badge } from "#app/ui/badge.tsx";
import type { RunSummary } from "#app/models/wire.ts";
import { Cell, Row, Table, type Column } from "#app/ui/table.tsx";
import { duration, Time } from "#app/ui/time.tsx";
import { originWords } from "./origin-words.ts";
import type { RunSelection } from "./use-run-selection.ts";
import { versionWords } from "./version-words.ts";

const COLUMNS: Column[] = [
  { key: "status", label: "Status", width: "124px" },
  { key: "playbook", label: "Playbook", width: "20%" },
  { key: "alert", label: "Alert" },
  { key: "why", label: "Waits for, or failed by", width: "32%" },
  { key: "duration", label: "Duration", width: "92px", align: "right" },
  { key: "age", label: "Age", width: "64px", align: "right" },
];

export function RunTable({ runs, selection }: { runs: RunSummary[]; selection: RunSelection }) {
  const navigate = useNavigate();
  const columns: Column[] = [{ key: "select", label: <SelectAll selection={selection} />, width: "44px" }, ...COLUMNS];
  return (
    <Table columns={columns} caption="Runs, newest first">
      {runs.map((run) => {
        const why = run.error?.message ?? (run.finished_at === null ? run.waiting_on?.text : undefined);
        return (
          <Row key={run.id} className={clsx("cursor-pointer", selection.ids.has(run.id) && "!bg-selected")} onClick={(event) => { if (!(event.target as Element).closest("a, label")) navigate(`/runs/${run.id}`); }}>
            <Cell><SelectOne run={run} selection={selection} /></Cell>
            <Cell><Link to={`/runs/${run.id}`} aria-label={`${run.status} run of ${run.playbook.name}`}><StatusBadge status={run.status} /></Link></Cell>
            <Cell>
              <Link to={`/runs/${run.id}`} title={run.playbook.name} className="font-medium hover:underline">{run.playbook.name}</Link> <span className="text-xs text-fg-3">{versionWords(run.playbook.version)}</span>
              {run.mode !== "live" && <span className="ml-2"><Badge tone="violet">{run.mode}</Badge></span>}
            </Cell>
            <Cell>{run.alert_id === null ? <span className="text-fg-3">{run.alert_title === null ? originWords(run.origin) : `${run.alert_title} (pasted)`}</span> : <Link to={`/alerts/${run.alert_id}`} title={run.alert_title ?? undefined} className="hover:underline">{run.alert_title ?? "alert"}</Link>}</Cell>
            <Cell title={why} className={run.error === null ? "text-fg-2" : "text-red"}>{why ?? ""}</Cell>
            <Cell column={{ align: "right" }} className="text-fg-2">{duration(run.duration_ms)}</Cell>
            <Cell column={{ align: "right" }} className="text-fg-2"><Time at={run.created_at} /></Cell>
          </Row>
        );
      })}
    </Table>
  );
}

const box = "grid h-8 w-full cursor-pointer place-items-center select-none";

function SelectAll({ selection: { all, toggleAll } }: { selection: RunSelection }) {
  return (
    <label className={box}>
      <input type="checkbox" aria-label="Select all shown" checked={all === "all"} ref={(input) => { if (input) input.indeterminate = all === "some"; }} onChange={toggleAll} />
    </label>
  );
}

/** With Shift, all from the last one to this one. */
function SelectOne({ run, selection: { ids, toggle } }: { run: RunSummary; selection: RunSelection }) {
  return (
    <label className={box}>
      <input type="checkbox" aria-label={`Select the ${run.status} run of ${run.playbook.name}`} checked={ids.has(run.id)} onChange={({ nativeEvent }) => toggle(run.id, "shiftKey" in nativeEvent && nativeEvent.shiftKey === true)} />
    </label>
  );
}
