/** A warm isolate and the calls that are in it. */
import { STUCK_MS, WEDGED_MS } from "../protocol.ts";
import type { Control } from "../runtime/bridge.ts";
import type { Ran, Sandbox } from "./sandbox.ts";
import type { Work } from "./work.ts";

export class Place {
  readonly sandbox: Sandbox;
  /** Started or queued in the isolate, or waiting there for a timer, a request or a promise. */
  readonly members = new Set<Work>();
  /** What the isolate has been given, in the order in which it will run it. */
  readonly #given: { work: Work; isStart: boolean; timeoutMs: number }[] = [];
  #headSince = 0;
  lastUsed = 0;

  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
  }

  async run<K extends Exclude<keyof Control, "load">>(work: Work, method: K, parts: unknown[], timeoutMs: number): Promise<Ran> {
    const turn = { work, isStart: method === "start", timeoutMs };
    if (this.#given.length === 0) this.#headSince = performance.now();
    this.#given.push(turn);
    const ran = await this.sandbox.run(method, parts, timeoutMs);
    this.#given.splice(this.#given.indexOf(turn), 1);
    this.#headSince = performance.now();
    return ran;
  }

  /** Which call the isolate is busy with. */
  get running(): Work | undefined {
    return this.#given[0]?.work;
  }

  /** Nothing in it, and nothing of calls that were given up still to run. */
  get isIdle(): boolean {
    return this.members.size === 0 && this.#given.length === 0;
  }

  get isStuck(): boolean {
    return this.#given.length > 0 && performance.now() - this.#headSince > STUCK_MS;
  }

  /** V8 has ignored its own time limit: some built-ins (`Array(2 ** 30).fill(1)`, a product of huge BigInts) never look up. */
  get isWedged(): boolean {
    const [head] = this.#given;
    return head !== undefined && performance.now() - this.#headSince > head.timeoutMs + WEDGED_MS;
  }

  get isExclusive(): boolean {
    for (const work of this.members) return work.isExclusive;
    return false;
  }

  /** Not begun: still in the isolate's queue. */
  isQueued(work: Work): boolean {
    return this.#given.indexOf(this.#given.find((turn) => turn.work === work && turn.isStart)!) > 0;
  }
}
