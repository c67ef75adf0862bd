import { expect, test } from "vitest";
import { bestScore, score } from "./fuzzy.ts";

test.each<[string, string, boolean]>([
  ["ip", "Look up IP", true],
  ["lkip", "Look up IP", true],
  ["luip", "Look up IP", true],
  ["ip look", "Look up IP", true],
  ["slack", "Post to Slack", true],
  ["xyz", "Post to Slack", false],
  ["slk", "Post to Slack", true],
  ["", "Anything", true],
])("%j finds %j: %s", (query, text, found) => {
  expect(score(query, text) > 0).toBe(found);
});

test("the beginning beats a word, a word beats its inside, and either beats scattered letters", () => {
  expect(score("co", "Code")).toBeGreaterThan(score("co", "HTTP code"));
  expect(score("co", "HTTP code")).toBeGreaterThan(score("co", "Falcon"));
  expect(score("co", "Falcon")).toBeGreaterThan(score("co", "call out"));
});

test("a title counts for more than a description", () => {
  expect(bestScore("alert", [["Get alert", 1]])).toBeGreaterThan(bestScore("alert", [["Slack", 1], ["Posts the alert", 0.5]]));
});
