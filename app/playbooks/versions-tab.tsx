import { Link } from "@remix-run/react";
import clsx from "clsx";
import type { PlaybookDetail, VersionSummary } from "#app/models/wire.ts";
import { Badge } from "#app/ui/badge.tsx";
import { Time } from "#app/ui/time.tsx";
import { RestoreButton } from "./version-line.tsx";

export interface VersionHistory { versions: VersionSummary[]; next_before: number | null }

/** `shown` is the number of the version that the page's picture is of. */
export function VersionsTab({ playbook, history: { versions, next_before }, shown }: { playbook: PlaybookDetail; history: VersionHistory; shown: number | null }) {
  if (versions.length === 0) return <p className="p-3 text-fg-3">Nothing has been published.</p>;
  const page = `/playbooks/${playbook.slug}`;
  return (
    <>
      <ol aria-label="Versions, newest first" className="divide-y divide-line">
        {versions.map(({ number, created_at, published_by, is_published, changes, content_hash }) => (
          <li key={number} aria-current={number === shown ? "true" : undefined} className={clsx("flex items-start gap-3 px-3 py-2", number === shown && "bg-selected")}>
            <Link to={is_published ? page : `${page}?version=${number}`} title={content_hash} className="w-9 shrink-0 font-medium hover:underline">v{number}</Link>
            <div className="min-w-0 flex-1">
              <div className="flex items-center gap-2 text-xs text-fg-3">{is_published && <Badge tone="green">published</Badge>}<span className="truncate">{published_by !== null && `${published_by}, `}<Time at={created_at} suffix=" ago" /></span></div>
              <p className="mt-0.5 break-words text-fg-2">{changes.join("; ")}</p>
            </div>
            {!is_published && <RestoreButton playbook={playbook} number={number} />}
          </li>
        ))}
      </ol>
      {next_before !== null && <Link to={`${page}?before=${next_before}`} className="block px-3 py-2 link">Older versions</Link>}
    </>
  );
}
