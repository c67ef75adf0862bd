/**
 * Journal rows are JSON, zstd-compressed in Node: one row per stretch of work keeps every input and output and costs
 * less than jsonb would (repeated values compress away; measured in DESIGN 5.6). The first byte names the encoding.
 */
import { zstdCompressSync, zstdDecompressSync, constants } from "node:zlib";

const ZSTD_JSON = 1;
const PLAIN_JSON = 0;
/** Below this, compression makes the row longer. */
const WORTH_IT = 200;
const OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export const encode = (value: unknown): Buffer => encodeText(JSON.stringify(value));

/** @param json that somebody has made already */
export function encodeText(json: string): Buffer {
  const text = Buffer.from(json);
  if (text.length < WORTH_IT) return Buffer.concat([Buffer.of(PLAIN_JSON), text]);
  return Buffer.concat([Buffer.of(ZSTD_JSON), zstdCompressSync(text, OPTIONS)]);
}

/** @throws Error for an encoding this program does not know (a newer one wrote it). */
export function decode<T>(body: Uint8Array): T {
  const kind = body[0];
  const rest = body.subarray(1);
  if (kind === PLAIN_JSON) return JSON.parse(Buffer.from(rest).toString()) as T;
  if (kind === ZSTD_JSON) return JSON.parse(zstdDecompressSync(rest).toString()) as T;
  throw new Error(`journal encoding ${kind} is not known to this version of Playgraph`);
}
