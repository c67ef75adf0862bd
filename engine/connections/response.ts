import { Failure, type HttpResponse } from "#sdk";
import type { Redactor } from "./redact.ts";

const EXCERPT = 500;
const MAX_RETRY_AFTER = 24 * 3600;

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** @param reads whether asking again is harmless, which decides what a 5xx means. @param host for messages. */
export function createResponse(answer: Answer, { reads, host, redactor, now }: { reads: boolean; host: string; redactor: Redactor; now: () => number }): HttpResponse {
  const { status, headers } = answer;
  const text = decode(answer.body, headers["content-type"]);
  const fail = (kind: ConstructorParameters<typeof Failure>[0], words: string): never => {
    const retryAfter = retryAfterOf(headers["retry-after"], now());
    const details = { status, ...(text === "" ? {} : { body: text.slice(0, EXCERPT) }) };
    throw redactor.failure(new Failure(kind, `${host} ${words} (${status})`, { details, ...(retryAfter === undefined ? {} : { retryAfter }) }));
  };
  const response: HttpResponse = {
    status,
    headers,
    text,
    json() {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return fail("rejected", "answered something that is not JSON");
      }
    },
    expectOk() {
      if (status >= 200 && status < 300) return response;
      if (status === 401 || status === 403) return fail("unauthorized", "refuses the credentials");
      if (status === 429) return fail("rate-limited", "asks to slow down");
      if (status === 408 || status === 425) return fail("unavailable", "did not take the request");
      if (status >= 500) return reads ? fail("unavailable", "has a problem of its own") : fail("ambiguous", "failed while it worked on the request");
      if (status >= 300 && status < 400) return fail("rejected", "says that the address has moved");
      return fail("rejected", "refused the request");
    },
  };
  return response;
}

/** Seconds, from either form of the header: a number of seconds or an HTTP date. */
export function retryAfterOf(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(Math.ceil(seconds), 0), MAX_RETRY_AFTER);
}

function decode(body: Buffer, contentType: string | undefined): string {
  const charset = /charset="?([\w-]+)/i.exec(contentType ?? "")?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return body.toString("utf8"); // a charset nobody knows
  }
}
