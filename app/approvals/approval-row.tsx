import { Link } from "@remix-run/react";
import clsx from "clsx";
import { memo } from "react";
import { Miniature } from "#app/canvas/miniature.tsx";
import type { Picture } from "#app/canvas/project.ts";
import type { ApprovalWire } from "#app/models/wire.ts";
import { versionWords } from "#app/runs/version-words.ts";
import { SeverityMark } from "#app/triage/severity.tsx";
import { ApprovalBody } from "./approval-body.tsx";
import type { Verdict } from "./approve-form.tsx";

export interface Place { picture: Picture; sentence: string }

interface RowProps { approval: ApprovalWire; place: Place | null; selected: boolean; armed: Verdict | null; onSelect(id: string): void; onDisarm(): void }

/** One thing that waits for a person: what will be done on the left, about which alert and where in which playbook on the right. */
export const ApprovalRow = memo(function ApprovalRow({ approval, place, selected, armed, onSelect, onDisarm }: RowProps) {
  const { id, title, run, step, playbook, alert, roles } = approval;
  const to = `/runs/${run.id}?step=${step.id}`;
  return (
    <article
      aria-label={title}
      aria-current={selected ? "true" : undefined}
      data-approval={id}
      onFocus={() => onSelect(id)}
      onMouseDown={() => onSelect(id)}
      className={clsx("flex scroll-mt-8 gap-6 border-b border-l-[3px] border-b-line py-3 pr-4 pl-[13px]", selected ? "border-l-accent" : "border-l-transparent")}
    >
      <div className="min-w-0 flex-1">
        <ApprovalBody approval={approval} sentence={place?.sentence ?? ""} armed={armed} onDisarm={onDisarm} heading={<Link to={to} className="hover:underline">{title}</Link>} />
      </div>
      <div className="w-[260px] shrink-0 text-sm 2xl:w-[340px]">
        {alert !== null && (
          <p className="mb-1.5 flex items-start gap-2">
            <span className="mt-1 flex"><SeverityMark severity={alert.severity} word={false} /></span>
            <Link to={`/alerts/${alert.id}`} title={alert.title} className="line-clamp-2 min-w-0 break-words link">{alert.title}</Link>
          </p>
        )}
        <p className="truncate" title={playbook.name}><span className="text-fg-3">in</span> <Link to={`/playbooks/${playbook.slug}`} className="link">{playbook.name}</Link> <span className="text-xs text-fg-3">{versionWords(playbook.version)}</span></p>
        {title !== step.title && <p className="truncate" title={step.title}><span className="text-fg-3">step</span> {step.title}</p>}
        {step.item !== "" && <p className="truncate" title={step.item}><span className="text-fg-3">item</span> <span className="font-mono text-xs">{step.item}</span></p>}
        <p className="break-words"><span className="text-fg-3">for</span> {roles === null ? "everybody who may run playbooks" : roles.join(", ")}</p>
        {place !== null && <Link to={to} tabIndex={-1} aria-hidden className="mt-2 block rounded-md border border-line bg-canvas p-1.5 hover:border-line-strong"><Miniature picture={place.picture} label={`Where it waits in ${playbook.name}`} className="h-16 w-full" /></Link>}
      </div>
    </article>
  );
});
