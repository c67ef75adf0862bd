/** How calls end, as the engine sees it. */
import { fileOfEntry } from "../profile.ts";
import type { CodeFailure, CodeResult, LogLine } from "../types.ts";
import type { PendingCall } from "./pending.ts";
import { describe, placeFailure } from "./place-failure.ts";
import type { Death } from "./process.ts";
import { type HostFault, MAX_RESULT } from "./protocol.ts";
import { isTooDeep, tooDeep, tooLarge } from "./runtime/outcome.ts";

export const fail = (failure: CodeFailure, logs: LogLine[] = []): CodeResult => ({ ok: false, failure, logs });

export const killed = (message: string): CodeResult => fail({ reason: "killed", message });

export const aborted: CodeResult = fail({ reason: "aborted", message: "cancelled" });

export const closing = killed("the code host is closing");

export const faulty = ({ call }: PendingCall, fault: HostFault, logs: LogLine[]): CodeResult => fail(placeFailure(fault, call.bundle, call.entry), logs);

/** @param body comes from a child: it may be anything. */
export function valueOf(call: PendingCall, body: string, logs: LogLine[]): CodeResult {
  const wrong = (reason: HostFault["reason"], message: string): CodeResult => faulty(call, { reason, message }, logs);
  if (body.length > MAX_RESULT) return wrong("too-large", tooLarge(MAX_RESULT));
  if (isTooDeep(body)) return wrong("not-json", tooDeep);
  try {
    return { ok: true, value: JSON.parse(body), logs };
  } catch {
    return wrong("not-json", "the result is not JSON");
  }
}

/** Alone in its process when that died: it was this call. */
export function blame({ call, logs }: PendingCall, death: Death, memoryMb: number): CodeResult {
  const { entry, bundle } = call;
  const file = fileOfEntry(entry);
  const line = bundle.meta.entries[entry]?.line;
  const place = file === undefined ? {} : { file, ...(line === undefined ? {} : { line }) };
  return death.cause === "memory"
    ? fail({ reason: "memory", message: `used far more than ${memoryMb} MB of memory${describe(place)}`, ...place }, logs)
    : fail({ reason: "killed", message: `the code host ended while this ran: ${death.detail}${describe(place)}`, ...place }, logs);
}
