import { expect, it } from "vitest";
import { retryWords } from "./retry-words.ts";

it.each([
  [1, "exponential", 1, 60, "one attempt"],
  [2, "exponential", 5, 60, "2 attempts, 5 s apart"],
  [3, "fixed", 90, 60, "3 attempts, 60 s apart"],
  [3, "exponential", 5, 60, "3 attempts, after 5 s, 10 s, at most 60 s"],
  [4, "exponential", 40, 60, "4 attempts, after 40 s, 60 s …, at most 60 s"],
] as const)("%i attempts, %s from %i to %i s", (attempts, backoff, base, max, words) => expect(retryWords({ attempts, backoff, base, max, jitter: true })).toBe(words));
