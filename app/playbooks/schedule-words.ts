/** A schedule as people say it. What has no short sentence is said by its five fields. */

/** Those that one mostly wants. */
export const PRESETS = ["*/15 * * * *", "0 * * * *", "0 6 * * *", "0 8 * * 1-5", "0 8 * * 1", "0 6 1 * *"] as const;

const DAYS = ["Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];

/** "every 15 minutes", "on weekdays at 08:00" */
export function cronWords(cron: string): string {
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = cron.trim().split(/\s+/);
  const isDaily = day === "*" && month === "*";
  if (isDaily && weekday === "*" && hour === "*") {
    if (minute === "*") return "every minute";
    const [, every] = /^\*\/(\d+)$/.exec(minute) ?? [];
    // Else the last stretch of every hour is shorter.
    if (every !== undefined && 60 % Number(every) === 0) return `every ${every} minutes`;
    if (/^\d+$/.test(minute)) return minute === "0" ? "every hour" : `every hour, ${minute} ${minute === "1" ? "minute" : "minutes"} past`;
  }
  if (!/^\d+$/.test(minute) || !/^\d+$/.test(hour)) return cron.trim();
  const at = `at ${hour.padStart(2, "0")}:${minute.padStart(2, "0")}`;
  if (isDaily && weekday === "*") return `every day ${at}`;
  if (isDaily && weekday === "1-5") return `on weekdays ${at}`;
  if (isDaily && /^[0-7]$/.test(weekday)) return `on ${DAYS[Number(weekday)]} ${at}`;
  if (day === "1" && month === "*" && weekday === "*") return `on the first of each month ${at}`;
  return cron.trim();
}

/** "On weekdays at 08:00, Berlin": the time zone by its city. */
export function scheduleWords({ cron, timezone }: { cron: string; timezone: string }): string {
  const words = cronWords(cron);
  return `${words[0]?.toUpperCase() ?? ""}${words.slice(1)}, ${timezone.split("/").at(-1)!.replaceAll("_", " ")}`;
}
