/** What can be done to many runs at once, and the request that does it. */
import type { BulkResult } from "#app/models/run-actions.server.ts";
import type { RunSummary } from "#app/models/wire.ts";

export type BulkAction = "retry" | "rerun" | "cancel";

interface ActionWords {
  label: string;
  /** What it means for each of the runs. */
  words: string;
  /** To which of those selected it applies. */
  fits(run: RunSummary): boolean;
  /** Why it cannot be done where it fits none. */
  none: string;
  /** Of one that it was done to. */
  done: string;
}

export const BULK: Record<BulkAction, ActionWords> = {
  retry: {
    label: "Retry failed", words: "Each begins where it failed. What it did before is taken over, calls that happened too.", done: "retried",
    fits: ({ status }) => status === "failed" || status === "cancelled", none: "None of these has failed",
  },
  rerun: {
    label: "Re-run", words: "Each runs anew from the start: calls that happened are made again.", done: "repeated",
    fits: ({ finished_at }) => finished_at !== null, none: "None of these has finished",
  },
  cancel: {
    label: "Cancel", words: "Each stops when nothing of it is in flight any more, and so do the runs that it started.", done: "cancelling",
    fits: ({ finished_at, status }) => finished_at === null && status !== "cancelling", none: "All of these have finished",
  },
};

/** By the API that scripts use. @returns why not, in words, where the whole request was refused */
export async function sendBulk(action: BulkAction, ids: readonly string[], reason: string): Promise<BulkResult[] | string> {
  const body = JSON.stringify({ action, ids, ...(reason.trim() === "" ? {} : { reason: reason.trim() }) });
  const response = await fetch("/api/v1/runs/bulk", { method: "POST", headers: { "content-type": "application/json" }, body }).catch(() => null);
  if (!response) return "The server cannot be reached";
  const answer = (await response.json().catch(() => null)) as { results?: BulkResult[]; detail?: unknown } | null;
  if (response.ok && answer?.results) return answer.results;
  return typeof answer?.detail === "string" ? answer.detail : `The server answered ${response.status}`;
}
