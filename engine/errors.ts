import { Failure, type FailureKind, isFailure } from "#sdk";

/** A failure as it is journalled and shown. */
export interface FailureRecord {
  /** `cancelled` only as the error of a run. */
  kind: FailureKind | "cancelled";
  message: string;
  details?: Record<string, unknown>;
  /** Set on a run's error: the node that failed it. */
  node_id?: string;
}

/** Somebody else owns the run now: whatever this process still wants to say about it no longer counts. */
export class Fenced extends Error {
  override readonly name = "Fenced";
}

/** Why a step was aborted; the reason of its AbortSignal. */
export class Aborted extends Error {
  override readonly name = "Aborted";
  readonly reason: "timeout" | "cancel" | "run-failed" | "drain" | "fenced";
  constructor(reason: Aborted["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}

/**
 * Whatever a node throws, as a Failure. An unknown throw says nothing about what happened outside: it is ambiguous.
 * For a node without effects outside that costs nothing, since `decide` treats ambiguity by effect.
 */
export function toFailure(error: unknown): Failure {
  if (isFailure(error)) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : `threw ${typeof error}: ${String(error).slice(0, 500)}`;
  return new Failure("ambiguous", message, { cause: error });
}

export function failureRecord(failure: Failure): FailureRecord {
  return { kind: failure.kind, message: failure.message, ...(failure.details ? { details: failure.details } : {}) };
}
