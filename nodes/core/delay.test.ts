import { expect, test } from "vitest";
import { runNode } from "#sdk/testing.ts";
import { delay } from "./delay.ts";

const now = new Date("2026-03-01T12:00:00Z");

test("seconds and moments become a timer", async () => {
  expect((await runNode(delay, { input: { seconds: 90 }, now })).wait).toEqual({ kind: "timer", until: new Date("2026-03-01T12:01:30Z") });
  expect((await runNode(delay, { input: { until: "2026-03-01T14:00:00+01:00" }, now })).wait).toEqual({ kind: "timer", until: new Date("2026-03-01T13:00:00Z") });
});

test("a moment that has passed goes on at once", async () => {
  expect(await runNode(delay, { input: { until: "2026-03-01T11:00:00Z" }, now })).toMatchObject({ port: "out" });
  expect(await runNode(delay, { input: { seconds: 0 }, now })).toMatchObject({ port: "out" });
});

test("the timer's answer goes on", async () => {
  expect(await runNode(delay, { input: { seconds: 5 }, now, answer: { kind: "timer" } })).toMatchObject({ port: "out", data: { resumed_at: now.toISOString() } });
});

test.each([{}, { seconds: 1, until: "2026-03-01T13:00:00Z" }, { seconds: -1 }, { seconds: 1e12 }, { until: "tomorrow" }, { until: "2036-03-01T13:00:00Z" }])("%j is refused", async (input) => {
  await expect(runNode(delay, { input, now })).rejects.toMatchObject({ kind: "invalid-input" });
});
