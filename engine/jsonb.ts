/**
 * JSON text that jsonb accepts: PostgreSQL refuses NUL and lone surrogates, which JSON allows; both become U+FFFD.
 * The two checks run on the escaped text, where such characters can only be \uXXXX.
 */
export function jsonbText(value: unknown): string {
  const text = JSON.stringify(value) ?? "null";
  return text.includes("\\u") ? text.replace(ESCAPE, (whole, slashes: string, code: string) => (REFUSED.test(code) ? `${slashes}\\ufffd` : whole)) : text;
}

/** An odd number of backslashes before the u: the escape is real. JSON.stringify escapes lone surrogates and nothing of a pair. */
const ESCAPE = /(?<!\\)((?:\\\\)*)\\u([0-9a-f]{4})/g;
const REFUSED = /^(?:0000|d[89a-f])/;
