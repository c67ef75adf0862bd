import { expect, test } from "vitest";
import { type ScheduleState, settleSchedule } from "./due.ts";

const at = (text: string): Date => new Date(`2027-01-${text}:00Z`);
const hourly = (over: Partial<ScheduleState> = {}): ScheduleState => ({ cron: "0 * * * *", timezone: "UTC", catchUp: true, since: at("01T00:30"), nextAt: at("01T01:00"), ...over });

test.each<[string, ScheduleState, Date, { due: Date | null; next: Date | null }]>([
  ["is planned from the moment at which it began to hold", hourly({ nextAt: null }), at("01T00:40"), { due: null, next: at("01T01:00") }],
  ["has missed nothing while it was planned", hourly({ nextAt: null }), at("01T01:01"), { due: at("01T01:00"), next: at("01T02:00") }],
  ["waits", hourly(), at("01T00:59"), { due: null, next: at("01T01:00") }],
  ["is due at its time", hourly(), at("01T01:00"), { due: at("01T01:00"), next: at("01T02:00") }],
  ["catches up once, for the last time of many", hourly(), at("03T07:10"), { due: at("03T07:00"), next: at("03T08:00") }],
  ["leaves out what was missed where it shall", hourly({ catchUp: false }), at("03T07:10"), { due: null, next: at("03T08:00") }],
  ["does not call it missed when a worker is busy for a moment", hourly({ catchUp: false }), at("01T01:01"), { due: at("01T01:00"), next: at("01T02:00") }],
  ["is on time again after times that were left out", hourly({ catchUp: false }), at("03T07:00"), { due: at("03T07:00"), next: at("03T08:00") }],
  ["of which there is never a time", hourly({ cron: "0 0 30 2 *", nextAt: null }), at("01T00:00"), { due: null, next: null }],
  ["that nobody can read", hourly({ cron: "often", nextAt: null }), at("01T00:00"), { due: null, next: null }],
])("a schedule %s", (_, schedule, now, expected) => expect(settleSchedule(schedule, now)).toEqual(expected));

test("clocks that go back make it due no second time", () => {
  const daily = { cron: "30 2 * * *", timezone: "Europe/Berlin", catchUp: true, since: new Date("2027-10-01T00:00:00Z"), nextAt: new Date("2027-10-31T00:30:00Z") };
  const first = settleSchedule(daily, new Date("2027-10-31T00:30:01Z"));
  expect(first).toEqual({ due: new Date("2027-10-31T00:30:00Z"), next: new Date("2027-11-01T01:30:00Z") });
  expect(settleSchedule({ ...daily, nextAt: first.next }, new Date("2027-10-31T01:30:01Z")).due).toBeNull();
});
