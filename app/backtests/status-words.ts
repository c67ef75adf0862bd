import type { BacktestSummary } from "#app/models/backtest-wire.ts";

/** "34 of 200 compared", "finished", "cancelled after 12 of 50". */
export function statusWords({ status, counts, total }: Pick<BacktestSummary, "status" | "counts" | "total">): string {
  const progress = `${(total - counts.pending).toLocaleString("en")} of ${total.toLocaleString("en")}`;
  switch (status) {
    case "running": return `${progress} compared`;
    case "cancelling": return `is being cancelled, ${progress} compared`;
    case "cancelled": return `cancelled after ${progress}`;
    case "finished": return `${total.toLocaleString("en")} ${total === 1 ? "alert" : "alerts"} compared`;
    default: return status satisfies never;
  }
}
