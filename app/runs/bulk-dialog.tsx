import { Link } from "@remix-run/react";
import { Check, X } from "lucide-react";
import { useState } from "react";
import type { BulkResult } from "#app/models/run-actions.server.ts";
import type { RunSummary } from "#app/models/wire.ts";
import { Button } from "#app/ui/button.tsx";
import { Dialog } from "#app/ui/dialog.tsx";
import { TextArea } from "#app/ui/field.tsx";
import { Notice } from "#app/ui/state.tsx";
import { BULK, type BulkAction, sendBulk } from "./bulk-actions.ts";
import { originWords } from "./origin-words.ts";

interface DialogProps { action: BulkAction; runs: readonly RunSummary[]; onClose(done: boolean): void }

/** Says what will be done to how many runs, does it, and shows what came of each. */
export function BulkDialog({ action, runs, onClose }: DialogProps) {
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [results, setResults] = useState<readonly BulkResult[]>();
  const { label, words } = BULK[action];
  const many = `${runs.length} ${runs.length === 1 ? "run" : "runs"}`;

  const send = async () => {
    setBusy(true);
    const answer = await sendBulk(action, runs.map(({ id }) => id), reason);
    setBusy(false);
    if (typeof answer === "string") setProblem(answer);
    else setResults(answer);
  };

  if (results) return <Dialog open wide onOpenChange={() => onClose(true)} title={resultWords(results, action)}><Results action={action} runs={runs} results={results} onClose={() => onClose(true)} /></Dialog>;
  return (
    <Dialog open onOpenChange={() => onClose(false)} title={`${label}: ${many}`} description={words}>
      <form className="flex flex-col gap-3" onSubmit={(event) => { event.preventDefault(); if (!busy) void send(); }}>
        <TextArea label="Reason" value={reason} onChange={(event) => setReason(event.target.value)} maxLength={2000} hint={action === "rerun" ? "Kept in the audit log. Runs that contained something are repeated only for a reason." : "Kept in the audit log."} />
        {problem !== undefined && <Notice>{problem}</Notice>}
        <div className="flex justify-end gap-2">
          <Button onClick={() => onClose(false)}>Back</Button>
          <Button variant={action === "cancel" ? "danger" : "primary"} type="submit" busy={busy}>{action === "cancel" ? `Cancel ${many}` : `${action === "retry" ? "Retry" : "Re-run"} ${many}`}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function resultWords(results: readonly BulkResult[], action: BulkAction): string {
  const done = results.filter(({ ok }) => ok).length;
  return done === results.length ? `${done} ${BULK[action].done}` : `${done} ${BULK[action].done}, ${results.length - done} not`;
}

function Results({ action, runs, results, onClose }: { action: BulkAction; runs: readonly RunSummary[]; results: readonly BulkResult[]; onClose(): void }) {
  const byId = new Map(runs.map((run) => [run.id, run]));
  // What was refused is what one has to look at.
  const sorted = [...results].sort((a, b) => Number(a.ok) - Number(b.ok));
  return (
    <div className="flex flex-col gap-3">
      <ul aria-label="Results" className="divide-y divide-line rounded-md border border-line">
        {sorted.map(({ id, ok, run_id, message }) => {
          const run = byId.get(id);
          return (
            <li key={id} data-tone={ok ? "green" : "red"} className="flex items-center gap-2 px-3 py-1.5">
              {ok ? <Check aria-hidden className="size-4 shrink-0 text-tone" /> : <X aria-hidden className="size-4 shrink-0 text-tone" />}
              <Link to={`/runs/${id}`} className="min-w-0 shrink truncate font-medium hover:underline">{run?.playbook.name ?? id}</Link>
              <span className="min-w-0 flex-1 truncate text-fg-2">{run?.alert_title ?? (run && originWords(run.origin))}</span>
              {ok ? (run_id === null ? <span className="shrink-0 text-fg-2">{BULK[action].done}</span> : <Link to={`/runs/${run_id}`} className="shrink-0 link">the new run</Link>) : <span className="max-w-[50%] text-right break-words text-tone">{message}</span>}
            </li>
          );
        })}
      </ul>
      <div className="flex justify-end"><Button variant="primary" onClick={onClose}>Done</Button></div>
    </div>
  );
}
