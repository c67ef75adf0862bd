/** What follows from a failed attempt: again, ask a person, or give up. Pure, but for the jitter handed in. */
import type { Effect, FailureKind, RetryPolicy } from "#sdk";

export type AfterFailure =
  | { do: "retry"; delayMs: number }
  /** It may have happened: a person decides. */
  | { do: "park" }
  | { do: "fail" };

export interface FailedAttempt {
  kind: FailureKind;
  /** Seconds, from the other side. */
  retryAfter?: number | undefined;
  /** 1 for the first. */
  attempt: number;
  effect: Effect;
  /** The node says that a second call with the same idempotency key is harmless. */
  repeatable: boolean;
  policy: RetryPolicy;
}

/** No waiting time beyond this, whatever a vendor's Retry-After says: 1 hour. */
const LONGEST_MS = 3_600_000;

/** @param random in [0, 1): spreads retries of many runs that failed together */
export function afterFailure(failed: FailedAttempt, random: number): AfterFailure {
  const left = failed.attempt < failed.policy.attempts;
  switch (failed.kind) {
    case "invalid-input":
    case "unauthorized":
    case "rejected":
      return { do: "fail" };
    case "rate-limited":
    case "unavailable":
      return left ? { do: "retry", delayMs: backoff(failed, random) } : { do: "fail" };
    case "ambiguous": {
      const harmless = failed.repeatable || failed.effect === "none" || failed.effect === "read";
      if (!harmless) return { do: "park" };
      return left ? { do: "retry", delayMs: backoff(failed, random) } : failed.effect === "write" || failed.effect === "contain" ? { do: "park" } : { do: "fail" };
    }
    default:
      return failed.kind satisfies never;
  }
}

/**
 * Milliseconds before the attempt after `attempt`: exponential is base × 2^(attempt − 1), so 1, 2, 4 s for base 1;
 * fixed is base. Jitter takes up to a quarter off. Retry-After is a floor.
 */
export function backoff({ attempt, policy, retryAfter }: Pick<FailedAttempt, "attempt" | "policy" | "retryAfter">, random: number): number {
  const seconds = policy.backoff === "fixed" ? policy.base : policy.base * 2 ** (attempt - 1);
  const capped = Math.min(seconds, policy.max) * (policy.jitter ? 1 - random / 4 : 1);
  return Math.min(LONGEST_MS, Math.round(Math.max(capped, retryAfter ?? 0) * 1000));
}

export const NO_RETRY: RetryPolicy = { attempts: 1, backoff: "fixed", base: 0, max: 0, jitter: false };
