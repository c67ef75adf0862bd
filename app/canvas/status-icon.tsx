import { Ban, CheckCircle2, CircleDashed, CircleDot, CircleSlash2, Hourglass, LoaderCircle, PauseCircle, XCircle, type LucideIcon } from "lucide-react";
import type { RunStatus } from "#engine/status.ts";
import { Badge } from "#app/ui/badge.tsx";
import { STATUS_TONE, STATUS_WORD } from "./look.ts";
import type { CardStatus } from "./project.ts";

const ICONS: Record<RunStatus | CardStatus, LucideIcon> = {
  pending: CircleDashed, running: LoaderCircle, waiting: Hourglass, cancelling: Hourglass, success: CheckCircle2, failed: XCircle, cancelled: Ban, skipped: CircleSlash2, held: PauseCircle, idle: CircleDot,
};

/** Shape and colour both tell the status; the word beside it, or the title, says it. */
export function StatusIcon({ status, className = "size-4" }: { status: RunStatus | CardStatus; className?: string }) {
  const Icon = ICONS[status];
  return (
    <span data-tone={STATUS_TONE[status]} title={STATUS_WORD[status]} className="inline-flex shrink-0 text-tone">
      <Icon aria-hidden className={`${className} ${status === "running" ? "animate-[spin-slow_1.4s_linear_infinite]" : ""}`} />
    </span>
  );
}

export const StatusBadge = ({ status }: { status: RunStatus | CardStatus }) => (
  <Badge tone={STATUS_TONE[status]}>
    <StatusIcon status={status} className="size-3.5" />
    {STATUS_WORD[status]}
  </Badge>
);
