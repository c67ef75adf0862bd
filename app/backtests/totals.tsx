import { Link, useSearchParams } from "@remix-run/react";
import clsx from "clsx";
import type { BacktestSummary } from "#app/models/backtest-wire.ts";
import { Badge } from "#app/ui/badge.tsx";
import { OUTCOME_LOOKS, SHOWN } from "./outcomes.ts";

/** How many alerts came out how: each number filters the list below, and the bar is all of them. */
export function Totals({ backtest: { counts, total } }: { backtest: BacktestSummary }) {
  const [params] = useSearchParams();
  const chosen = params.get("outcome");
  const present = SHOWN.filter((outcome) => counts[OUTCOME_LOOKS[outcome].count] > 0 || outcome === chosen || outcome === "same" || outcome === "different" || outcome === "new-failure");
  const item = "flex h-7 items-center gap-2 rounded-md border px-2 text-sm hover:bg-hover";
  return (
    <div className="flex flex-col gap-2 pb-2.5">
      <nav aria-label="Outcomes" className="flex flex-wrap gap-2">
        <Link to="?" preventScrollReset aria-current={chosen === null ? "page" : undefined} className={clsx(item, chosen === null ? "border-accent bg-selected" : "border-line")}>All <strong className="tabular-nums">{total.toLocaleString("en")}</strong></Link>
        {present.map((outcome) => {
          const { word, tone, count, hint } = OUTCOME_LOOKS[outcome];
          return (
            <Link key={outcome} to={`?outcome=${outcome}`} preventScrollReset title={hint} aria-current={chosen === outcome ? "page" : undefined} className={clsx(item, chosen === outcome ? "border-accent bg-selected" : "border-line")}>
              <Badge dot tone={tone}>{word}</Badge> <strong className="tabular-nums">{counts[count].toLocaleString("en")}</strong>
            </Link>
          );
        })}
      </nav>
      <div aria-hidden className="flex h-1.5 overflow-hidden rounded-full bg-hover">
        {SHOWN.filter((outcome) => outcome !== "pending").map((outcome) => (
          <span key={outcome} data-tone={OUTCOME_LOOKS[outcome].tone} className="bg-fill transition-[width]" style={{ width: `${(100 * counts[OUTCOME_LOOKS[outcome].count]) / Math.max(1, total)}%` }} />
        ))}
      </div>
    </div>
  );
}
