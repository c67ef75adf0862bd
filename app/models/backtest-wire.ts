/** Backtests as the API answers them and the pages show them. */
import type { BacktestOptions, BacktestOutcome, BacktestRunSummary, Selection } from "#engine";
import type { AlertSummary, PlaybookName } from "./wire.ts";

export type { BacktestOutcome, BacktestRunSummary } from "#engine";

export const BACKTEST_STATUSES = ["running", "cancelling", "cancelled", "finished"] as const;

export interface BacktestSummary extends BacktestOptions {
  id: string;
  playbook: PlaybookName;
  /** The published version that the draft is compared with; null: nothing was published. */
  version: number | null;
  status: (typeof BACKTEST_STATUSES)[number];
  selection: Selection;
  /** Alerts. */
  total: number;
  /** Alerts by what came of them. */
  counts: { same: number; different: number; new_failure: number; fixed: number; unknown: number; pending: number };
  created_by: string | null;
  created_at: string;
  finished_at: string | null;
}

export interface BacktestAlertWire {
  /** From 1, newest alert first. */
  position: number;
  /** null: it was deleted since. */
  alert: { id: string; title: string; severity: AlertSummary["severity"] } | null;
  /** null: not known yet. */
  outcome: BacktestOutcome | null;
  /** In words. */
  differences: string[];
  draft_run_id: string | null;
  published_run_id: string | null;
  /** null until both have ended. */
  draft: BacktestRunSummary | null;
  published: BacktestRunSummary | null;
}

export interface BacktestDetail extends BacktestSummary {
  alerts: BacktestAlertWire[];
  /** Alerts that meet the filter. */
  matching: number;
}
