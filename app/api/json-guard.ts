/**
 * What JSON may hold but PostgreSQL cannot: NUL, lone surrogates, and nesting that overflows whoever walks it. Refused once,
 * before any schema looks at the body. (Webhooks take such things: engine/alerts stores them safely.)
 */
import type { MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { isStorable } from "#app/server/storable.ts";

const MAX_DEPTH = 100;

export const jsonGuard: MiddlewareHandler = async (c, next) => {
  if (c.req.method !== "GET" && c.req.header("content-type")?.includes("json")) {
    const text = await c.req.text();
    const problem = text.trim() === "" ? undefined : problemOf(parse(text));
    if (problem) throw new HTTPException(422, { message: problem });
  }
  return next();
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HTTPException(400, { message: "the body is not JSON" });
  }
}

/** @returns what is wrong with it, in words */
export function problemOf(root: unknown): string | undefined {
  const stack: { value: unknown; depth: number }[] = [{ value: root, depth: 1 }];
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    const { value, depth } = entry;
    if (typeof value === "string" ? !isStorable(value) : typeof value === "number" && !Number.isFinite(value)) {
      return typeof value === "string" ? "text must not hold NUL characters or lone surrogates" : "a number is too large";
    }
    if (typeof value !== "object" || value === null) continue;
    if (depth > MAX_DEPTH) return `the body is nested more than ${MAX_DEPTH} levels deep`;
    for (const [key, inner] of Object.entries(value)) {
      if (!isStorable(key)) return "text must not hold NUL characters or lone surrogates";
      stack.push({ value: inner, depth: depth + 1 });
    }
  }
  return undefined;
}
