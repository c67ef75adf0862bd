import type { Call } from "./call.ts";

const MAX_RANDOM = 65_536;
const DIGESTS = new Map([["SHA-1", "sha1"], ["SHA-256", "sha256"], ["SHA-384", "sha384"], ["SHA-512", "sha512"]]);
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function bytesOf(data: unknown): Uint8Array {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  throw new TypeError("expected an ArrayBuffer or a typed array");
}

/** The part of web crypto that needs no keys. */
export function cryptoOf(call: Call): object {
  const getRandomValues = <T>(array: T): T => {
    const target = bytesOf(array);
    if (target.length > MAX_RANDOM) throw new RangeError(`getRandomValues gives at most ${MAX_RANDOM} bytes`);
    target.set(call.bridge.random(target.length));
    return array;
  };
  const randomUUID = (): string => {
    const bytes = call.bridge.random(16);
    bytes[6] = (bytes[6]! & 0x0f) | 0x40;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const hex = (from: number, to: number): string => Array.from(bytes.subarray(from, to), (byte) => HEX[byte]).join("");
    return [hex(0, 4), hex(4, 6), hex(6, 8), hex(8, 10), hex(10, 16)].join("-");
  };
  const digest = async (algorithm: unknown, data: unknown): Promise<unknown> => {
    const name = typeof algorithm === "string" ? algorithm : (algorithm as { name?: unknown } | null)?.name;
    const known = DIGESTS.get(String(name).toUpperCase());
    if (!known) throw new TypeError(`unknown digest ${String(name)}: one of ${[...DIGESTS.keys()].join(", ")}`);
    return call.ask("digest", known, bytesOf(data).slice().buffer);
  };
  return { getRandomValues, randomUUID, subtle: { digest } };
}
