import { Link } from "@remix-run/react";
import type { ApprovalWire } from "#app/models/wire.ts";
import { Badge, type Tone } from "#app/ui/badge.tsx";
import { Cell, Row, Table, type Column } from "#app/ui/table.tsx";
import { Time } from "#app/ui/time.tsx";

const COLUMNS: Column[] = [
  { key: "answer", label: "Answer", width: "136px" },
  { key: "what", label: "What" },
  { key: "by", label: "By", width: "112px" },
  { key: "reason", label: "Reason, values", width: "24%" },
  { key: "playbook", label: "Playbook", width: "16%" },
  { key: "alert", label: "Alert", width: "18%", from: "2xl" },
  { key: "age", label: "Answered", width: "84px", align: "right" },
];

const TONES: Record<string, Tone> = { approve: "green", refuse: "red", happened: "green", again: "yellow", fail: "red" };

function verdict({ kind, answer, choices }: ApprovalWire): { words: string; tone: Tone } {
  switch (answer?.outcome) {
    case "timed_out": return { words: kind === "approval" ? "Refused by time" : "Nobody in time", tone: "gray" };
    case "withdrawn": return { words: "Withdrawn", tone: "gray" };
    case "receipt": return { words: "Answer arrived", tone: "cyan" };
    default: {
      const choice = answer?.choice ?? null;
      if (choice === null) return { words: "Answered", tone: "accent" };
      if (kind === "approval") return { words: choice === "approve" ? "Approved" : "Refused", tone: TONES[choice] ?? "gray" };
      return { words: choices.find(({ value }) => value === choice)?.label ?? choice, tone: kind === "decision" ? (TONES[choice] ?? "gray") : "accent" };
    }
  }
}

const valuesOf = ({ answer }: ApprovalWire): string => Object.entries(answer?.values ?? {}).map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`).join(", ");

/** Who said what: newest answer first. */
export function AnsweredTable({ approvals }: { approvals: ApprovalWire[] }) {
  return (
    <Table columns={COLUMNS} caption="Answered, newest first">
      {approvals.map((approval) => {
        const { id, title, run, step, playbook, alert, answer } = approval;
        const { words, tone } = verdict(approval);
        const said = [answer?.reason, valuesOf(approval)].filter(Boolean).join("; ");
        return (
          <Row key={id}>
            <Cell><Badge tone={tone}>{words}</Badge></Cell>
            <Cell><Link to={`/runs/${run.id}?step=${step.id}`} title={title} className="font-medium hover:underline">{title}</Link>{title !== step.title && <span className="text-xs text-fg-3"> {step.title}</span>}</Cell>
            <Cell className="text-fg-2" title={answer?.by ?? undefined}>{answer?.by ?? <span className="text-fg-3">nobody</span>}</Cell>
            <Cell className="text-fg-2" title={said}>{said}</Cell>
            <Cell title={playbook.name}><Link to={`/playbooks/${playbook.slug}`} className="hover:underline">{playbook.name}</Link></Cell>
            <Cell column={{ from: "2xl" }} title={alert?.title}>{alert !== null && <Link to={`/alerts/${alert.id}`} className="hover:underline">{alert.title}</Link>}</Cell>
            <Cell column={{ align: "right" }} className="text-fg-2">{answer !== null && <Time at={answer.at} />}</Cell>
          </Row>
        );
      })}
    </Table>
  );
}
