import { expect, it } from "vitest";
import { median, quantiles } from "./statistics.ts";

it("takes the middle of an odd number, the mean of the two in the middle of an even one", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 2, 9])).toBe(3);
});

it("names the value that so many are not above", () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
  expect(quantiles(hundred)).toEqual({ p50: 50, p95: 95, p99: 99 });
  expect(quantiles([7])).toEqual({ p50: 7, p95: 7, p99: 7 });
});
