import { Handle, Position, type Node, type NodeProps } from "@xyflow/react";
import clsx from "clsx";
import { CircleAlert, History, Pin, TriangleAlert } from "lucide-react";
import { memo } from "react";
import { duration } from "#app/ui/time.tsx";
import { heightOf, PORTS } from "./arrange.ts";
import { NodeIcon } from "./icons.tsx";
import { effectTone, effectWords, STATUS_TONE, STATUS_WORD } from "./look.ts";
import { CARD, type Card, type CardProblems } from "./project.ts";
import { StatusIcon } from "./status-icon.tsx";

export type CardNode = Node<{ card: Card; traced: boolean; chosen: boolean }, "card">;

const handle = "!size-2 !min-w-0 !min-h-0 !border-0 !bg-line-strong";
/** On the canvas that is edited; canvas.css says how they look while one draws a connection. */
const port = "port-handle !size-2.5 !min-w-0 !min-h-0 !border-2 !border-raised !bg-fg-3";

/** Where a card of the common height has its middle (inside the border): connections between the two are straight. */
const FIRST_ROW = { top: CARD.height / 2 - 1 };

export const cardDomId = (id: string): string => `card-${id}`;

/** One node of the graph: what it is, what it did, how that went. The left edge is the effect's colour, the ring the status'. */
export const StepCard = memo(function StepCard({ data: { card, traced, chosen }, selected, isConnectable }: NodeProps<CardNode>) {
  const outlets = card.outlets;
  const several = outlets !== undefined && outlets.length > 1;
  const dim = traced && (card.status === "idle" || card.status === "skipped");
  const loud = card.status === "running" || card.status === "waiting" || card.status === "failed" || card.status === "held";
  return (
    <div
      id={outlets === undefined ? undefined : cardDomId(card.id)}
      data-tone={STATUS_TONE[card.status]}
      style={{ width: CARD.width, height: heightOf(outlets?.length ?? 1) }}
      className={clsx("relative flex flex-col overflow-visible rounded-md border bg-raised py-2 pr-2.5 pl-3.5 text-fg", loud ? "border-tone" : "border-line-strong", (chosen || selected) && "outline-2 outline-offset-2 outline-(--focus)", dim && "border-dashed")}
    >
      <span aria-hidden data-tone={effectTone(card.effect)} title={effectWords(card.effect)} className={clsx("absolute inset-y-0 left-0 w-1 rounded-l-[5px] bg-fill", card.effect === "none" && "opacity-40")} />
      {card.kind === "node" && <Handle type="target" position={Position.Left} isConnectable={outlets !== undefined && isConnectable} className={outlets === undefined ? handle : port} style={several ? FIRST_ROW : undefined} />}
      <div className={clsx("flex items-center gap-2", dim && "text-fg-3")}>
        <NodeIcon name={card.icon} className="size-4 shrink-0 text-fg-2" />
        <span className="min-w-0 flex-1 truncate text-sm font-semibold">{card.title}</span>
        {card.problems && <ProblemMark problems={card.problems} />}
        {traced && card.kind === "node" && <StatusIcon status={card.status} />}
      </div>
      <p title={card.sentence} className="mt-1 truncate text-xs text-fg-2">{card.sentence}</p>
      <div className="mt-auto flex items-center gap-2 text-2xs text-fg-3">
        {traced && card.kind === "node" ? (
          <>
            {card.pinned && (card.reused ? <History aria-hidden className="-mr-1 size-3" /> : <Pin aria-hidden className="-mr-1 size-3" />)}
            <span className={clsx(loud && "font-medium text-tone")}>{card.pinned ? (card.reused ? "Reused" : "Pinned") : card.waits ?? STATUS_WORD[card.status]}</span>
            {card.duration_ms !== null && card.note == null && !card.pinned && card.status !== "held" && <span className="whitespace-nowrap">{duration(card.duration_ms)}</span>}
            {card.attempt > 1 && <span>attempt {card.attempt}</span>}
            {card.note != null ? <span className="truncate">{card.note}</span> : card.steps.length > 1 && <span>× {card.steps.length}</span>}
          </>
        ) : null}
        {card.kind === "node" && card.effect !== "none" && <span data-tone={effectTone(card.effect)} className={clsx("text-tone", !several && "ml-auto")}>{card.effect}</span>}
      </div>
      {outlets === undefined
        ? <Handle type="source" position={Position.Right} isConnectable={false} className={clsx(handle, card.ports.length === 0 && "invisible")} />
        : outlets.map((name, index) => <Outlet key={name} name={name} top={several ? PORTS.top + (index + 0.5) * PORTS.each : undefined} isConnectable={isConnectable} />)}
    </div>
  );
});

/** One way out: its name where there are several, and the handle that a connection is drawn from. */
function Outlet({ name, top, isConnectable }: { name: string; top: number | undefined; isConnectable: boolean }) {
  return (
    <>
      {top !== undefined && <span title={name} data-tone={name === "failed" ? "red" : undefined} style={{ top: top - 8 }} className={clsx("absolute right-3 max-w-[70%] truncate text-2xs", name === "failed" ? "text-tone" : "text-fg-2")}>{name}</span>}
      <Handle id={name} type="source" position={Position.Right} isConnectable={isConnectable} title={name === "out" ? "Drag to connect" : `Drag to connect “${name}”`} className={port} style={top === undefined ? undefined : { top }} />
    </>
  );
}

function ProblemMark({ problems: { count, severity, first } }: { problems: CardProblems }) {
  const Icon = severity === "error" ? CircleAlert : TriangleAlert;
  const words = `${count === 1 ? "" : `${count} problems: `}${first}`;
  return (
    <span data-tone={severity === "error" ? "red" : "yellow"} title={words} className="flex shrink-0 items-center gap-0.5 text-2xs font-medium text-tone">
      <Icon role="img" aria-label={words} className="size-3.5" />
      {count > 1 && count}
    </span>
  );
}
