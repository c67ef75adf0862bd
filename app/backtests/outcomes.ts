/** What came of an alert in a backtest, as people read it. */
import type { BacktestOutcome, BacktestSummary } from "#app/models/backtest-wire.ts";
import type { Tone } from "#app/ui/badge.tsx";

export type Shown = BacktestOutcome | "pending";

interface Look { word: string; tone: Tone; count: keyof BacktestSummary["counts"]; hint: string }

/** In the order of what one has to look at. */
export const OUTCOME_LOOKS: Readonly<Record<Shown, Look>> = {
  "new-failure": { word: "New failure", tone: "red", count: "new_failure", hint: "The draft fails where the published version does not" },
  different: { word: "Different", tone: "orange", count: "different", hint: "Another way, another write or another result" },
  fixed: { word: "Fixed", tone: "cyan", count: "fixed", hint: "The published version fails where the draft does not" },
  same: { word: "Same", tone: "green", count: "same", hint: "Same decisions, same writes, same end" },
  unknown: { word: "Cannot say", tone: "gray", count: "unknown", hint: "A run needed what no live run has recorded, or was cancelled" },
  pending: { word: "Pending", tone: "gray", count: "pending", hint: "Not compared yet" },
};

export const SHOWN = Object.keys(OUTCOME_LOOKS) as Shown[];

export const MISSING_WORDS = { fail: "a read without a recording fails", simulate: "a read without a recording takes its stand-in", live: "a read without a recording is made now" } as const;
export const APPROVAL_WORDS = { recorded: "approvals as they were given then", approve: "every approval is given", refuse: "every approval is refused" } as const;
