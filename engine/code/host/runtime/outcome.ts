/** A value or an error, as text: written for values made to break the writer (getters, proxies, cycles, functions that lie). */
import type { Fault } from "./bridge.ts";

const MAX_MESSAGE = 4000;
const MAX_STACK = 8000;

/** Taken before any of the author's code runs: in the Node profile nothing is frozen. */
const { stringify } = JSON;

/** Whoever reads the result may recurse into it. */
const MAX_DEPTH = 500;

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
    text = stringify(value);
  } catch (error) {
    throw faultError({ ...toFault(error), reason: "not-json", message: `the result is not JSON: ${textOf(error)}` });
  }
  if (text !== undefined && isTooDeep(text)) throw faultError({ reason: "not-json", message: tooDeep });
  if (text !== undefined && text.length > limit) throw faultError({ reason: "too-large", message: tooLarge(limit) });
  return text ?? "null";
}

export const tooDeep = `the result is nested deeper than ${MAX_DEPTH} levels`;

export const isTooDeep = (text: string): boolean => text.length > 2 * MAX_DEPTH && isDeeper(text, MAX_DEPTH);

function isDeeper(text: string, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x5b: case 0x7b: // [ {
        if (++depth > limit) return true;
        break;
      case 0x5d: case 0x7d: // ] }
        depth--;
        break;
      case 0x22: // a string: brackets inside do not count
        at = endOfString(text, at);
        break;
      default:
    }
  }
  return false;
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    if (end === -1) return text.length; // not JSON after all
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
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
