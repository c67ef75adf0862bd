/** One process of the Node profile: it runs one call and ends with it, so that nothing can be left behind. */
import type { PendingCall } from "./pending.ts";
import { type Death, HostProcess } from "./process.ts";
import type { Program } from "./programs.ts";
import { type FromHost, WEDGED_MS } from "./protocol.ts";
import { Relay } from "./relay.ts";
import { blame, faulty, valueOf } from "./results.ts";

export interface CellOptions {
  program: Program;
  /** What the call may use; the process itself takes some 60 MB more. */
  memoryMb: number;
  uid: number | null;
}

/** Above what the cell itself allows (child/…): there the line is known, here is the wall. */
const RSS_MARGIN_MB = 384;

export class Cell {
  readonly #process: HostProcess;
  readonly #relay: Relay;
  readonly #memoryMb: number;
  readonly #onEnd: (call: PendingCall | undefined, death: Death | undefined) => void;
  #call: PendingCall | undefined;
  #script = "";
  #isReady = false;
  #isEnding = false;
  #clock: NodeJS.Timeout | undefined;

  /** @param onEnd once; the death is absent where the call had ended, or nobody wants the cell any more. */
  constructor({ program, memoryMb, uid }: CellOptions, onEnd: (call: PendingCall | undefined, death: Death | undefined) => void) {
    this.#memoryMb = memoryMb;
    this.#onEnd = onEnd;
    this.#process = new HostProcess({ program, rssMb: memoryMb + RSS_MARGIN_MB, uid }, {
      onMessage: (message, body) => { this.#receive(message, body); },
      onDeath: (death) => { this.#died(death); },
    });
    this.#relay = new Relay((message, body) => { this.#process.send(message, body); }, (call) => !call.isSettled && !this.#isEnding);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get exited(): Promise<void> {
    return this.#process.exited;
  }

  /** Once. */
  give(call: PendingCall, script: string): void {
    this.#call = call;
    this.#script = script;
    if (this.#isReady) this.#begin(call);
  }

  end(): void {
    this.#isEnding = true;
    this.#process.kill({ cause: "exit", detail: "ended" });
  }

  #begin(call: PendingCall): void {
    const { entry, timeoutMs, fetch } = call.call;
    this.#process.send({ t: "load", key: call.key }, this.#script);
    this.#process.send({ t: "call", id: call.id, key: call.key, entry, timeoutMs, canFetch: fetch !== undefined }, call.scope);
    // The cell ends it first and knows the line, unless its own first thread is in the author's hands.
    this.#clock = setTimeout(() => { this.#settle((each) => faulty(each, { reason: "timeout", message: `still running after ${timeoutMs} ms, and could not be interrupted` }, each.logs)); }, timeoutMs + WEDGED_MS);
  }

  #receive(message: FromHost, body: string): void {
    if (message.t === "ready") {
      this.#isReady = true;
      if (this.#call) this.#begin(this.#call);
      return;
    }
    const call = this.#call;
    if (message.t === "pong" || message.t === "fatal" || message.t === "wedged") return this.#relay.stray();
    if (!call || message.id !== call.id) return this.#relay.stray();
    switch (message.t) {
      case "log": return this.#relay.log(call, message);
      case "fetch": return this.#relay.fetch(call, message, body);
      case "value": return this.#settle(() => valueOf(call, body, call.logs));
      case "fault": return this.#settle(() => faulty(call, message.fault, call.logs));
      default: message satisfies never;
    }
  }

  #settle(result: (call: PendingCall) => Parameters<PendingCall["settle"]>[0]): void {
    if (this.#call) this.#call.settle(result(this.#call));
    this.end();
  }

  #died(death: Death): void {
    clearTimeout(this.#clock);
    const call = this.#call;
    // A call that it never got can go to another.
    if (call && !this.#isEnding && death.cause !== "start") call.settle(blame(call, death, this.#memoryMb));
    this.#onEnd(call, this.#isEnding ? undefined : death);
  }
}
