/** From values of any type to text that PostgreSQL stores: the documented answer to wrong types and sizes (R52). */
import type { Json } from "#sdk";
import type { Read } from "#sdk/source.ts";

/** Most characters per column; what is cut stays whole in the raw payload. */
export const LIMITS = {
  title: 500,
  description: 16_000,
  source: 60,
  source_id: 500,
  rule_id: 255,
  rule_name: 500,
  hostname: 255,
  username: 255,
  partner: 200,
  tag: 200,
  tags: 100,
  techniques: 100,
} as const;

const UNSTORABLE = /\0/g;

/** NUL and lone surrogates become U+FFFD, since neither text nor jsonb can hold them. */
export const storable = (text: string): string => (text.includes("\0") ? text.replace(UNSTORABLE, "\uFFFD") : text).toWellFormed();

/** Cut to at most `limit` UTF-16 units, never inside a surrogate pair; the ellipsis says that there was more. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = limit - 1;
  const splitsPair = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
  return `${text.slice(0, splitsPair ? end - 1 : end)}…`;
}

/**
 * A value as one line of text or paragraph: text is trimmed, finite numbers and booleans are written out, a list gives its
 * first such entry (Kibana's `fields` wraps every value in a list). Objects, empty text and non-finite numbers give nothing.
 */
export function toText(value: Json | undefined, limit: number): string | null {
  const single = Array.isArray(value) ? value.find((entry) => !Array.isArray(entry) && toText(entry, limit) !== null) : value;
  if (typeof single === "number") return Number.isFinite(single) ? String(single) : null;
  if (typeof single === "boolean") return String(single);
  if (typeof single !== "string") return null;
  // No field is longer than 16 000 characters: looking at more would only cost time.
  const text = storable(single.slice(0, limit * 2)).trim();
  return text === "" ? null : cut(text, limit);
}

/** The first path that holds text; an object in the way (ECS `source` and `user` are objects) is passed over, not turned into JSON. */
export function readText(read: Read, limit: number, paths: readonly string[]): string | null {
  for (const path of paths) {
    const text = toText(read(path), limit);
    if (text !== null) return text;
  }
  return null;
}

/** A list of texts from a list, from one text (split at commas), or from a number. Without repeats, in the order given. */
export function toList(value: Json | undefined, limit: number, most: number): string[] {
  const entries = typeof value === "string" ? value.slice(0, limit * most).split(",") : Array.isArray(value) ? value : value === undefined ? [] : [value];
  const list = new Set<string>();
  for (const entry of entries) {
    if (list.size >= most) break;
    const text = Array.isArray(entry) ? null : toText(entry, limit);
    if (text !== null) list.add(text);
  }
  return [...list];
}
