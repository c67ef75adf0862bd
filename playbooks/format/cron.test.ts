import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { lastTime, nextTimes, scheduleFault } from "./cron.ts";

const next = (cron: string, timezone: string, after: string, count = 3): string[] => nextTimes({ cron, timezone }, new Date(after), count).map((time) => time.toISOString().slice(0, 16));

describe("where clocks go forward", () => {
  it.each([
    ["what falls into the gap happens at its end", "30 2 * * *", "Europe/Berlin", "2027-03-27T00:00Z", ["2027-03-27T01:30", "2027-03-28T01:00", "2027-03-29T00:30"]],
    ["once, also where the gap's end is due by itself", "0 2,3 * * *", "Europe/Berlin", "2027-03-27T12:00Z", ["2027-03-28T01:00", "2027-03-29T00:00", "2027-03-29T01:00"]],
    ["every hour goes on every hour", "0 * * * *", "Europe/Berlin", "2027-03-27T23:30Z", ["2027-03-28T00:00", "2027-03-28T01:00", "2027-03-28T02:00"]],
    ["every quarter goes on every quarter", "*/15 * * * *", "Europe/Berlin", "2027-03-28T00:30Z", ["2027-03-28T00:45", "2027-03-28T01:00", "2027-03-28T01:15"]],
    ["a gap at midnight keeps its day", "0 0 * * *", "America/Santiago", "2027-09-04T12:00Z", ["2027-09-05T04:00", "2027-09-06T03:00", "2027-09-07T03:00"]],
    ["a gap of half an hour", "15 2 * * *", "Australia/Lord_Howe", "2027-10-02T00:00Z", ["2027-10-02T15:30", "2027-10-03T15:15", "2027-10-04T15:15"]],
    ["the other side of the ocean changes on another day", "30 2 * * *", "America/New_York", "2027-03-13T12:00Z", ["2027-03-14T07:00", "2027-03-15T06:30", "2027-03-16T06:30"]],
  ])("%s", (_, cron, timezone, after, expected) => expect(next(cron, timezone, after)).toEqual(expected));
});

describe("where clocks go back", () => {
  it.each([
    ["an hour that comes twice counts the first time", "30 2 * * *", "Europe/Berlin", "2027-10-30T12:00Z", ["2027-10-31T00:30", "2027-11-01T01:30", "2027-11-02T01:30"]],
    ["every hour is every hour, both of them", "0 * * * *", "Europe/Berlin", "2027-10-30T23:30Z", ["2027-10-31T00:00", "2027-10-31T01:00", "2027-10-31T02:00"]],
    ["every half hour, through both", "*/30 * * * *", "Europe/Berlin", "2027-10-31T00:15Z", ["2027-10-31T00:30", "2027-10-31T01:00", "2027-10-31T01:30"]],
  ])("%s", (_, cron, timezone, after, expected) => expect(next(cron, timezone, after)).toEqual(expected));
});

test.each([
  ["weekdays", "0 8 * * 1-5", ["2027-01-01T08:00", "2027-01-04T08:00", "2027-01-05T08:00"]],
  ["a day of the month or of the week, whichever comes", "0 0 13 * 5", ["2027-01-08T00:00", "2027-01-13T00:00", "2027-01-15T00:00"]],
  ["names", "0 0 * feb mon", ["2027-02-01T00:00", "2027-02-08T00:00", "2027-02-15T00:00"]],
  ["leap days", "0 0 29 2 *", ["2028-02-29T00:00", "2032-02-29T00:00", "2036-02-29T00:00"]],
  ["the last day of a month", "0 0 L * *", ["2027-01-31T00:00", "2027-02-28T00:00", "2027-03-31T00:00"]],
])("%s", (_, cron, expected) => expect(next(cron, "UTC", "2027-01-01T00:00Z")).toEqual(expected));

test.each([
  ["* * * *", "UTC", "cron", "five fields"],
  ["* * * * * *", "UTC", "cron", "five fields"],
  ["@daily", "UTC", "cron", "five fields"],
  ["", "UTC", "cron", "five fields"],
  ["60 * * * *", "UTC", "cron", "Invalid value for minute: 60"],
  ["*/0 * * * *", "UTC", "cron", "illegal stepping"],
  ["5-1 * * * *", "UTC", "cron", "From value is larger"],
  ["a b c d e", "UTC", "cron", "illegal characters"],
  ["0 0 30 2 *", "UTC", "cron", "there is never such a time"],
  ["0 0 * * *", "Mars/Olympus", "timezone", "there is no time zone"],
  ["0 0 * * *", "", "timezone", "there is no time zone"],
])("%j in %j: %s", (cron, timezone, field, message) => {
  expect(scheduleFault({ cron, timezone })).toMatchObject({ field, message: expect.stringContaining(message) });
  expect([nextTimes({ cron, timezone }, new Date(), 3), lastTime({ cron, timezone }, new Date())]).toEqual([[], undefined]);
});

test("the last time is the one that came before the next", () => {
  const crons = ["30 2 * * *", "0 * * * *", "*/15 * * * *", "15 2 * * *", "*/10 1-3 * * *", "0 0 13 * 5", "0 2,3 * * 0"];
  const zones = ["UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "America/New_York", "Asia/Kathmandu"];
  fc.assert(fc.property(fc.constantFrom(...crons), fc.constantFrom(...zones), fc.date({ min: new Date("2027-01-01"), max: new Date("2028-01-01"), noInvalidDate: true }), fc.nat(1000), (cron, timezone, from, share) => {
    const [first, second] = nextTimes({ cron, timezone }, from, 2);
    const between = new Date(first!.getTime() + Math.floor(((second!.getTime() - first!.getTime() - 1) * share) / 1000));
    expect(lastTime({ cron, timezone }, between)).toEqual(first);
  }), { numRuns: 300 });
});
