import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import type { ApprovalWire } from "#app/models/wire.ts";
import { IconButton } from "#app/ui/button.tsx";
import { ApprovalBody } from "./approval-body.tsx";

const LABELS: Record<ApprovalWire["kind"], string> = { approval: "Approval of", question: "Question of", decision: "Decision about" };

interface PanelProps {
  /** Open ones of one run, longest first. */
  approvals: readonly ApprovalWire[];
  /** The step that is looked at. */
  stepId: string | null;
  sentenceOf(approval: ApprovalWire): string;
  onShow(stepId: string): void;
}

/** What a run asks of people, above its graph: of the chosen step where that one asks, else what has waited longest. */
export function ApprovalPanel({ approvals, stepId, sentenceOf, onShow }: PanelProps) {
  const [place, setPlace] = useState(0);
  const ofStep = approvals.findIndex(({ step }) => step.id === stepId);
  const at = ofStep >= 0 ? ofStep : Math.min(place, approvals.length - 1);
  const approval = approvals[at];
  if (!approval) return null;
  const go = (by: number) => {
    setPlace(at + by);
    if (ofStep >= 0) onShow(approvals[at + by]!.step.id);
  };
  return (
    <section aria-label={`${LABELS[approval.kind]} ${approval.step.title}`} className="scroll-y max-h-[48vh] shrink-0 border-b border-l-[3px] border-b-line border-l-yellow bg-surface py-3 pr-4 pl-[13px]">
      {approvals.length > 1 && (
        <div className="mb-1 flex items-center gap-1 text-xs text-fg-2">
          <IconButton label="What is asked before this" disabled={at === 0} onClick={() => go(-1)}><ChevronLeft aria-hidden className="size-4" /></IconButton>
          {at + 1} of {approvals.length} that this run asks
          <IconButton label="What is asked after this" disabled={at === approvals.length - 1} onClick={() => go(1)}><ChevronRight aria-hidden className="size-4" /></IconButton>
        </div>
      )}
      <ApprovalBody key={approval.id} approval={approval} sentence={sentenceOf(approval)} heading={<button type="button" onClick={() => onShow(approval.step.id)} className="text-left hover:underline">{approval.title}</button>} />
    </section>
  );
}
