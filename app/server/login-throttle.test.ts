import { describe, expect, it } from "vitest";
import { createLoginThrottle } from "./login-throttle.ts";

describe("login throttle", () => {
  it("slows one address down after five failures, doubling, and forgives after success", () => {
    let now = 0;
    const throttle = createLoginThrottle(() => now);
    for (let at = 0; at < 5; at++) expect(throttle.begin("Ann", "1.1.1.1")).toBe(0);
    expect(throttle.begin("ann", "1.1.1.1")).toBe(1);
    now += 1_000;
    expect(throttle.begin("ann", "1.1.1.1")).toBe(0);
    expect(throttle.begin("ann", "1.1.1.1")).toBe(2);
    now += 2_000;
    expect(throttle.begin("ann", "1.1.1.1")).toBe(0);
    throttle.succeeded("ann", "1.1.1.1");
    expect(throttle.begin("ann", "1.1.1.1")).toBe(0);
  });

  it("a stranger's failures do not keep the person out", () => {
    const throttle = createLoginThrottle(() => 0);
    for (let at = 0; at < 20; at++) throttle.begin("ann", "6.6.6.6");
    expect(throttle.begin("ann", "6.6.6.6")).toBeGreaterThan(0);
    expect(throttle.begin("ann", "1.1.1.1")).toBe(0);
  });

  it("many addresses together are slowed too", () => {
    const throttle = createLoginThrottle(() => 0);
    const waits = Array.from({ length: 60 }, (_, at) => throttle.begin("ann", `10.0.0.${at}`));
    expect(waits.slice(0, 50)).toEqual(Array<number>(50).fill(0));
    expect(waits[50]).toBeGreaterThan(0);
  });

  it("forgets after a quarter of an hour", () => {
    let now = 0;
    const throttle = createLoginThrottle(() => now);
    for (let at = 0; at < 5; at++) throttle.begin("ann", "1.1.1.1");
    now += 15 * 60_000;
    for (let at = 0; at < 5; at++) expect(throttle.begin("ann", "1.1.1.1")).toBe(0);
  });
});
