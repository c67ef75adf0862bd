import { Link } from "@remix-run/react";
import { History } from "lucide-react";
import { useCallback, useState } from "react";
import type { PlaybookDetail, VersionSummary } from "#app/models/wire.ts";
import { Confirm } from "#app/settings/confirm.tsx";
import { useReason } from "#app/shell/permission.ts";
import { Badge } from "#app/ui/badge.tsx";
import { Button } from "#app/ui/button.tsx";
import { Time } from "#app/ui/time.tsx";

/** That an old version is shown, and the way back from it or to it. */
export function VersionLine({ playbook, version }: { playbook: PlaybookDetail; version: Pick<VersionSummary, "number" | "published_by" | "created_at"> }) {
  return (
    <div className="flex items-center gap-3 border-t border-line py-1.5 text-xs text-fg-2">
      <Badge tone="blue">Version {version.number}</Badge>
      <span className="min-w-0 flex-1 truncate">Published {version.published_by !== null && `by ${version.published_by}, `}<Time at={version.created_at} suffix=" ago" />; it is not the one that runs.</span>
      <Link to={`/playbooks/${playbook.slug}`} className="link">Show version {playbook.version}</Link>
      <RestoreButton playbook={playbook} number={version.number} />
    </div>
  );
}

export function RestoreButton({ playbook: { draft }, number }: { playbook: PlaybookDetail; number: number }) {
  const [asking, setAsking] = useState(false);
  const keep = useCallback(() => setAsking(false), []);
  const reason = useReason()("playbooks:manage");
  return (
    <>
      <Button size="sm" reason={reason} onClick={() => setAsking(true)}><History aria-hidden className="size-3" /> Restore…</Button>
      {asking && (
        <Confirm title={`Restore version ${number}?`} verb="Restore" fields={{ intent: "restore", number: String(number), ...(draft ? { revision: String(draft.revision) } : {}) }} onClose={keep}>
          {`The draft becomes version ${number}; what runs stays as it is until you publish.${draft?.differs ? ` What ${draft.updated_by ?? "somebody"} edited and did not publish is lost.` : ""}`}
        </Confirm>
      )}
    </>
  );
}
