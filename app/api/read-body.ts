/** Bodies as the outside sends them to callbacks and webhooks: JSON, forms, text, and never more than a megabyte. */
import type { Context } from "hono";
import { isStorable } from "#app/server/storable.ts";
import type { Json } from "#sdk";
import { problemOf } from "./json-guard.ts";

const MAX_BYTES = 1024 * 1024;

export type ReadBody = { ok: true; body: Json } | { ok: false; status: 400 | 413 | 415 | 422; detail: string };

const TOO_LARGE: ReadBody = { ok: false, status: 413, detail: "The body is larger than 1 MB" };

/** @param forms whether a form becomes an object of its fields; else it is text. @param c of any router */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any router's context will do
export async function readBody(c: Context<any>, { forms = false }: { forms?: boolean } = {}): Promise<ReadBody> {
  if (Number(c.req.header("content-length") ?? 0) > MAX_BYTES) return TOO_LARGE;
  const raw = Buffer.from(await c.req.arrayBuffer());
  if (raw.length > MAX_BYTES) return TOO_LARGE;
  return parseBody(raw.toString("utf8"), c.req.header("content-type") ?? "", forms);
}

/** A body that was not read to its end leaves the connection in the middle of it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any router's context will do
export const refuseBody = (c: Context<any>, { status, detail }: Extract<ReadBody, { ok: false }>): Response => c.json({ detail }, status, status === 413 ? { Connection: "close" } : {});

/** What says that it is JSON has to be; an object or a list is JSON whatever it says (a form's type is what curl sends); anything else is text. */
function parseBody(text: string, contentType: string, forms: boolean): ReadBody {
  if (text === "") return { ok: true, body: null };
  const parsed = parse(text);
  const saysJson = /[/+]json\b/i.test(contentType);
  if (saysJson && parsed === undefined) return { ok: false, status: 400, detail: "The body says that it is JSON, and is not" };
  if (saysJson || (typeof parsed === "object" && parsed !== null)) return storable(parsed as Json);
  if (forms && /^multipart\//i.test(contentType)) return { ok: false, status: 415, detail: "Send JSON, text or application/x-www-form-urlencoded" };
  return storable(forms && /^application\/x-www-form-urlencoded\b/i.test(contentType) ? fieldsOf(text) : text);
}

function storable(body: Json): ReadBody {
  if (typeof body === "string") return isStorable(body) ? { ok: true, body } : { ok: false, status: 422, detail: "text must not hold NUL characters" };
  const problem = problemOf(body);
  return problem === undefined ? { ok: true, body } : { ok: false, status: 422, detail: problem };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A field that comes several times is a list. */
function fieldsOf(text: string): Json {
  const fields = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]);
  }
  return Object.fromEntries(fields);
}
