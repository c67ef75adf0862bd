import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

/** A part of the form. One that is not always of interest is closed until it is opened; its summary says what it holds. */
export function Section({ title, summary, open, children }: { title: string; summary?: ReactNode; /** Absent: it cannot be closed. */ open?: boolean; children: ReactNode }) {
  if (open === undefined) return <section aria-label={title} className="space-y-3 border-b border-line p-3 last:border-b-0"><h3 className="text-2xs font-semibold tracking-wide text-fg-3 uppercase">{title}</h3>{children}</section>;
  return (
    <details open={open} className="group border-b border-line last:border-b-0">
      <summary className="flex h-9 cursor-pointer list-none items-center gap-1.5 px-3 hover:bg-hover focus-visible:outline-offset-[-2px]">
        <ChevronRight aria-hidden className="size-3.5 shrink-0 text-fg-3 transition-transform group-open:rotate-90" />
        <h3 className="shrink-0 text-2xs font-semibold tracking-wide text-fg-3 uppercase">{title}</h3>
        {summary !== undefined && <span className="ml-auto min-w-0 truncate text-xs text-fg-3">{summary}</span>}
      </summary>
      <div className="space-y-3 px-3 pt-1 pb-3">{children}</div>
    </details>
  );
}
