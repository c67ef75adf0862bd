/**
 * The egress gateway: every request and every socket of every step leaves here. How much may come back and how sure we are
 * that nothing happened are decided in this file, what may be reached in `reach.ts`; `exchange.ts` and `socket.ts` only move bytes.
 */
import { lookup as systemLookup } from "node:dns";
import http from "node:http";
import https from "node:https";
import { isIPv6, type LookupFunction, type Socket } from "node:net";
import { type Connect, type ConnectRequest, Failure, type Http, type HttpRequest, type HttpResponse } from "#sdk";
import { exchange, type ExchangeOutcome } from "./exchange.ts";
import { checkReach, guardLookup, type Reach } from "./reach.ts";
import type { Redactor } from "./redact.ts";
import { createResponse } from "./response.ts";
import { openSocket } from "./socket.ts";

const MAX_BYTES = 10 * 1024 * 1024;
const MAX_REDIRECTS = 5;
const DEFAULT_TIMEOUT_S = 30;
/** A write that has left waits this long for its receipt after a cancel (DESIGN 5.8). */
const WRITE_GRACE_MS = 5_000;
/** Set by the gateway; a caller's value could reach another virtual host or desynchronise the connection. */
const OWN_HEADERS = new Set(["host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect", "keep-alive", "proxy-connection"]);
/** What a redirect to another origin keeps: nothing that could be a credential. */
const HARMLESS_HEADERS = new Set(["accept", "accept-encoding", "accept-language", "content-type", "user-agent"]);

/** What one step (or health check) may do. */
export interface EgressRules extends Reach {
  /** Refuses everything but GET and HEAD, sockets too: for steps that declare the effect `read`. */
  readOnly?: boolean;
  signal: AbortSignal;
  redactor: Redactor;
  /** Seconds for one exchange where the request names none. Default 30. */
  timeout?: number;
  /** Called when bytes of a request may have left (a socket's method is CONNECT), and when its answer is in. Nothing here carries a path, a header or a body. */
  observe?(event: EgressEvent): void;
}

export type EgressEvent = { type: "sent"; method: string; host: string } | { type: "answered"; method: string; host: string; status: number; bytes: number; ms: number };

export interface Gateway {
  http(rules: EgressRules): Http;
  /** Sockets for protocols of their own. */
  connect(rules: EgressRules): Connect;
  close(): void;
}

export interface GatewayOptions {
  /** Resolves names; tests put in their own. */
  lookup?: LookupFunction;
  maxBytes?: number;
  now?: () => number;
}

export function createGateway({ lookup = systemLookup as LookupFunction, maxBytes = MAX_BYTES, now = Date.now }: GatewayOptions = {}): Gateway {
  const sockets = new Set<Socket>();
  // One pool per reach: a socket that a private-allowed step opened must never serve a public-only one.
  const pools = { public: createPool(), private: createPool() };

  return {
    http: (rules) => ({ request: (request) => send(request, rules) }),
    connect: (rules) => (request) => open(request, rules),
    close() {
      for (const socket of sockets) socket.destroy();
      for (const pool of Object.values(pools)) for (const agent of Object.values(pool)) agent.destroy();
    },
  };

  async function open({ host, port, timeout }: ConnectRequest, rules: EgressRules): Promise<Socket> {
    if (rules.readOnly) throw new Failure("invalid-input", "this step declares that it only reads, and what goes through a socket cannot be told");
    const hostname = host.toLowerCase();
    const place = `${isIPv6(hostname) ? `[${hostname}]` : hostname}:${port}`;
    checkReach(place, hostname, rules);
    const outcome = await openSocket({
      host: hostname, port,
      lookup: guardLookup(lookup, rules.allowPrivate),
      timeoutMs: (timeout ?? rules.timeout ?? DEFAULT_TIMEOUT_S) * 1000,
      signal: rules.signal,
      graceMs: WRITE_GRACE_MS,
    });
    if (outcome.kind === "lost") {
      throw rules.redactor.failure(outcome.cause instanceof Failure ? outcome.cause : new Failure("unavailable", `${place} cannot be reached: ${outcome.why}`, { cause: outcome.cause }));
    }
    const { socket } = outcome;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    rules.observe?.({ type: "sent", method: "CONNECT", host: place });
    return socket;
  }

  async function send(request: HttpRequest, rules: EgressRules): Promise<HttpResponse> {
    const method = request.method ?? "GET";
    const reads = method === "GET" || method === "HEAD";
    if (rules.readOnly && !reads) throw new Failure("invalid-input", `this step declares that it only reads, but wants to send a ${method} request`);
    let url = parseUrl(request.url);
    const body = reads ? undefined : bodyOf(request.body);
    let headers = headersOf(request, body);
    const timeoutMs = (request.timeout ?? rules.timeout ?? DEFAULT_TIMEOUT_S) * 1000;
    const deadline = now() + timeoutMs;

    for (let hop = 0; ; hop++) {
      // The URL parser has made 0x7f.1 and 2130706433 into 127.0.0.1.
      checkReach(url.host, url.hostname.replace(/^\[|\]$/g, ""), rules);
      const host = url.host;
      const started = now();
      const attempt = (fresh: boolean): Promise<ExchangeOutcome> => {
        const pool = rules.allowPrivate ? pools.private : pools.public;
        return exchange({
          url, method, headers, body, maxBytes,
          agent: url.protocol === "https:" ? (fresh ? pool.httpsOnce : pool.https) : fresh ? pool.httpOnce : pool.http,
          lookup: guardLookup(lookup, rules.allowPrivate),
          timeoutMs: Math.max(deadline - now(), 1),
          signal: rules.signal,
          graceMs: reads ? 0 : WRITE_GRACE_MS,
          onSent: () => rules.observe?.({ type: "sent", method, host }),
        });
      };
      // A write opens its own connection: on a kept-alive one that the server just closed, nobody could tell whether it arrived.
      let outcome = await attempt(!reads);
      if (reads && outcome.kind === "lost" && outcome.stale) outcome = await attempt(true);
      if (outcome.kind !== "answered") throw rules.redactor.failure(failureOf(outcome, { method, host, reads, maxBytes }));

      rules.observe?.({ type: "answered", method, host, status: outcome.status, bytes: outcome.body.length, ms: now() - started });
      const next = redirectOf(outcome, url, reads);
      if (!next) return createResponse(outcome, { reads, host, redactor: rules.redactor, now });
      if (hop === MAX_REDIRECTS) throw new Failure("rejected", `${host} redirects more than ${MAX_REDIRECTS} times`);
      if (url.protocol === "https:" && next.protocol !== "https:") throw new Failure("rejected", `${host} redirects to an unencrypted address`);
      if (next.origin !== url.origin) headers = Object.fromEntries(Object.entries(headers).filter(([name]) => HARMLESS_HEADERS.has(name)));
      url = next;
    }
  }
}

const createPool = () => ({
  http: new http.Agent({ keepAlive: true, maxSockets: 64, maxFreeSockets: 16 }),
  https: new https.Agent({ keepAlive: true, maxSockets: 64, maxFreeSockets: 16 }),
  httpOnce: new http.Agent({ keepAlive: false }),
  httpsOnce: new https.Agent({ keepAlive: false }),
});

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:")) throw new Failure("invalid-input", "the address is not an http or https URL");
  if (url.username !== "" || url.password !== "") throw new Failure("invalid-input", "the address carries a user name or password; use a header");
  return url;
}

function bodyOf(body: unknown): Buffer | undefined {
  if (body === undefined) return undefined;
  if (typeof body === "string") return Buffer.from(body);
  return body instanceof Uint8Array ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
}

function headersOf(request: HttpRequest, body: Buffer | undefined): Record<string, string> {
  const headers: Record<string, string> = { accept: "*/*", "accept-encoding": "gzip, deflate, br", "user-agent": "Playgraph" };
  if (body !== undefined) headers["content-type"] = typeof request.body === "string" ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
  for (const [given, value] of Object.entries(request.headers ?? {})) {
    const name = given.toLowerCase();
    if (OWN_HEADERS.has(name)) throw new Failure("invalid-input", `the header ${name} is set by Playgraph`);
    try {
      http.validateHeaderName(name);
      http.validateHeaderValue(name, value);
    } catch {
      throw new Failure("invalid-input", `the header ${JSON.stringify(given)} is not a valid HTTP header`);
    }
    headers[name] = value;
  }
  if (body !== undefined) headers["content-length"] = String(body.length);
  return headers;
}

/**
 * Reads follow every redirect. A write follows only 307 and 308, which say "not done here": after a 301, 302 or 303 browsers
 * would ask again with GET and lose the body, so the answer goes to the caller as it is.
 */
function redirectOf({ status, headers }: { status: number; headers: Record<string, string> }, from: URL, reads: boolean): URL | null {
  const follows = status === 307 || status === 308 || (reads && (status === 301 || status === 302 || status === 303));
  const location = headers["location"];
  return follows && location !== undefined ? URL.parse(location, from.href) : null;
}

function failureOf(outcome: Exclude<ExchangeOutcome, { kind: "answered" }>, { method, host, reads, maxBytes }: { method: string; host: string; reads: boolean; maxBytes: number }): Failure {
  if (outcome.kind === "too-large") {
    const words = `the answer of ${host} is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB`;
    return reads ? new Failure("rejected", words) : new Failure("ambiguous", `${words}; it answered ${outcome.status}`, { details: { status: outcome.status } });
  }
  if (outcome.cause instanceof Failure) return outcome.cause;
  if (!outcome.sent) return new Failure("unavailable", `${host} cannot be reached: ${outcome.why}`, { cause: outcome.cause });
  if (reads) return new Failure("unavailable", `${host} gave no usable answer: ${outcome.why}`, { cause: outcome.cause });
  return new Failure("ambiguous", `${method} ${host} was sent, but its answer was lost: ${outcome.why}`, { cause: outcome.cause });
}
