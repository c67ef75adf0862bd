/** A child process that is replaced when it dies, and the calls that wait for it or are in it. */
import { isolateScript } from "../profile.ts";
import type { Bundle } from "../types.ts";
import { closing, faulty, killed, valueOf } from "./results.ts";
import { type Death, HostProcess, type ProcessOptions } from "./process.ts";
import type { PendingCall } from "./pending.ts";
import type { FromHost } from "./protocol.ts";
import { Relay } from "./relay.ts";

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
  #relay: Relay | undefined;
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
    this.#relay = new Relay((message, body) => { started.send(message, body); }, (call) => this.#process === started && this.#inside.get(call.id) === call);
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
    this.#process!.send({ t: "load", key }, isolateScript(bundle));
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
    if (!call || message.t === "log") return this.#relay!.stray();
    if (message.t === "fetch") return this.#relay!.fetch(call, message, body);
    this.#leave(call);
    if (message.t === "wedged") {
      call.settle(faulty(call, { reason: "timeout", message: `still running after ${call.call.timeoutMs} ms, and could not be interrupted` }, []));
      this.#process?.kill({ cause: "wedged", detail: "another call could not be interrupted" });
      return;
    }
    call.settle(message.t === "value" ? valueOf(call, body, message.logs) : faulty(call, message.fault, message.logs));
    this.#feed();
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
