/** A child process that is replaced when it dies, and the calls that wait for it or are in it. */
import type { Bundle, CodeResult } from "../types.ts";
import { placeFailure } from "./place-failure.ts";
import { type Death, HostProcess, type ProcessOptions } from "./process.ts";
import { type FromHost, MAX_SCOPE } from "./protocol.ts";
import type { PendingCall } from "./pending.ts";

export interface SlotOptions extends ProcessOptions {
  /** Calls in the process at once; the rest wait here. */
  width: number;
  /** Whether a process is kept ready while there is nothing to do. */
  isEager: boolean;
  /** Decides about the calls that were in the process when it died. */
  onLost(calls: PendingCall[], death: Death, slot: Slot): void;
}

/** A process that cannot even start is not tried for ever. */
const MAX_FAILED_STARTS = 3;
const MAX_BUNDLES = 300;

export class Slot {
  readonly #options: SlotOptions;
  #process: HostProcess | undefined;
  #isReady = false;
  #failedStarts = 0;
  #isClosed = false;
  readonly #waiting = new Set<PendingCall>();
  readonly #inside = new Map<number, PendingCall>();
  /** Bundle key → calls of it in the process; in the order of last use. */
  readonly #loaded = new Map<string, number>();

  constructor(options: SlotOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get isEmpty(): boolean {
    return this.#waiting.size + this.#inside.size === 0;
  }

  /** Ahead of the first call: a process takes 150 ms to be ready. */
  start(): void {
    if (this.#process || this.#isClosed) return;
    this.#isReady = false;
    const started = new HostProcess(this.#options, {
      onMessage: (message, body) => { this.#receive(message, body); },
      onDeath: (death) => { this.#lost(started, death); },
    });
    this.#process = started;
  }

  add(call: PendingCall): void {
    if (this.#isClosed) return call.settle(closing);
    this.#waiting.add(call);
    this.start();
    this.#feed();
  }

  remove(call: PendingCall): void {
    if (this.#waiting.delete(call) || !this.#inside.has(call.id)) return;
    this.#process?.send({ t: "abort", id: call.id });
    this.#leave(call);
    this.#feed();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const call of [...this.#waiting, ...this.#inside.values()]) call.settle(closing);
    this.#waiting.clear();
    this.#inside.clear();
    const process = this.#process;
    this.#process = undefined;
    process?.kill({ cause: "exit", detail: "closed" });
    await process?.exited;
  }

  #feed(): void {
    if (!this.#isReady) return;
    for (const call of this.#waiting) {
      if (this.#inside.size >= this.#options.width) return;
      this.#waiting.delete(call);
      this.#enter(call);
    }
  }

  #enter(call: PendingCall): void {
    const process = this.#process!;
    const { bundle, entry, timeoutMs, fetch } = call.call;
    const users = this.#loaded.get(call.key);
    if (users === undefined) this.#load(call.key, bundle);
    // Deleting first moves the key to the end: the map's order is that of last use.
    this.#loaded.delete(call.key);
    this.#loaded.set(call.key, (users ?? 0) + 1);
    this.#inside.set(call.id, call);
    process.send({ t: "call", id: call.id, key: call.key, entry, timeoutMs, canFetch: fetch !== undefined }, call.scope);
  }

  #load(key: string, bundle: Bundle): void {
    for (const [old, users] of this.#loaded) {
      if (this.#loaded.size < MAX_BUNDLES) break;
      if (users > 0) continue;
      this.#loaded.delete(old);
      this.#process!.send({ t: "unload", key: old });
    }
    this.#process!.send({ t: "load", key }, bundle.code);
  }

  #leave(call: PendingCall): void {
    this.#inside.delete(call.id);
    const users = this.#loaded.get(call.key);
    if (users !== undefined) this.#loaded.set(call.key, users - 1);
  }

  #receive(message: FromHost, body: string): void {
    if (message.t === "ready") {
      this.#isReady = true;
      this.#failedStarts = 0;
      this.#feed();
      return;
    }
    if (message.t === "pong" || message.t === "fatal") return;
    // Unknown where it was aborted in the meantime.
    const call = this.#inside.get(message.id);
    if (!call) return;
    if (message.t === "fetch") {
      void this.#fetch(call, message, body);
      return;
    }
    this.#leave(call);
    if (message.t === "wedged") {
      call.settle({ ok: false, failure: placeFailure({ reason: "timeout", message: `still running after ${call.call.timeoutMs} ms, and could not be interrupted` }, call.call.bundle, call.call.entry), logs: [] });
      this.#process?.kill({ cause: "wedged", detail: "another call could not be interrupted" });
      return;
    }
    call.settle(message.t === "value" ? readValue(body, message.logs) : { ok: false, failure: placeFailure(message.fault, call.call.bundle, call.call.entry), logs: message.logs });
    this.#feed();
  }

  async #fetch(call: PendingCall, message: Extract<FromHost, { t: "fetch" }>, body: string): Promise<void> {
    const { id, request, url, method, headers, hasBody } = message;
    const process = this.#process;
    const answer = (send: (to: HostProcess) => void): void => {
      if (process && this.#process === process && this.#inside.get(id) === call) send(process);
    };
    call.hasFetched = true;
    try {
      if (!call.call.fetch) throw new Error("fetch is not allowed here");
      const response = await call.call.fetch({ url, method, headers, ...(hasBody ? { body } : {}) });
      if (Buffer.byteLength(response.body) > MAX_SCOPE) throw new Error(`the answer is larger than ${MAX_SCOPE / 1024 / 1024} MB`);
      answer((to) => { to.send({ t: "respond", id, request, status: response.status, url, headers: response.headers }, response.body); });
    } catch (error) {
      answer((to) => { to.send({ t: "refuse", id, request, message: `fetch failed: ${(error as Error).message}` }); });
    }
  }

  #lost(process: HostProcess, death: Death): void {
    if (this.#process !== process) return;
    this.#process = undefined;
    this.#isReady = false;
    const inside = [...this.#inside.values()];
    this.#inside.clear();
    this.#loaded.clear();
    if (death.cause === "start" && ++this.#failedStarts >= MAX_FAILED_STARTS) {
      this.#failedStarts = 0;
      for (const call of this.#waiting) call.settle(killed(`the code host does not start: ${death.detail}`));
      this.#waiting.clear();
    }
    this.#options.onLost(inside, death, this);
    // At once, so that the next call finds it warm; a process that does not start waits for somebody to need it.
    if (this.#waiting.size > 0 || (this.#options.isEager && death.cause !== "start")) this.start();
  }
}

export const killed = (message: string): CodeResult => ({ ok: false, failure: { reason: "killed", message }, logs: [] });

const closing = killed("the code host is closing");

function readValue(body: string, logs: CodeResult["logs"]): CodeResult {
  try {
    return { ok: true, value: JSON.parse(body), logs };
  } catch {
    return { ok: false, failure: { reason: "not-json", message: "the result is not JSON" }, logs };
  }
}
