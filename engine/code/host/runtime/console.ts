import type { Call } from "./call.ts";

const MAX_ITEM = 4000;

/** Strings as they are; the rest as JSON, or by its own name for what JSON cannot say. Never throws. */
function show(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    if (value instanceof Error) return typeof value.stack === "string" ? value.stack : String(value);
    const text = typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
    return text ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

export function consoleOf(call: Call): object {
  const at = (level: string) => (...values: unknown[]): void => {
    call.log(level, values.map((value) => show(value).slice(0, MAX_ITEM)).join(" "));
  };
  const info = at("info");
  const debug = at("debug");
  return { log: info, info, debug, trace: debug, warn: at("warn"), error: at("error") };
}
