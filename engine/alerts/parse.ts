/** Bytes → JSON object, or the reason why not. Nothing is stored before this has succeeded. */
import type { Payload } from "#sdk/source.ts";

/** The document itself is wrong: sending it again changes nothing. `code` is the HTTP status that says so. */
export class IngestError extends Error {
  override readonly name = "IngestError";
  readonly code: 400 | 422;

  constructor(code: 400 | 422, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A whole number that a double cannot hold exactly: as an id it would merge with its neighbours. */
const HUGE_INTEGER = /[:,[]\s*-?(?:[1-9]\d{16}|9\d{15})/;

/** Whole numbers beyond 2^53 become text with all their digits. The reviver costs several times the parse, so only who needs it pays. */
function parse(text: string): unknown {
  if (!HUGE_INTEGER.test(text)) return JSON.parse(text);
  try {
    return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
      typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? "") ? context!.source : value);
  } catch (error) {
    // The reviver recurses, so thousands of levels overflow the stack where plain parsing does not.
    if (error instanceof RangeError) return JSON.parse(text);
    throw error;
  }
}

/**
 * @param what names it in the error's message
 * @param raw the request's body. Bytes that are not UTF-8 become U+FFFD here; the stored raw payload keeps them.
 * @throws IngestError 400 for text that is not JSON, 422 for JSON that is not an object
 */
export function parsePayload(raw: Buffer, what = "the body"): Payload {
  const text = raw.toString("utf8");
  let value: unknown;
  try {
    value = parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (error) {
    throw new IngestError(400, `${what} is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : "unreadable"}`, { cause: error });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new IngestError(422, `an alert is a JSON object, not ${value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`}`);
  }
  return value as Payload;
}
