/** What becomes of a schedule now: pure. */
import { lastTime, nextTimes } from "#format";

export interface ScheduleState {
  cron: string;
  timezone: string;
  catchUp: boolean;
  /** Since when its times hold. */
  since: Date;
  /** Null: not reckoned yet. */
  nextAt: Date | null;
}

export interface Settled {
  /** The time to start a run for. */
  due: Date | null;
  /** Null: there is never another one. */
  next: Date | null;
}

/** As late as this is not missed: a schedule has no finer times, and a worker may be busy. */
const GRACE_MS = 60_000;

/** However many times have passed, one run comes of it, for the last of them; without `catchUp` only when that is not long ago. */
export function settleSchedule(schedule: ScheduleState, now: Date): Settled {
  const planned = schedule.nextAt ?? nextTimes(schedule, schedule.since, 1)[0] ?? null;
  if (planned === null || planned > now) return { due: null, next: planned };
  const last = lastTime(schedule, now);
  // Time zones change their rules: what was planned under the old ones has passed all the same.
  const latest = last && last > planned ? last : planned;
  const isMissed = now.getTime() - latest.getTime() > GRACE_MS;
  return { due: isMissed && !schedule.catchUp ? null : latest, next: nextTimes(schedule, now, 1)[0] ?? null };
}
