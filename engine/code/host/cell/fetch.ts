/** `fetch` with Node's own Request and Response, answered by the egress gateway as in the isolate. */
import type { Call } from "../runtime/call.ts";
import type { ToThread } from "./bridge.ts";

type Answer = Extract<ToThread, { t: "respond" }>;

/** Statuses that have no body; Response insists. */
const EMPTY = new Set([101, 204, 205, 304]);

export function fetchOf(call: Call): typeof fetch {
  return async function fetch(input, init) {
    const request = new Request(input, init);
    const text = request.body === null ? undefined : utf8(await request.arrayBuffer());
    const headers = JSON.stringify(Object.fromEntries(request.headers));
    const answered = call.ask("fetch", request.url, request.method, headers, text) as Promise<Answer>;
    const answer = await Promise.race([answered, aborted(request.signal)]);
    const response = new Response(EMPTY.has(answer.status) ? null : answer.body, { status: answer.status, headers: answer.headers });
    return Object.defineProperty(response, "url", { value: answer.url });
  };
}

/** The gateway takes text. @throws TypeError */
function utf8(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new TypeError("fetch: a body is text (UTF-8), not bytes");
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    else signal.addEventListener("abort", () => { reject(signal.reason as Error); }, { once: true });
  });
}
