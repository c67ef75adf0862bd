import { useMemo } from "react";
import { nextTimes } from "#format";
import { relative, useNow } from "#app/ui/time.tsx";

const SHOWN = 3;
const MINUTE = 60_000;

/** The next three times of a schedule, as clocks show them in its time zone. Nothing while it has a fault: its field says which. */
export function NextTimes({ cron, timezone }: { cron: string; timezone: string }) {
  const now = useNow();
  const minute = now === null ? null : Math.floor(now / MINUTE) * MINUTE;
  const times = useMemo(() => (minute === null ? [] : nextTimes({ cron, timezone }, new Date(minute), SHOWN)), [cron, timezone, minute]);
  if (now === null || times.length === 0) return null;
  const format = new Intl.DateTimeFormat(undefined, { timeZone: timezone, weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return (
    <div className="text-xs text-fg-2">
      <span className="text-fg-3">next:</span>
      <ol aria-label="Next times" className="mt-0.5 space-y-0.5">
        {times.map((time) => (
          <li key={time.toISOString()} className="flex justify-between gap-2 tabular-nums">
            <time dateTime={time.toISOString()} title={`${time.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })} here\n${time.toISOString().slice(0, 16).replace("T", " ")} UTC`}>{format.format(time)}</time>
            <span className="text-fg-3">{relative(time.toISOString(), now)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
