/** The messages between a worker and its code host (the bodies in brackets), and the limits both sides hold. */
import type { LogLine } from "../types.ts";
import type { Fault, Limits } from "./runtime/bridge.ts";
import { FrameError, type Message } from "./frames.ts";

export type ToHost =
  /** First and once, to a host of isolates [the runtime script]. */
  | { t: "boot"; size?: number; memoryMb: number; isolates: number; limits: Limits }
  /** First and once, to a cell [the script of its thread]. */
  | { t: "furnish"; size?: number; memoryMb: number; limits: Limits }
  /** A bundle, before its first call [its code]. */
  | { t: "load"; size?: number; key: string }
  | { t: "unload"; size?: number; key: string }
  /** [the scope] */
  | { t: "call"; size?: number; id: number; key: string; entry: string; timeoutMs: number; canFetch: boolean }
  | { t: "abort"; size?: number; id: number }
  /** [the body] */
  | { t: "respond"; size?: number; id: number; request: number; status: number; url: string; headers: Record<string, string> }
  | { t: "refuse"; size?: number; id: number; request: number; message: string }
  | { t: "ping"; size?: number };

export type FromHost =
  | { t: "ready"; size?: number; uid: number }
  /** [the value] */
  | { t: "value"; size?: number; id: number; logs: LogLine[] }
  | { t: "fault"; size?: number; id: number; fault: HostFault; logs: LogLine[] }
  /** Of a cell, at once: it may not live to the end of its call. */
  | { t: "log"; size?: number; id: number; level: LogLine["level"]; text: string }
  /** [the body] */
  | { t: "fetch"; size?: number; id: number; request: number; url: string; method: string; headers: Record<string, string>; hasBody: boolean }
  | { t: "pong"; size?: number }
  /** This call holds its thread and cannot be stopped but with the process. */
  | { t: "wedged"; size?: number; id: number }
  /** An isolate is out of control; the process ends itself now. */
  | { t: "fatal"; size?: number };

export interface HostFault extends Omit<Fault, "reason"> {
  reason: Fault["reason"] | "timeout" | "memory";
}

export const MAX_RESULT = 5 * 1024 * 1024;
/** Bytes of a serialised scope. */
export const MAX_SCOPE = 32 * 1024 * 1024;
/** A frame goes out at 1 MB at the latest, so it is at most that and one more body: UTF-8 takes up to 3 bytes a character. */
export const MAX_FRAME_FROM_HOST = 3 * MAX_RESULT + 2 * 1024 * 1024;
export const MAX_FRAME_TO_HOST = MAX_SCOPE + 2 * 1024 * 1024;

export const RUNTIME_LIMITS: Limits = { result: MAX_RESULT, logLines: 200, logLength: 64 * 1024, open: 200, posts: 10_000 };

/** How long one call may hold an isolate before others of the same bundle get a second one. */
export const STUCK_MS = 50;

/** Messages of one process in a minute that belong to no call, or are beyond the limits of one, before it is taken for hostile. */
export const MAX_STRAYS = 10_000;

/** Characters of the bodies of the requests that one call has open. */
export const MAX_OPEN_BODIES = 32 * 1024 * 1024;

/** Beyond its time-out, before it is given up. isolated-vm itself waits 5 s, then suspends the thread. */
export const WEDGED_MS = 1000;

const LEVELS = new Set<string>(["debug", "info", "warn", "error"]);
const REASONS = new Set<string>(["throw", "timeout", "memory", "too-large", "not-json", "load"]);

/** The host runs other people's code: what comes from it is checked like a stranger's. @throws FrameError */
export function readFromHost(message: Message): FromHost {
  const { t, id, request, logs, fault, uid, url, method, headers, level, text } = message as unknown as Record<string, unknown>;
  const isId = Number.isSafeInteger(id);
  const isText = (value: unknown): boolean => value === undefined || typeof value === "string";
  const isKnown = t === "pong" || t === "fatal"
    || (t === "ready" && Number.isInteger(uid))
    || (t === "wedged" && isId)
    || (t === "log" && isId && LEVELS.has(String(level)) && typeof text === "string")
    || (t === "value" && isId && areLogs(logs))
    || (t === "fault" && isId && areLogs(logs) && isRecord(fault) && REASONS.has(String(fault["reason"])) && typeof fault["message"] === "string" && isText(fault["stack"]) && isText(fault["field"]))
    || (t === "fetch" && isId && Number.isSafeInteger(request) && typeof url === "string" && typeof method === "string" && isRecord(headers) && Object.values(headers).every((value) => typeof value === "string"));
  if (!isKnown) throw new FrameError(`unexpected message ${JSON.stringify(message).slice(0, 200)}`);
  return message as unknown as FromHost;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

const areLogs = (logs: unknown): boolean =>
  Array.isArray(logs) && logs.length <= RUNTIME_LIMITS.logLines + 2 && logs.every((line) => isRecord(line) && LEVELS.has(String(line["level"])) && typeof line["text"] === "string");
