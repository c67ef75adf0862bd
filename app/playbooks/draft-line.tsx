import { useCallback, useState } from "react";
import type { PlaybookDetail } from "#app/models/wire.ts";
import { Confirm } from "#app/settings/confirm.tsx";
import { useReason } from "#app/shell/permission.ts";
import { Badge } from "#app/ui/badge.tsx";
import { Button } from "#app/ui/button.tsx";
import { Time } from "#app/ui/time.tsx";

/** That there is a draft which says something else than what runs, whose it is, and the way to be rid of it. */
export function DraftLine({ playbook, draft }: { playbook: PlaybookDetail; draft: NonNullable<PlaybookDetail["draft"]> }) {
  const [discarding, setDiscarding] = useState(false);
  const keep = useCallback(() => setDiscarding(false), []);
  const reason = useReason()("playbooks:manage");
  const isPublished = playbook.version !== null;
  return (
    <div className="flex items-center gap-3 border-t border-line py-1.5 text-xs text-fg-2">
      <Badge tone="yellow">Draft</Badge>
      <span className="min-w-0 flex-1 truncate">Edited {draft.updated_by !== null && `by ${draft.updated_by}, `}<Time at={draft.updated_at} suffix=" ago" />, not published. {isPublished ? `Shown here is version ${playbook.version!}, which runs.` : "Nothing runs until then."}</span>
      <Button size="sm" variant="ghost" reason={reason} onClick={() => setDiscarding(true)}>Discard…</Button>
      {discarding && (
        <Confirm title="Discard the draft?" verb="Discard" fields={{ intent: "discard", revision: String(draft.revision) }} onClose={keep}>
          {isPublished ? `What was edited since version ${playbook.version!} is lost.` : "Everything that was drawn is lost; the playbook stays, empty."}
        </Confirm>
      )}
    </div>
  );
}
