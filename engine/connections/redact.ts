import { Failure, type Json } from "#sdk";

/** Replaces secrets wherever they show up: plain, JSON-escaped, URL-encoded, and base64 at any alignment (Basic auth). */
export interface Redactor {
  text(text: string): string;
  /** Keys and values, at any depth. */
  json<T extends Json | undefined>(value: T): T;
  failure(failure: Failure): Failure;
}

export const MASK = "•••";

/** Shorter strings occur by chance everywhere: masking them would make a trace unreadable and protect nothing. */
const MIN_LENGTH = 4;

export const noRedaction: Redactor = { text: (text) => text, json: (value) => value, failure: (failure) => failure };

export function createRedactor(secrets: Iterable<string>): Redactor {
  const forms = new Set<string>();
  for (const secret of secrets) if (secret.length >= MIN_LENGTH) for (const form of formsOf(secret)) forms.add(form);
  if (forms.size === 0) return noRedaction;
  // Longest first, so that no form leaves the tail of a longer one behind.
  const pattern = new RegExp([...forms].sort((a, b) => b.length - a.length).map(escapeRegExp).join("|"), "g");
  const text = (value: string): string => value.replace(pattern, MASK);
  const json = (value: Json): Json => {
    if (typeof value === "string") return text(value);
    if (Array.isArray(value)) return value.map(json);
    if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([key, item]) => [text(key), json(item)]));
    return value;
  };
  return {
    text,
    json: <T extends Json | undefined>(value: T): T => (value === undefined ? value : (json(value) as T)),
    failure: (failure) =>
      // The cause stays out: its message and stack are not ours to clean.
      new Failure(failure.kind, text(failure.message), {
        ...(failure.retryAfter === undefined ? {} : { retryAfter: failure.retryAfter }),
        ...(failure.details === undefined ? {} : { details: json(failure.details as Json) as Record<string, unknown> }),
      }),
  };
}

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

function* formsOf(secret: string): Iterable<string> {
  yield secret;
  yield JSON.stringify(secret).slice(1, -1);
  if (secret.isWellFormed()) {
    yield encodeURIComponent(secret);
    yield new URLSearchParams([["", secret]]).toString().slice(1);
  }
  const bytes = Buffer.from(secret);
  for (let before = 0; before < 3; before++) {
    // The first and last characters also encode neighbours of the secret; what lies between them is the secret's alone.
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64").replace(/=+$/, "");
    const first = before === 0 ? 0 : before + 1;
    const last = Math.floor(((before + bytes.length) * 8) / 6);
    const inner = encoded.slice(first, last);
    if (inner.length < MIN_LENGTH) continue;
    yield inner;
    yield inner.replaceAll("+", "-").replaceAll("/", "_");
  }
}
