/** UTF-8, Base64 and structuredClone in plain JavaScript: a trip to the child for each would block it with other tenants' bytes. */

export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let at = 0;
  for (let index = 0; index < text.length; index++) {
    let code = text.charCodeAt(index);
    if (code < 0x80) {
      bytes[at++] = code;
      continue;
    }
    if (code < 0x800) {
      bytes[at++] = 0xc0 | (code >> 6);
      bytes[at++] = 0x80 | (code & 0x3f);
      continue;
    }
    if (code >= 0xd800 && code <= 0xdfff) {
      const low = code <= 0xdbff ? text.charCodeAt(index + 1) : NaN;
      if (low >= 0xdc00 && low <= 0xdfff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        index++;
        bytes[at++] = 0xf0 | (code >> 18);
        bytes[at++] = 0x80 | ((code >> 12) & 0x3f);
        bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
        bytes[at++] = 0x80 | (code & 0x3f);
        continue;
      }
      code = 0xfffd;
    }
    bytes[at++] = 0xe0 | (code >> 12);
    bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
    bytes[at++] = 0x80 | (code & 0x3f);
  }
  return bytes.slice(0, at);
}

/** Lowest value a sequence of n bytes may stand for: anything below is an overlong form. */
const LOWEST = [0, 0, 0x80, 0x800, 0x10000];

/** Malformed bytes become U+FFFD, one for each byte that starts no valid sequence. @throws TypeError where `fatal`. */
export function decodeUtf8(bytes: Uint8Array, fatal: boolean): string {
  const parts: string[] = [];
  let units: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at]!;
    const length = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
    let code = length === 1 ? first : first & (0x7f >> length);
    let isValid = length > 0 && at + length <= bytes.length;
    for (let next = 1; isValid && next < length; next++) {
      const byte = bytes[at + next]!;
      isValid = (byte & 0xc0) === 0x80;
      code = (code << 6) | (byte & 0x3f);
    }
    if (isValid && length > 1) isValid = code >= LOWEST[length]! && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    if (!isValid && fatal) throw new TypeError("the bytes are not valid UTF-8");
    if (!isValid) units.push(0xfffd);
    else if (code < 0x10000) units.push(code);
    else units.push(0xd7c0 + (code >> 10), 0xdc00 + (code & 0x3ff));
    at += isValid ? length : 1;
    if (units.length > 8000) {
      parts.push(String.fromCharCode(...units));
      units = [];
    }
  }
  parts.push(String.fromCharCode(...units));
  return parts.join("");
}

export class TextEncoder {
  get encoding(): string {
    return "utf-8";
  }
  encode(text: unknown = ""): Uint8Array {
    return encodeUtf8(String(text));
  }
}

export class TextDecoder {
  #fatal: boolean;
  #keepsMark: boolean;

  constructor(label: unknown = "utf-8", options: { fatal?: boolean; ignoreBOM?: boolean } = {}) {
    if (!/^utf-?8$/i.test(String(label).trim())) throw new RangeError(`this TextDecoder knows UTF-8 only, not ${String(label)}`);
    this.#fatal = options.fatal === true;
    this.#keepsMark = options.ignoreBOM === true;
  }
  get encoding(): string {
    return "utf-8";
  }
  decode(data: unknown = new Uint8Array(0)): string {
    const bytes = data instanceof ArrayBuffer ? new Uint8Array(data)
      : ArrayBuffer.isView(data) ? new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength)
      : undefined;
    if (!bytes) throw new TypeError("decode takes an ArrayBuffer or a typed array");
    const text = decodeUtf8(bytes, this.#fatal);
    return !this.#keepsMark && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function btoa(value: unknown): string {
  const text = String(value);
  const out: string[] = [];
  for (let at = 0; at < text.length; at += 3) {
    const [a, b, c] = [text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2)];
    if (a > 255 || b > 255 || c > 255) throw new RangeError("btoa takes characters up to U+00FF; encode the text first");
    const bits = (a << 16) | ((b || 0) << 8) | (c || 0);
    out.push(ALPHABET[bits >> 18]!, ALPHABET[(bits >> 12) & 63]!, Number.isNaN(b) ? "=" : ALPHABET[(bits >> 6) & 63]!, Number.isNaN(c) ? "=" : ALPHABET[bits & 63]!);
  }
  return out.join("");
}

export function atob(value: unknown): string {
  const text = String(value).replace(/[\t\n\f\r ]/g, "").replace(/={1,2}$/, (padding, at: number) => ((at + padding.length) % 4 === 0 ? "" : padding));
  if (/[^A-Za-z0-9+/]/.test(text) || text.length % 4 === 1) throw new RangeError("atob: this is not Base64");
  const out: string[] = [];
  let bits = 0;
  let count = 0;
  for (const letter of text) {
    bits = ((bits << 6) | ALPHABET.indexOf(letter)) & 0xffffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out.push(String.fromCharCode((bits >> count) & 255));
    }
  }
  return out.join("");
}
