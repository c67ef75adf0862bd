import { Link } from "@remix-run/react";
import { ChevronRight } from "lucide-react";
import clsx from "clsx";
import { Fragment, useState } from "react";
import type { BacktestAlertWire } from "#app/models/backtest-wire.ts";
import { SeverityMark } from "#app/triage/severity.tsx";
import { Badge } from "#app/ui/badge.tsx";
import { Cell, Row, Table, type Column } from "#app/ui/table.tsx";
import { OUTCOME_LOOKS } from "./outcomes.ts";
import { SideBySide } from "./side-by-side.tsx";

const COLUMNS: Column[] = [
  { key: "open", label: <span className="sr-only">Open</span>, width: "40px" },
  { key: "outcome", label: "Outcome", width: "120px" },
  { key: "severity", label: "Severity", width: "104px" },
  { key: "alert", label: "Alert", width: "26%" },
  { key: "differences", label: "What differs" },
  { key: "runs", label: "Runs", width: "150px" },
];

/** One row per alert; opened, it shows both versions side by side. */
export function AlertTable({ alerts }: { alerts: BacktestAlertWire[] }) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const toggle = (position: number) =>
    setOpened((before) => {
      const next = new Set(before);
      if (!next.delete(position)) next.add(position);
      return next;
    });
  return (
    <Table columns={COLUMNS} caption="Alerts of the backtest">
      {alerts.map((row) => {
        const { position, alert, outcome, differences, draft_run_id, published_run_id } = row;
        const { word, tone, hint } = OUTCOME_LOOKS[outcome ?? "pending"];
        const isOpen = opened.has(position);
        const title = alert?.title ?? "an alert that was deleted";
        return (
          <Fragment key={position}>
            <Row className={outcome === null ? undefined : "cursor-pointer"} onClick={(event) => { if (outcome !== null && !(event.target as Element).closest("a, button")) toggle(position); }}>
              <Cell>
                {outcome !== null && (
                  <button type="button" aria-expanded={isOpen} aria-label={`Both versions on ${title}`} onClick={() => toggle(position)} className="flex size-6 items-center justify-center rounded-md hover:bg-hover">
                    <ChevronRight aria-hidden className={clsx("size-4 text-fg-3 transition-transform", isOpen && "rotate-90")} />
                  </button>
                )}
              </Cell>
              <Cell><Badge tone={tone} title={hint}>{word}</Badge></Cell>
              <Cell>{alert && <SeverityMark severity={alert.severity} />}</Cell>
              <Cell>{alert ? <Link to={`/alerts/${alert.id}`} title={alert.title} className="hover:underline">{alert.title}</Link> : <span className="text-fg-3">{title}</span>}</Cell>
              <Cell title={differences.join("\n")} className="text-fg-2">{differences[0]}{differences.length > 1 && <span className="text-fg-3"> and {differences.length - 1} more</span>}</Cell>
              <Cell>
                <span className="flex gap-3 text-xs">
                  {draft_run_id !== null && <Link to={`/runs/${draft_run_id}`} className="link">Draft</Link>}
                  {published_run_id !== null && <Link to={`/runs/${published_run_id}`} className="link">Published</Link>}
                </span>
              </Cell>
            </Row>
            {isOpen && <tr><td colSpan={COLUMNS.length} className="border-b border-line bg-surface p-0"><SideBySide row={row} /></td></tr>}
          </Fragment>
        );
      })}
    </Table>
  );
}
