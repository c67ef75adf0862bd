import { Link, useNavigate } from "@remix-run/react";
import { ArrowRight } from "lucide-react";
import clsx from "clsx";
import type { AlertSummary } from "#app/models/wire.ts";
import { Badge, Chip } from "#app/ui/badge.tsx";
import { Cell, Row, Table, type Column } from "#app/ui/table.tsx";
import { words } from "#app/ui/words.ts";
import { Time } from "#app/ui/time.tsx";
import { SeverityMark } from "./severity.tsx";
import { alertStatusTone, riskTone } from "./words.ts";

const COLUMNS: Column[] = [
  { key: "severity", label: "Severity", width: "104px" },
  { key: "title", label: "Alert" },
  { key: "host", label: "Host, user", width: "144px" },
  { key: "ip", label: "Source → destination", width: "156px" },
  { key: "source", label: "Source", width: "80px" },
  { key: "techniques", label: "Techniques", width: "132px", from: "2xl" },
  { key: "count", label: "Seen", width: "52px", align: "right" },
  { key: "risk", label: "Risk", width: "52px", align: "right" },
  { key: "age", label: "Age", width: "56px", align: "right" },
  { key: "status", label: "Status, assignee", width: "128px" },
];
const column = Object.fromEntries(COLUMNS.map((entry) => [entry.key, entry]));

const Second = ({ children, mono }: { children: React.ReactNode; mono?: boolean }) => <div className={clsx("truncate text-xs text-fg-3", mono && "font-mono text-2xs")}>{children}</div>;

interface QueueProps { alerts: AlertSummary[]; selected: string | null; fresh: ReadonlySet<string>; onSelect(id: string): void }

/** Two lines a row: what happened over which rule, host over user, from over to, status over assignee. */
export function Queue({ alerts, selected, fresh, onSelect }: QueueProps) {
  const navigate = useNavigate();
  return (
    <Table columns={COLUMNS} caption="Alerts, newest first">
      {alerts.map((alert) => (
        <Row
          key={alert.id}
          data-alert={alert.id}
          selected={alert.id === selected}
          fresh={fresh.has(alert.id)}
          className="cursor-pointer"
          onClick={(event) => {
            if ((event.target as Element).closest("a, button") || getSelection()?.toString()) return;
            onSelect(alert.id);
            navigate(`/alerts/${alert.id}`);
          }}
        >
          <Cell className="py-1 align-top"><SeverityMark severity={alert.severity} /></Cell>
          <Cell className="py-1 align-top">
            <Link to={`/alerts/${alert.id}`} title={alert.title} className="block truncate font-medium text-fg hover:underline">{alert.title}</Link>
            <Second>
              {[alert.rule_name !== alert.title ? alert.rule_name : null].filter(Boolean).join("")}
              {alert.techniques.length > 0 && <span className="2xl:hidden">{alert.rule_name !== null && alert.rule_name !== alert.title ? " · " : ""}{alert.techniques.slice(0, 3).join(" ")}</span>}
            </Second>
          </Cell>
          <Cell className="py-1 align-top">
            <div className="truncate" title={alert.hostname ?? undefined}>{alert.hostname ?? <span className="text-fg-3">–</span>}</div>
            <Second>{alert.username}</Second>
          </Cell>
          <Cell className="py-1 align-top font-mono text-xs">
            <div className="truncate" title={alert.source_ip ?? undefined}>{alert.source_ip ?? <span className="text-fg-3">–</span>}</div>
            {alert.dest_ip !== null && <Second mono><ArrowRight role="img" aria-label="to" className="mr-1 inline size-3" /><span title={alert.dest_ip}>{alert.dest_ip}</span></Second>}
          </Cell>
          <Cell className="py-1 align-top" title={alert.source}>{alert.source}</Cell>
          <Cell column={column["techniques"]!} className="py-1 align-top">
            <span className="flex gap-1 overflow-hidden" title={alert.techniques.join(", ")}>
              {alert.techniques.slice(0, 1).map((id) => <Chip key={id} mono>{id}</Chip>)}
              {alert.techniques.length > 1 && <span className="text-xs text-fg-3">+{alert.techniques.length - 1}</span>}
            </span>
          </Cell>
          <Cell column={column["count"]!} className="py-1 align-top text-fg-2">{alert.duplicate_count > 1 ? `${alert.duplicate_count}×` : <span className="text-fg-3">1×</span>}</Cell>
          <Cell column={column["risk"]!} className="py-1 align-top"><Risk score={alert.risk_score} label={alert.risk_label} /></Cell>
          <Cell column={column["age"]!} className="py-1 align-top text-fg-2"><Time at={alert.created_at} /></Cell>
          <Cell className="py-1 align-top">
            <Badge dot tone={alertStatusTone(alert.status)}>{words(alert.status)}</Badge>
            <Second>{alert.assigned_username ?? "unassigned"}</Second>
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

export function Risk({ score, label }: { score: number | null; label: string | null }) {
  if (score === null) return <span className="text-fg-3" title="Not scored">–</span>;
  return <span data-tone={riskTone(label)} title={label ?? undefined} className="font-semibold text-tone">{score}</span>;
}
