import { Search } from "lucide-react";
import clsx from "clsx";
import { useState } from "react";
import { STATUS_WORD } from "#app/canvas/look.ts";
import { StatusIcon } from "#app/canvas/status-icon.tsx";
import { byUrgency, type IterationView, type LoopView } from "./iterations.ts";

/** Rows at once; ten thousand would make the page slow, and nobody reads them without a filter. */
const SHOWN = 100;

interface ListProps {
  loop: LoopView;
  chosen: number | null;
  /** It has the place to itself. */
  tall?: boolean;
  onChoose(iteration: IterationView): void;
}

/** The iterations of one loop: what failed first, then what is under way, then the rest; filtered by number, item or status. */
export function IterationList({ loop, chosen, tall, onChoose }: ListProps) {
  const [query, setQuery] = useState("");
  const [limit, setLimit] = useState(SHOWN);
  const wanted = query.trim().toLowerCase();
  const found = byUrgency(loop.iterations).filter(({ index, label, status }) => wanted === "" || String(index + 1) === wanted || STATUS_WORD[status].toLowerCase().startsWith(wanted) || (label?.toLowerCase().includes(wanted) ?? false));
  const left = loop.total === null ? 0 : loop.total - loop.iterations.length;
  return (
    <div>
      <div className="flex h-8 items-center gap-1 border-b border-line pr-3 pl-3">
        <Search aria-hidden className="size-3.5 shrink-0 text-fg-3" />
        <input type="search" value={query} onChange={(event) => setQuery(event.target.value)} placeholder="Number, item or status" aria-label="Filter iterations" className="h-7 min-w-0 flex-1 bg-transparent px-1 text-xs focus-visible:outline-none" />
        <span role="status" className="text-xs text-fg-3">{wanted === "" ? "" : `${found.length} match`}</span>
      </div>
      {loop.iterations.length === 0 && <p className="p-3 text-fg-3">None has begun.</p>}
      <ol tabIndex={0} aria-label="Iterations" className={clsx("overflow-y-auto py-1", tall ? "max-h-[60vh]" : "max-h-64")}>
        {found.slice(0, limit).map((iteration) => (
          <li key={iteration.index}>
            <button
              type="button"
              aria-current={iteration.index === chosen ? "true" : undefined}
              disabled={iteration.stepId === null}
              onClick={() => onChoose(iteration)}
              className={clsx("flex h-7 w-full items-center gap-2 px-3 text-left focus-visible:outline-offset-[-2px] disabled:cursor-default", iteration.index === chosen ? "bg-selected" : "hover:bg-hover")}
            >
              <StatusIcon status={iteration.status} className="size-3.5" />
              <span className="w-12 shrink-0 text-right text-xs text-fg-3">{iteration.index + 1}</span>
              <span className="min-w-0 flex-1 truncate" title={iteration.label ?? undefined}>{iteration.label ?? `Round ${iteration.index + 1}`}</span>
              <span className="shrink-0 text-xs text-fg-3">{STATUS_WORD[iteration.status]}</span>
            </button>
          </li>
        ))}
      </ol>
      {found.length > limit && <button type="button" onClick={() => setLimit(limit + SHOWN * 5)} className="w-full border-t border-line px-3 py-1 text-xs text-accent hover:bg-hover">{(found.length - limit).toLocaleString("en")} more</button>}
      {left > 0 && <p className="border-t border-line px-3 py-1 text-xs text-fg-3">{left.toLocaleString("en")} {loop.step.finished_at === null ? "not begun yet" : "never begun"}</p>}
    </div>
  );
}
