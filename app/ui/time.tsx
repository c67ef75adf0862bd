import { useEffect, useState, useSyncExternalStore } from "react";

const UNITS: [limit: number, seconds: number, letter: string][] = [[60, 1, "s"], [3600, 60, "m"], [86_400, 3600, "h"], [86_400 * 60, 86_400, "d"], [86_400 * 730, 86_400 * 30, "mo"], [Infinity, 86_400 * 365, "y"]];

/** `at` is ISO-8601; `now` is milliseconds. "now", "42s", "3h", "in 5m". */
export function relative(at: string, now: number): string {
  const seconds = Math.round((now - Date.parse(at)) / 1000);
  const size = Math.abs(seconds);
  if (Number.isNaN(size)) return at;
  if (size < 2) return "now";
  const [, unit, letter] = UNITS.find(([limit]) => size < limit)!;
  const text = `${Math.floor(size / unit)}${letter}`;
  return seconds < 0 ? `in ${text}` : text;
}

/** Milliseconds as people read them: "840 ms", "3.2 s", "4 m 10 s". */
export function duration(ms: number | null): string {
  if (ms === null) return "–";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} m` : `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`;
}

const ticks = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One timer for every <Time> of the page. */
function onTick(listener: () => void): () => void {
  ticks.add(listener);
  timer ??= setInterval(() => ticks.forEach((tick) => tick()), 1000);
  return () => {
    ticks.delete(listener);
    if (ticks.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Milliseconds, whole seconds, moving; null on the server and in the first render, whose clocks differ. */
export function useNow(): number | null {
  return useSyncExternalStore(onTick, () => Math.floor(Date.now() / 1000) * 1000, () => null);
}

/** A moment: relative, with local and UTC time in full as its title. */
export function Time({ at, suffix = "" }: { at: string; suffix?: string }) {
  const now = useNow();
  const [local, setLocal] = useState<string>();
  useEffect(() => setLocal(new Date(at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "long" })), [at]);
  const utc = `${at.slice(0, 19).replace("T", " ")} UTC`;
  return (
    <time dateTime={at} title={local === undefined ? utc : `${local}\n${utc}`} className="whitespace-nowrap">
      {now === null ? at.slice(0, 16).replace("T", " ") : `${relative(at, now)}${relative(at, now) === "now" || relative(at, now).startsWith("in") ? "" : suffix}`}
    </time>
  );
}
