/** A value or an error, as text: written for values made to break the writer (getters, proxies, cycles, functions that lie). */
import type { Fault } from "./bridge.ts";

const MAX_MESSAGE = 4000;
const MAX_STACK = 8000;

/** A fault that has already been described. Private, so that user code cannot throw one. */
const described = new WeakSet<object>();

export function faultError(fault: Fault): object {
  const error = { fault };
  described.add(error);
  return error;
}

/** @throws what toFault understands, where the value is not JSON or is too large. */
export function serialize(value: unknown, limit: number): string {
  if (typeof value === "function" || typeof value === "symbol") throw faultError({ reason: "not-json", message: `the result is a ${typeof value}, which JSON cannot hold` });
  if (typeof value === "string" && value.length > limit) throw faultError({ reason: "too-large", message: tooLarge(limit) });
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw faultError({ ...toFault(error), reason: "not-json", message: `the result is not JSON: ${textOf(error)}` });
  }
  if (text !== undefined && text.length > limit) throw faultError({ reason: "too-large", message: tooLarge(limit) });
  return text ?? "null";
}

export const tooLarge = (limit: number): string => `the result is larger than ${limit / 1024 / 1024} MB`;

export function toFault(error: unknown): Fault {
  if (typeof error === "object" && error !== null && described.has(error)) return (error as { fault: Fault }).fault;
  const stack = stackOf(error);
  return { reason: "throw", message: textOf(error), ...(stack === undefined ? {} : { stack }) };
}

function textOf(error: unknown): string {
  try {
    if (error instanceof Error) return `${String(error.name)}: ${String(error.message)}`.slice(0, MAX_MESSAGE);
    const shown = typeof error === "string" ? error : typeof error === "object" || typeof error === "function" ? JSON.stringify(error) ?? String(error) : String(error);
    return `thrown value that is not an Error: ${shown}`.slice(0, MAX_MESSAGE);
  } catch {
    return "thrown value that cannot be shown";
  }
}

function stackOf(error: unknown): string | undefined {
  try {
    const stack: unknown = error instanceof Error ? error.stack : undefined;
    // Only the frames: the message before them may itself look like one.
    return typeof stack === "string" ? stack.split("\n").filter((line) => line.startsWith("    at ")).join("\n").slice(0, MAX_STACK) : undefined;
  } catch {
    return undefined;
  }
}
