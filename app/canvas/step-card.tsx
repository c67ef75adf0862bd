import { Handle, Position, type Node, type NodeProps } from "@xyflow/react";
import clsx from "clsx";
import { Pin } from "lucide-react";
import { memo } from "react";
import { duration } from "#app/ui/time.tsx";
import { NodeIcon } from "./icons.tsx";
import { effectTone, effectWords, STATUS_TONE, STATUS_WORD } from "./look.ts";
import { CARD, type Card } from "./project.ts";
import { StatusIcon } from "./status-icon.tsx";

export type CardNode = Node<{ card: Card; traced: boolean; chosen: boolean }, "card">;

const handle = "!size-2 !min-w-0 !min-h-0 !border-0 !bg-line-strong";

/** One node of the graph: what it is, what it did, how that went. The left edge is the effect's colour, the ring the status'. */
export const StepCard = memo(function StepCard({ data: { card, traced, chosen } }: NodeProps<CardNode>) {
  const dim = traced && (card.status === "idle" || card.status === "skipped");
  const loud = card.status === "running" || card.status === "waiting" || card.status === "failed" || card.status === "held";
  return (
    <div
      data-tone={STATUS_TONE[card.status]}
      style={{ width: CARD.width, height: CARD.height }}
      className={clsx("relative flex flex-col justify-between overflow-visible rounded-md border bg-raised py-2 pr-2.5 pl-3.5 text-fg", loud ? "border-tone" : "border-line-strong", chosen && "outline-2 outline-offset-2 outline-(--focus)", dim && "border-dashed")}
    >
      <span aria-hidden data-tone={effectTone(card.effect)} title={effectWords(card.effect)} className={clsx("absolute inset-y-0 left-0 w-1 rounded-l-[5px] bg-fill", card.effect === "none" && "opacity-40")} />
      {card.kind === "node" && <Handle type="target" position={Position.Left} isConnectable={false} className={handle} />}
      <div className={clsx("flex items-center gap-2", dim && "text-fg-3")}>
        <NodeIcon name={card.icon} className="size-4 shrink-0 text-fg-2" />
        <span className="min-w-0 flex-1 truncate text-sm font-semibold">{card.title}</span>
        {traced && card.kind === "node" && <StatusIcon status={card.status} />}
      </div>
      <p title={card.sentence} className="truncate text-xs text-fg-2">{card.sentence}</p>
      <div className="flex items-center gap-2 text-2xs text-fg-3">
        {traced && card.kind === "node" ? (
          <>
            {card.pinned && <Pin aria-hidden className="-mr-1 size-3" />}
            <span className={clsx(loud && "font-medium text-tone")}>{card.pinned ? "Pinned" : card.ambiguous && card.status === "waiting" ? "Needs a decision" : STATUS_WORD[card.status]}</span>
            {card.duration_ms !== null && !card.pinned && card.status !== "held" && <span>{duration(card.duration_ms)}</span>}
            {card.attempt > 1 && <span>attempt {card.attempt}</span>}
            {card.steps.length > 1 && <span>× {card.steps.length}</span>}
          </>
        ) : null}
        {card.kind === "node" && card.effect !== "none" && <span data-tone={effectTone(card.effect)} className="ml-auto text-tone">{card.effect}</span>}
      </div>
      <Handle type="source" position={Position.Right} isConnectable={false} className={clsx(handle, card.ports.length === 0 && "invisible")} />
    </div>
  );
});
