/** Passes on what calls in a child ask of the world, and what they say; holds the limits that the child should have held. */
import { FrameError } from "./frames.ts";
import type { PendingCall } from "./pending.ts";
import { type FromHost, MAX_OPEN_BODIES, MAX_SCOPE, MAX_STRAYS, RUNTIME_LIMITS, type ToHost } from "./protocol.ts";

const STRAYS_MS = 60_000;

export class Relay {
  readonly #send: (message: ToHost, body?: string) => void;
  readonly #isInside: (call: PendingCall) => boolean;
  #strays = 0;
  #countedSince = performance.now();

  /** @param isInside whether the call is still in the process this relay belongs to. */
  constructor(send: (message: ToHost, body?: string) => void, isInside: (call: PendingCall) => boolean) {
    this.#send = send;
    this.#isInside = isInside;
  }

  /** Something to no avail: it happens where a call has just been aborted. @throws FrameError where it happens all the time. */
  stray(): void {
    if (performance.now() - this.#countedSince > STRAYS_MS) {
      this.#strays = 0;
      this.#countedSince = performance.now();
    }
    if (++this.#strays > MAX_STRAYS) throw new FrameError(`more than ${MAX_STRAYS} messages to no avail`);
  }

  /** @throws FrameError */
  log(call: PendingCall, { level, text }: Extract<FromHost, { t: "log" }>): void {
    const most = RUNTIME_LIMITS.logLines;
    if (call.logs.length > most || call.logLength > RUNTIME_LIMITS.logLength) return this.stray();
    call.logLength += text.length;
    const isFull = call.logs.length === most || call.logLength > RUNTIME_LIMITS.logLength;
    call.logs.push({ level, text: isFull ? "… more lines were dropped" : text });
  }

  /** @throws FrameError beyond what a well-behaved child lets through. */
  fetch(call: PendingCall, message: Extract<FromHost, { t: "fetch" }>, body: string): void {
    if (call.openRequests >= RUNTIME_LIMITS.open || ++call.requests > RUNTIME_LIMITS.posts) throw new FrameError("more requests than a call may make");
    void this.#fetch(call, message, body);
  }

  async #fetch(call: PendingCall, { id, request, url, method, headers, hasBody }: Extract<FromHost, { t: "fetch" }>, body: string): Promise<void> {
    const answer = (message: ToHost, text?: string): void => {
      if (this.#isInside(call)) this.#send(message, text);
    };
    call.openRequests++;
    call.openBodies += body.length;
    try {
      if (!call.call.fetch) throw new Error("it is not allowed here: the node declares no effect");
      if (call.openBodies > MAX_OPEN_BODIES) throw new Error(`the requests under way carry more than ${MAX_OPEN_BODIES / 1024 / 1024} MB`);
      call.hasFetched = true;
      const response = await call.call.fetch({ url, method, headers, ...(hasBody ? { body } : {}) });
      if (Buffer.byteLength(response.body) > MAX_SCOPE) throw new Error(`the answer is larger than ${MAX_SCOPE / 1024 / 1024} MB`);
      answer({ t: "respond", id, request, status: response.status, url, headers: response.headers }, response.body);
    } catch (error) {
      answer({ t: "refuse", id, request, message: `fetch failed: ${(error as Error).message}` });
    } finally {
      call.openRequests--;
      call.openBodies -= body.length;
    }
  }
}
