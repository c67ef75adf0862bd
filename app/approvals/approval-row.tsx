import { Link } from "@remix-run/react";
import clsx from "clsx";
import { memo } from "react";
import { Miniature } from "#app/canvas/miniature.tsx";
import type { Picture } from "#app/canvas/project.ts";
import type { ApprovalWire } from "#app/models/wire.ts";
import { versionWords } from "#app/runs/version-words.ts";
import { SeverityMark } from "#app/triage/severity.tsx";
import { Fact, Facts } from "#app/ui/panel.tsx";
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
      className={clsx("flex gap-6 border-b border-l-2 border-b-line py-3 pr-4 pl-3.5", selected ? "border-l-accent bg-selected" : "border-l-transparent")}
    >
      <div className="min-w-0 flex-1">
        <ApprovalBody approval={approval} sentence={place?.sentence ?? ""} armed={armed} onDisarm={onDisarm} heading={<Link to={to} className="hover:underline">{title}</Link>} />
      </div>
      <div className="w-[260px] shrink-0 text-sm 2xl:w-[340px]">
        <Facts>
          {alert !== null && <Fact name="Alert"><SeverityMark severity={alert.severity} word={false} /> <Link to={`/alerts/${alert.id}`} className="link">{alert.title}</Link></Fact>}
          <Fact name="Playbook"><Link to={`/playbooks/${playbook.slug}`} className="link">{playbook.name}</Link> <span className="text-xs text-fg-3">{versionWords(playbook.version)}</span></Fact>
          {title !== step.title && <Fact name="Step">{step.title}</Fact>}
          {step.item !== "" && <Fact name="Item"><span className="font-mono text-xs">{step.item}</span></Fact>}
          <Fact name="May answer">{roles === null ? "who may run playbooks" : roles.join(", ")}</Fact>
        </Facts>
        {place !== null && <Link to={to} tabIndex={-1} aria-hidden className="mt-2 block rounded-md border border-line bg-canvas p-1.5 hover:border-line-strong"><Miniature picture={place.picture} label={`Where it waits in ${playbook.name}`} className="h-16 w-full" /></Link>}
      </div>
    </article>
  );
});
