/** One call inside the isolate, and the globals that carry its identity. */
import { OWN_GLOBAL } from "../../globals.ts";
import type { Bridge, Limits, PostKind } from "./bridge.ts";
import { consoleOf } from "./console.ts";
import { cryptoOf } from "./crypto.ts";
import { fetchOf } from "./fetch.ts";
import { timersOf } from "./timers.ts";

export interface Waiting {
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

export class Call {
  readonly id: number;
  readonly startedAt = Date.now();
  readonly timers = new Map<number, { run: () => void; repeatMs: number | null }>();
  readonly requests = new Map<number, Waiting>();
  readonly limits: Limits;
  readonly bridge: Bridge;
  #posts = 0;
  #nextId = 1;
  #logLines = 0;
  #logLength = 0;

  constructor(id: number, bridge: Bridge, limits: Limits) {
    this.id = id;
    this.bridge = bridge;
    this.limits = limits;
  }

  /** @throws RangeError beyond the limit of one call. */
  post(kind: PostKind, ...rest: (string | number | ArrayBuffer | undefined)[]): void {
    if (++this.#posts > this.limits.posts) throw new RangeError(`more than ${this.limits.posts} timers, requests and log lines in one call`);
    this.bridge.post(this.id, kind, ...rest);
  }

  log(level: string, text: string): void {
    if (this.#logLines > this.limits.logLines) return;
    const room = this.limits.logLength - this.#logLength;
    const isFull = this.#logLines === this.limits.logLines || room <= 0;
    this.#logLines = isFull ? this.limits.logLines + 1 : this.#logLines + 1;
    this.#logLength += text.length;
    this.post("log", level, isFull ? "… more lines were dropped" : text.length > room ? `${text.slice(0, room)}…` : text);
  }

  nextId(): number {
    if (this.timers.size + this.requests.size >= this.limits.open) throw new RangeError(`more than ${this.limits.open} timers and requests at once`);
    return this.#nextId++;
  }

  /** A request to the child, settled by its answer. */
  ask(kind: "fetch" | "digest", ...rest: (string | ArrayBuffer | undefined)[]): Promise<unknown> {
    const id = this.nextId();
    this.post(kind, id, ...rest);
    return new Promise((resolve, reject) => this.requests.set(id, { resolve, reject }));
  }
}

/** Everything of CALL_GLOBALS plus the call's own `globalThis`. */
export function globalsOf(call: Call): object {
  const named = { console: consoleOf(call), fetch: fetchOf(call), crypto: cryptoOf(call), ...timersOf(call) };
  // Inherits from the frozen global object, so that `globalThis.x = 1` works and ends with the call.
  const own: object = Object.assign(Object.create(globalThis) as object, named);
  return { ...named, [OWN_GLOBAL]: own };
}
