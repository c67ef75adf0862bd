import { expect, it } from "vitest";
import { timeScale } from "./time-scale.ts";

it.each([1, 7, 840, 4200, 95_000, 86_400_000 * 40])("has one to seven round ticks over %i ms", (span) => {
  const { ticks } = timeScale(0, span);
  expect(ticks.length).toBeGreaterThanOrEqual(1);
  expect(ticks.length).toBeLessThanOrEqual(7);
  expect(ticks[0]).toBe(0);
});

it("keeps every moment on the strip, also without any time passed", () => {
  expect(timeScale(100, 200).at(150)).toBe(50);
  expect(timeScale(100, 200).at(900)).toBe(100);
  expect(timeScale(100, 100).at(100)).toBe(0);
});
