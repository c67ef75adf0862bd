import { Check, X } from "lucide-react";
import clsx from "clsx";
import { useEffect, useId, useRef, useState } from "react";
import type { ApprovalWire } from "#app/models/wire.ts";
import { Button } from "#app/ui/button.tsx";
import { inputLook } from "#app/ui/field.tsx";
import { Notice } from "#app/ui/state.tsx";
import { useReply, useWhyNot } from "./use-reply.ts";

export type Verdict = "approve" | "refuse";

/** What Enter in the reason does, once a key has said so. */
const ENTER: Record<Verdict, string> = { approve: "Enter approves, Esc goes back", refuse: "Enter refuses, Esc goes back" };

interface ApproveFormProps { approval: ApprovalWire; armed: Verdict | null; onDisarm(): void }

/** One click says yes or no. By the keyboard it takes two keys: the first only says what Enter will mean. */
export function ApproveForm({ approval, armed, onDisarm }: ApproveFormProps) {
  const { send, busy, errors } = useReply(approval);
  const whyNot = useWhyNot(approval);
  const [reason, setReason] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const hint = useId();
  useEffect(() => {
    if (armed !== null) input.current?.focus();
  }, [armed]);
  const verdict = (choice: Verdict) => whyNot === undefined && !busy && send({ choice, reason });
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <input
          ref={input}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") {
              input.current?.blur();
              onDisarm();
            }
            if (event.key === "Enter" && armed !== null) verdict(armed);
          }}
          maxLength={2000}
          placeholder="Reason"
          aria-label={`Reason, about ${approval.title}`}
          aria-describedby={armed === null ? undefined : hint}
          disabled={whyNot !== undefined}
          className={clsx(inputLook, "max-w-md min-w-40 flex-1")}
        />
        <Button variant="primary" busy={busy} reason={whyNot} onClick={() => verdict("approve")} className={clsx(armed === "approve" && "outline-2 outline-offset-2 outline-(--focus)")}><Check aria-hidden className="size-3.5" /> Approve</Button>
        <Button variant="danger" busy={busy} reason={whyNot} onClick={() => verdict("refuse")} className={clsx(armed === "refuse" && "outline-2 outline-offset-2 outline-(--focus)")}><X aria-hidden className="size-3.5" /> Refuse</Button>
        {armed !== null && <span id={hint} className="text-xs text-fg-2">{ENTER[armed]}</span>}
        {whyNot !== undefined && <span className="text-xs text-fg-3">{whyNot}</span>}
      </div>
      {Object.keys(errors).length > 0 && <Notice>{Object.values(errors).join(" ")}</Notice>}
    </div>
  );
}
