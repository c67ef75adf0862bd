import { type ReactNode, useState } from "react";
import type { RunSummary } from "#app/models/wire.ts";
import { useReason } from "#app/shell/permission.ts";
import { Button } from "#app/ui/button.tsx";
import { BULK, type BulkAction } from "./bulk-actions.ts";
import { BulkDialog } from "./bulk-dialog.tsx";

const row = "flex min-h-6 flex-wrap items-center gap-2 pb-2.5";
const ACTIONS: readonly BulkAction[] = ["retry", "rerun", "cancel"];

/** What one can do to the selected runs, in the place of the filters: nothing moves below a pointer that goes on selecting. */
export function BulkBar({ runs, onClear, children }: { runs: readonly RunSummary[]; onClear(): void; children: ReactNode }) {
  const [asked, setAsked] = useState<{ action: BulkAction; runs: readonly RunSummary[] } | null>(null);
  const reason = useReason()("playbooks:execute");
  return (
    <>
      {runs.length === 0 ? <div className={row}>{children}</div> : <div role="toolbar" aria-label="Selected runs" className={row}>
        <span role="status" className="mr-1 font-medium">{runs.length} selected</span>
        {ACTIONS.map((action) => {
          const fitting = runs.filter(BULK[action].fits);
          return (
            <Button key={action} size="sm" variant={action === "cancel" ? "danger" : "secondary"} reason={reason ?? (fitting.length === 0 ? BULK[action].none : undefined)} onClick={() => setAsked({ action, runs: fitting })}>
              {BULK[action].label}{fitting.length > 0 && fitting.length < runs.length && ` (${fitting.length})`}
            </Button>
          );
        })}
        <Button size="sm" variant="ghost" onClick={onClear}>Clear</Button>
      </div>}
      {/* Of the runs as they were when it was asked: they change while it works, and may leave the list. */}
      {asked !== null && <BulkDialog {...asked} onClose={(done) => { setAsked(null); if (done) onClear(); }} />}
    </>
  );
}
