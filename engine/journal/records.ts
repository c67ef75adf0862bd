/** What a run remembers. The journal is a list of these; the newest record of a key wins. */
import type { AlertView, Effect, Json, LoopPlan, WaitAnswer } from "#sdk";
import type { LogLine } from "../code/types.ts";
import type { FailureRecord } from "../errors.ts";
import type { StepStatus, WaitingOn } from "../status.ts";
import type { PayloadPart, PayloadRef } from "./payloads.ts";

export interface StepRecord {
  node: string;
  /** "" outside loops. */
  item: string;
  type: string;
  status: StepStatus;
  effect: Effect;
  attempt: number;
  port: string | null;
  input?: Json;
  output?: Json;
  error?: FailureRecord;
  logs?: LogLine[];
  /** Milliseconds since the epoch. */
  startedAt?: number;
  finishedAt?: number;
  /** SHA-256 (first 16 hex digits) of the resolved input: the key under which a read is a recording for backtests. */
  inputHash?: string;
  ambiguous?: boolean;
  waitingOn?: WaitingOn;
  /** The same for every automatic attempt; only steps that call out have one. */
  idempotencyKey?: string;
  /** This attempt's intent is committed: from here on it may have happened. */
  calledOut?: boolean;
  /** What a waiting step does when its timer is due: try again, or hand the node its answer. */
  next?: "retry" | "resume" | "iterate";
  /** What the node is resumed with. Kept while it is at work with it, so that a takeover hands it on. */
  answer?: WaitAnswer;
  /** Somebody allowed it to be called with exactly the input that is recorded here. */
  approved?: { by: string; at: string };
  /** Of a container whose iterations are under way: which of them have begun is told by their steps. */
  loop?: LoopRecord;
  /** In a backtest, of a read: the run whose recording answered, or that nothing was recorded. */
  recording?: { run: string } | "none";
  /** A test said what this step gave: nothing was executed. */
  pinned?: true;
  /** As it is stored: what of it lies apart. A run never sees this. */
  apart?: Partial<Record<PayloadPart, PayloadRef>>;
}

export type LoopRecord = Omit<LoopPlan, "notBefore">;

/** What the run started from, kept with its first segment so that later changes of the alert do not change the run. */
export interface RunOrigin {
  trigger: Json;
  alert: AlertView | null;
}

export interface SegmentBody {
  origin?: RunOrigin;
  steps: StepRecord[];
}
