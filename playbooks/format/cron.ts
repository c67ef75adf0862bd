/**
 * When a schedule is due: five cron fields, read in a time zone. The editor shows the times, the engine starts runs at them.
 *
 * Where clocks change, croner follows the cron of Vixie: what falls into the hour that is left out happens once, at the end of that
 * gap; what names an hour that comes twice happens the first time only; what repeats in every hour goes on in real time.
 */
import { Cron } from "croner";
import { z } from "zod";

export const scheduleSchema = z.strictObject({
  /** Minute, hour, day of the month, month, day of the week. */
  cron: z.string().min(1).max(200),
  /** IANA name. */
  timezone: z.string().min(1).max(60).default("UTC"),
  /** What was due while no worker ran is done once, late; else it is left out. */
  catchUp: z.boolean().default(true),
});
export type Schedule = z.infer<typeof scheduleSchema>;

type Times = Pick<Schedule, "cron" | "timezone">;

const FIELDS = 5;

/** @throws Error of croner's for a text that is no cron */
const open = ({ cron, timezone }: Times): Cron => new Cron(cron, { timezone, mode: "5-part", paused: true });

/** What is wrong with it, in words for people, and with which part. */
export function scheduleFault({ cron, timezone }: Times, now: Date = new Date()): { field: "cron" | "timezone"; message: string } | undefined {
  // croner also takes names like @daily, which are none of the five fields.
  if (cron.trim().split(/\s+/).length !== FIELDS) return { field: "cron", message: "a schedule has five fields: minute, hour, day of the month, month, day of the week" };
  if (!isTimezone(timezone)) return { field: "timezone", message: `there is no time zone "${timezone}": write it as Europe/Berlin` };
  try {
    return open({ cron, timezone }).nextRun(now) === null ? { field: "cron", message: "there is never such a time" } : undefined;
  } catch (error) {
    return { field: "cron", message: (error as Error).message.replace(/^CronPattern: /, "") };
  }
}

export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The next times after `after`; none for a schedule with a fault. */
export function nextTimes(schedule: Times, after: Date, count: number): Date[] {
  return scheduleFault(schedule, after) ? [] : open(schedule).nextRuns(count, after);
}

/** The last time that is not after `now`. */
export function lastTime(schedule: Times, now: Date): Date | undefined {
  if (scheduleFault(schedule, now)) return undefined;
  // croner looks strictly before its reference, and knows whole seconds.
  return open(schedule).previousRuns(2, new Date(now.getTime() + 1000)).find((time) => time <= now);
}
