/** Instants as payloads write them, as UTC (R49). A time without a zone is taken as UTC; one without a year is not guessed. */
import type { Json } from "#sdk";

const ISO = /^(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s?(?:\(?(Z|z|UTC|GMT)\)?|([+-])(\d{2}):?(\d{2})?)?$/;
/** "1/15/2024, 9:41:09.111 AM", the way Azure exports write it. */
const AMERICAN = /^(\d{1,2})\/(\d{1,2})\/(\d{4}),? (\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?: ?([AP]M))?$/i;
const NUMBER = /^\d{9,19}(?:\.\d{1,9})?$/;

const EARLIEST = Date.UTC(1970, 0, 1);
const LATEST = Date.UTC(9999, 11, 31);

const valid = (ms: number): Date | null => (Number.isFinite(ms) && ms > EARLIEST && ms <= LATEST ? new Date(ms) : null);
const millis = (fraction: string | undefined): number => (fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, "0")));

/** Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size. */
function fromEpoch(value: number): Date | null {
  if (value < 1e8) return null;
  if (value < 1e11) return valid(value * 1000);
  if (value < 1e14) return valid(value);
  return valid(value < 1e17 ? value / 1000 : value / 1e6);
}

/** `Date.UTC` rolls 31 February over to March: such a date is nobody's. */
function utc(year: string, month: string, day: string, hour: number, minute: string | undefined, second: string | undefined, ms: number): number {
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day), hour, Number(minute ?? 0), Math.min(Number(second ?? 0), 59), ms);
  const date = new Date(at);
  return date.getUTCMonth() === Number(month) - 1 && hour < 24 && Number(minute ?? 0) < 60 ? at : Number.NaN;
}

export function parseTimestamp(value: Json | undefined): Date | null {
  const single = Array.isArray(value) ? value[0] : value;
  if (typeof single === "number") return fromEpoch(single);
  if (typeof single !== "string" || single.length > 64) return null;
  const text = single.trim();
  if (NUMBER.test(text)) return fromEpoch(Number(text));
  const iso = ISO.exec(text);
  if (iso) {
    const [, year, month, day, hour, minute, second, fraction, , sign, zoneHours, zoneMinutes] = iso;
    const offset = sign === undefined ? 0 : (Number(zoneHours) * 60 + Number(zoneMinutes ?? 0)) * (sign === "-" ? -1 : 1);
    return valid(utc(year!, month!, day!, Number(hour ?? 0), minute, second, millis(fraction)) - offset * 60_000);
  }
  const american = AMERICAN.exec(text);
  if (!american) return null;
  const [, month, day, year, hour, minute, second, fraction, half] = american;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toUpperCase() === "PM" ? 12 : 0);
  return valid(utc(year!, month!, day!, hours, minute, second, millis(fraction)));
}
