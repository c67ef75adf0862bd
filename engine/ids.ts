import { createHash, randomFillSync } from "node:crypto";

const pool = new Uint8Array(8 * 1024);
let used = pool.length;

const hex: string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function format(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < 16; at++) {
    if (at === 4 || at === 6 || at === 8 || at === 10) text += "-";
    text += hex[bytes[at]!];
  }
  return text;
}

/** Time-ordered UUID (RFC 9562): new rows land at the end of their index. */
export function uuidv7(now: number = Date.now()): string {
  if (used + 10 > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = new Uint8Array(16);
  let rest = now;
  for (let at = 5; at >= 0; at--) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes.set(pool.subarray(used, used + 10), 6);
  used += 10;
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return format(bytes);
}

/** Name-based UUID: the same (namespace, name) is always the same id. @param namespace a UUID */
export function uuidv5(namespace: string, name: string): string {
  const bytes = createHash("sha1").update(Buffer.from(namespace.replaceAll("-", ""), "hex")).update(name).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return format(bytes);
}

/** A step's id follows from its key, so that steps inside a segment row have one too. */
export const stepId = (runId: string, nodeId: string, item: string): string => uuidv5(runId, `${nodeId}@${item}`);
