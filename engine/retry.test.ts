import { describe, expect, it } from "vitest";
import type { Effect, FailureKind } from "#sdk";
import { afterFailure, backoff } from "./retry.ts";

const policy = { attempts: 3, backoff: "exponential", base: 1, max: 60, jitter: false } as const;
const failed = (kind: FailureKind, effect: Effect, more: { attempt?: number; repeatable?: boolean; retryAfter?: number } = {}) => afterFailure({ kind, effect, attempt: 1, repeatable: false, policy, ...more }, 0);

describe("afterFailure", () => {
  it.each(["invalid-input", "unauthorized", "rejected"] as const)("%s is final whatever the effect", (kind) => {
    for (const effect of ["none", "read", "write", "contain"] as const) expect(failed(kind, effect)).toEqual({ do: "fail" });
  });

  it.each(["rate-limited", "unavailable"] as const)("%s is tried again, also for a containment: certainly nothing happened", (kind) => {
    expect(failed(kind, "contain")).toEqual({ do: "retry", delayMs: 1000 });
    expect(failed(kind, "contain", { attempt: 2 })).toEqual({ do: "retry", delayMs: 2000 });
    expect(failed(kind, "contain", { attempt: 3 })).toEqual({ do: "fail" });
  });

  it("an ambiguous failure is repeated only where that is harmless, and never just given up on a write", () => {
    expect(failed("ambiguous", "read")).toEqual({ do: "retry", delayMs: 1000 });
    expect(failed("ambiguous", "read", { attempt: 3 })).toEqual({ do: "fail" });
    expect(failed("ambiguous", "write")).toEqual({ do: "park" });
    expect(failed("ambiguous", "contain")).toEqual({ do: "park" });
    expect(failed("ambiguous", "contain", { repeatable: true })).toEqual({ do: "retry", delayMs: 1000 });
    expect(failed("ambiguous", "contain", { repeatable: true, attempt: 3 })).toEqual({ do: "park" });
  });
});

describe("backoff", () => {
  it("doubles up to its cap, takes Retry-After as a floor, and never waits longer than an hour", () => {
    expect([1, 2, 3, 4, 9].map((attempt) => backoff({ attempt, policy }, 0))).toEqual([1000, 2000, 4000, 8000, 60_000]);
    expect(backoff({ attempt: 1, policy, retryAfter: 17 }, 0)).toBe(17_000);
    expect(backoff({ attempt: 1, policy, retryAfter: 1e9 }, 0)).toBe(3_600_000);
    expect(backoff({ attempt: 5, policy: { ...policy, backoff: "fixed", base: 5 } }, 0)).toBe(5000);
  });
  it("jitter takes up to a quarter off", () => {
    const jittered = { ...policy, jitter: true };
    expect(backoff({ attempt: 1, policy: jittered }, 0)).toBe(1000);
    expect(backoff({ attempt: 1, policy: jittered }, 0.999)).toBeGreaterThanOrEqual(750);
  });
});
