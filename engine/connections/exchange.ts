/** One HTTP request and its answer on one socket: no redirects, no rules, and a precise word for what went wrong. */
import http from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import { pipeline } from "node:stream/promises";
import zlib from "node:zlib";
import { Cut, wordsFor } from "./network-error.ts";

export interface ExchangeRequest {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: Buffer | undefined;
  agent: http.Agent;
  lookup: LookupFunction;
  /** Milliseconds for the whole exchange. */
  timeoutMs: number;
  /** Longest body in bytes, after decompression. */
  maxBytes: number;
  signal: AbortSignal;
  /** Milliseconds that a request which has left may still wait for its answer after an abort; 0 cuts at once. */
  graceMs: number;
  onSent(): void;
}

/**
 * `sent` is false only when certainly no byte of the request has left.
 * `stale`: a kept-alive connection was reset before any answer, most likely because the other side had just closed it.
 */
export type ExchangeOutcome =
  | { kind: "answered"; status: number; headers: Record<string, string>; body: Buffer }
  | { kind: "too-large"; status: number; headers: Record<string, string> }
  | { kind: "lost"; sent: boolean; stale: boolean; why: string; cause: unknown };

class TooLarge extends Error {}

export function exchange(request: ExchangeRequest): Promise<ExchangeOutcome> {
  const { url, method, headers, body, agent, lookup, signal } = request;
  return new Promise((resolve) => {
    let sent = false;
    let answering = false;
    const timers: NodeJS.Timeout[] = [];
    const secure = url.protocol === "https:";
    const outgoing = (secure ? https : http).request(url, { method, headers, agent, lookup });

    const cut = (why: string): void => void outgoing.destroy(new Cut(why));
    const onAbort = (): void => {
      if (!sent || request.graceMs === 0) return cut("the step was stopped");
      timers.push(setTimeout(cut, request.graceMs, "the step was stopped and no answer came in time"));
    };
    const settle = (outcome: ExchangeOutcome): void => {
      timers.forEach(clearTimeout);
      signal.removeEventListener("abort", onAbort);
      resolve(outcome);
    };
    const lose = (cause: unknown): void => {
      const stale = outgoing.reusedSocket && !answering && !(cause instanceof Cut);
      settle({ kind: "lost", sent, stale, why: wordsFor(cause), cause });
    };
    const leave = (): void => {
      sent = true;
      request.onSent();
    };

    timers.push(setTimeout(cut, request.timeoutMs, `no answer within ${request.timeoutMs / 1000} s`));
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });

    outgoing.on("socket", (socket) => {
      // Bytes can leave as soon as the connection stands, not before.
      if (outgoing.reusedSocket) leave();
      else socket.once(secure ? "secureConnect" : "connect", leave);
    });
    outgoing.on("error", lose);
    outgoing.on("response", (response) => {
      answering = true;
      const answer = { status: response.statusCode ?? 0, headers: flatten(response.headers) };
      const decoder = method === "HEAD" || answer.status === 204 || answer.status === 304 ? undefined : decoderFor(answer.headers["content-encoding"]);
      const chunks: Buffer[] = [];
      const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
        let size = 0;
        for await (const chunk of source) {
          size += chunk.length;
          if (size > request.maxBytes) throw new TooLarge();
          chunks.push(chunk);
        }
      };
      (decoder ? pipeline(response, decoder, collect) : pipeline(response, collect)).then(
        () => settle({ kind: "answered", ...answer, body: Buffer.concat(chunks) }),
        (error: unknown) => {
          outgoing.destroy();
          if (error instanceof TooLarge) settle({ kind: "too-large", ...answer });
          else lose(outgoing.errored ?? error);
        },
      );
    });
    outgoing.end(body);
  });
}

/** SYNC_FLUSH accepts streams without a proper end, as browsers do: a truncated answer is caught by its length. */
function decoderFor(encoding: string | undefined) {
  switch (encoding?.toLowerCase()) {
    case "gzip": case "x-gzip": case "deflate": return zlib.createUnzip({ finishFlush: zlib.constants.Z_SYNC_FLUSH });
    case "br": return zlib.createBrotliDecompress();
    default: return undefined;
  }
}

const flatten = (headers: http.IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]])));
