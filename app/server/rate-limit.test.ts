import { describe, expect, it } from "vitest";
import { createRateLimit } from "./rate-limit.ts";

describe("rate limit", () => {
  it("lets exactly the limit pass, and says when the next one will", () => {
    let now = 1_000_000;
    const limit = createRateLimit({ windowMs: 60_000, now: () => now });
    expect(Array.from({ length: 51 }, () => limit.take("a", 50))).toEqual([...Array<number>(50).fill(0), 60]);
    expect(limit.take("b", 50)).toBe(0);
    now += 59_001;
    expect(limit.take("a", 50)).toBe(1);
    now += 999;
    expect(limit.take("a", 50)).toBe(0);
  });

  it("slides: what passed late keeps counting", () => {
    let now = 0;
    const limit = createRateLimit({ windowMs: 60_000, now: () => now });
    limit.take("a", 2);
    now = 50_000;
    limit.take("a", 2);
    now = 60_000;
    expect(limit.take("a", 2)).toBe(0);
    expect(limit.take("a", 2)).toBe(50);
  });

  it("refused requests do not count", () => {
    let now = 0;
    const limit = createRateLimit({ windowMs: 60_000, now: () => now });
    limit.take("a", 1);
    for (let at = 0; at < 100; at++) limit.take("a", 1);
    now = 60_000;
    expect(limit.take("a", 1)).toBe(0);
  });

  it("a limit that was lowered waits for enough of the earlier requests to leave", () => {
    let now = 0;
    const limit = createRateLimit({ windowMs: 60_000, now: () => now });
    for (now = 0; now < 10_000; now += 1_000) limit.take("a", 10);
    now = 10_000;
    // Ten requests at 0…9 s; with a limit of 3 the eighth, of 7 s, must leave first.
    expect(limit.take("a", 3)).toBe(57);
  });
});
