/** Which call runs in which isolate. One thread decides; the isolates run on threads of their own. */
import type { HostFault } from "../protocol.ts";
import { STUCK_MS } from "../protocol.ts";
import type { Bridge, Control } from "../runtime/bridge.ts";
import { Place } from "./place.ts";
import { type Broken, type Ran, Sandbox, type SandboxOptions } from "./sandbox.ts";
import { resetWork, stopClocks, type Work } from "./work.ts";

export interface Outlet {
  value(work: Work, text: string): void;
  fault(work: Work, fault: HostFault): void;
  /** The process must go. */
  wedged(work: Work): void;
  fetch(work: Work, request: number, url: string, method: string, headers: string, body: string | undefined): void;
  digest(work: Work, attempt: number, request: number, algorithm: string, bytes: ArrayBuffer): void;
}

interface Group {
  code: string;
  queue: Work[];
  places: Set<Place>;
  creating: number;
}

/** Calls handed to one isolate at a time: enough to keep it busy, few enough that a long one holds up little. */
const PIPELINE = 16;
/** Isolates of one bundle: that many calls of it can wait for answers of `fetch` at once. */
const PER_BUNDLE = 16;

export type SchedulerOptions = Omit<SandboxOptions, "code" | "bridge"> & { isolates: number; bridge: Omit<Bridge, "post">; outlet: Outlet };

export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #groups = new Map<string, Group>();
  readonly #byId = new Map<number, { work: Work; group: Group }>();
  readonly #byAttempt = new Map<number, Work>();
  #attempts = 0;
  #isolates = 0;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    setInterval(() => { this.#relieve(); }, STUCK_MS / 2).unref();
  }

  load(key: string, code: string): void {
    if (!this.#groups.has(key)) this.#groups.set(key, { code, queue: [], places: new Set(), creating: 0 });
  }

  /** The worker asks for this only when no call of the bundle is in flight. */
  unload(key: string): void {
    const group = this.#groups.get(key);
    if (!group) return;
    this.#groups.delete(key);
    for (const place of group.places) this.#close(group, place);
  }

  add(key: string, work: Work): void {
    const group = this.#groups.get(key);
    if (!group) return this.#options.outlet.fault(work, { reason: "load", message: "the bundle was never loaded" });
    this.#byId.set(work.id, { work, group });
    group.queue.push(work);
    this.#pump(group);
  }

  abort(id: number): void {
    const known = this.#byId.get(id);
    if (!known) return;
    const { work, group } = known;
    const place = work.place;
    const isRunning = place?.running === work;
    this.#retire(work, group);
    // The isolate cannot be stopped in the middle of one call and kept; its other calls start again elsewhere.
    if (place && isRunning) this.#close(group, place);
    this.#pump(group);
  }

  respond(id: number, request: number, status: number, url: string, headers: string, body: string): void {
    this.#deliver(id, "respond", (attempt) => [attempt, request, status, url, headers, body]);
  }

  refuse(id: number, request: number, message: string): void {
    this.#deliver(id, "refuse", (attempt) => [attempt, request, message]);
  }

  digested(id: number, attempt: number, request: number, bytes: unknown): void {
    if (this.#byId.get(id)?.work.attempt === attempt) this.#deliver(id, "digested", () => [attempt, request, bytes]);
  }

  /** What an isolate says about an attempt; nothing, once that attempt is over. */
  readonly post: Bridge["post"] = (attempt, kind, ...rest) => {
    const work = this.#byAttempt.get(attempt);
    if (!work) return;
    switch (kind) {
      case "end": return this.#end(work, rest[0] as string);
      case "log": return void work.logs.push({ level: rest[0] as "info", text: rest[1] as string });
      case "timer": {
        const [timer, milliseconds] = rest as [number, number];
        work.timers.set(timer, setTimeout(() => {
          work.timers.delete(timer);
          this.#deliver(work.id, "fire", () => [attempt, timer]);
        }, milliseconds));
        return;
      }
      case "clear": {
        clearTimeout(work.timers.get(rest[0] as number));
        work.timers.delete(rest[0] as number);
        return;
      }
      case "fetch": {
        const [request, url, method, headers, body] = rest as [number, string, string, string, string | undefined];
        if (work.canFetch) this.#options.outlet.fetch(work, request, url, method, headers, body);
        else this.refuse(work.id, request, "fetch is not allowed here: the node declares no effect");
        return;
      }
      case "digest": {
        const [request, algorithm, bytes] = rest as [number, string, ArrayBuffer];
        this.#options.outlet.digest(work, attempt, request, algorithm, bytes);
        return;
      }
      default: kind satisfies never;
    }
  };

  #pump(group: Group): void {
    const later: Work[] = [];
    for (const work of group.queue.splice(0)) {
      const place = this.#choose(group, work);
      if (place) void this.#start(group, place, work);
      else later.push(work);
    }
    group.queue.push(...later);
    const shared = later.some((work) => !work.isExclusive) ? 1 : 0;
    const wanted = shared + later.filter((work) => work.isExclusive).length;
    while (group.creating < wanted && group.places.size + group.creating < PER_BUNDLE && this.#makeRoom()) void this.#create(group);
  }

  #choose(group: Group, work: Work): Place | undefined {
    for (const place of group.places) {
      if (work.isExclusive ? place.isIdle : !place.isExclusive && place.members.size < PIPELINE && !place.isStuck) return place;
    }
    return undefined;
  }

  /** Closes the isolate that has been idle longest, of whichever bundle, when there are too many. */
  #makeRoom(): boolean {
    if (this.#isolates < this.#options.isolates) return true;
    let oldest: { group: Group; place: Place } | undefined;
    for (const group of this.#groups.values()) {
      for (const place of group.places) {
        if (place.isIdle && (!oldest || place.lastUsed < oldest.place.lastUsed)) oldest = { group, place };
      }
    }
    if (!oldest) return false;
    this.#close(oldest.group, oldest.place);
    return true;
  }

  async #create(group: Group): Promise<void> {
    group.creating++;
    this.#isolates++;
    try {
      const { bridge, ...options } = this.#options;
      const sandbox = await Sandbox.create({ ...options, code: group.code, bridge: { ...bridge, post: this.post } });
      group.places.add(new Place(sandbox));
    } catch (error) {
      this.#isolates--;
      const { message, stack } = error as Error;
      for (const work of group.queue.splice(0)) this.#fail(work, group, { reason: "load", message: `the code does not load: ${message}`, ...(stack === undefined ? {} : { stack }) });
    } finally {
      group.creating--;
    }
    this.#pump(group);
  }

  async #start(group: Group, place: Place, work: Work): Promise<void> {
    const attempt = ++this.#attempts;
    this.#byAttempt.delete(work.attempt);
    this.#byAttempt.set(attempt, work);
    work.attempt = attempt;
    work.place = place;
    place.members.add(work);
    const ran = await place.run(work, "start", [attempt, work.entry, work.scope], work.timeoutMs);
    place.lastUsed = performance.now();
    if (work.attempt !== attempt || this.#byAttempt.get(attempt) !== work) return this.#settle(group, place, ran);
    if (!ran.ok) return this.#broke(group, place, work, ran);
    if (!ran.text.startsWith("p")) return this.#end(work, ran.text);
    const left = Math.max(1, work.timeoutMs - Number(ran.text.slice(1)));
    work.deadline = performance.now() + left;
    work.clock = setTimeout(() => { this.#expire(work, group); }, left);
  }

  /** A turn of a call that is over: only its isolate's own state still matters. */
  #settle(group: Group, place: Place, ran: Ran): void {
    if (!ran.ok && ran.cause !== "error") this.#close(group, place);
    this.#pump(group);
  }

  #deliver<K extends "fire" | "respond" | "refuse" | "digested">(id: number, method: K, parts: (attempt: number) => Parameters<Control[K]> | unknown[]): void {
    const known = this.#byId.get(id);
    const place = known?.work.place;
    if (!known || !place) return;
    const { work, group } = known;
    const attempt = work.attempt;
    const left = work.deadline === null ? work.timeoutMs : work.deadline - performance.now();
    void place.run(work, method, parts(attempt), left).then((ran) => {
      if (this.#byAttempt.get(attempt) !== work) this.#settle(group, place, ran);
      else if (!ran.ok) this.#broke(group, place, work, ran);
    });
  }

  #end(work: Work, text: string): void {
    const known = this.#byId.get(work.id);
    if (!known) return;
    this.#retire(work, known.group);
    if (text.startsWith("v")) this.#options.outlet.value(work, text.slice(1));
    else this.#options.outlet.fault(work, JSON.parse(text.slice(1)) as HostFault);
    this.#pump(known.group);
  }

  #broke(group: Group, place: Place, work: Work, ran: Broken): void {
    const stack = ran.stack === undefined ? {} : { stack: ran.stack };
    switch (ran.cause) {
      case "timeout": this.#fail(work, group, { reason: "timeout", message: `still running after ${work.timeoutMs} ms`, ...stack }); break;
      // Disposed of by isolated-vm's allocator: our own disposal takes the calls out first.
      case "disposed":
      case "memory": this.#fail(work, group, { reason: "memory", message: `used more than ${this.#options.memoryMb} MB of memory` }); break;
      case "error": {
        this.#fail(work, group, { reason: "throw", message: `${ran.message} (in a promise that nothing awaits)`, ...stack });
        void place.run(work, "forget", [work.attempt], work.timeoutMs);
        return this.#pump(group);
      }
      default: ran.cause satisfies never;
    }
    // A call cut off in the middle may leave the runtime half-way through something: never reuse that isolate.
    this.#close(group, place);
    this.#pump(group);
  }

  #expire(work: Work, group: Group): void {
    const place = work.place;
    if (place?.running === work) {
      // Busy, not waiting: its own time limit ends it in a moment, and knows the line.
      work.clock = setTimeout(() => { this.#expire(work, group); }, STUCK_MS);
      return;
    }
    const waitsFor = work.timers.size > 0 ? " (a timer is pending)" : "";
    this.#fail(work, group, { reason: "timeout", message: `its promise had not settled after ${work.timeoutMs} ms${waitsFor}` });
    if (place) void place.run(work, "forget", [work.attempt], work.timeoutMs);
    this.#pump(group);
  }

  #fail(work: Work, group: Group, fault: HostFault): void {
    this.#retire(work, group);
    this.#options.outlet.fault(work, fault);
  }

  #retire(work: Work, group: Group): void {
    stopClocks(work);
    this.#byId.delete(work.id);
    this.#byAttempt.delete(work.attempt);
    work.place?.members.delete(work);
    const at = group.queue.indexOf(work);
    if (at !== -1) group.queue.splice(at, 1);
  }

  /** The other calls in it did no wrong: they start again, alone, where nobody can do this to them a second time. */
  #close(group: Group, place: Place): void {
    if (!group.places.delete(place)) return;
    this.#isolates--;
    place.sandbox.dispose();
    this.#requeue(group, [...place.members], () => true);
  }

  #requeue(group: Group, works: readonly Work[], mustBeAlone: (work: Work) => boolean): void {
    for (const work of works) {
      work.isExclusive ||= mustBeAlone(work);
      this.#byAttempt.delete(work.attempt);
      work.place?.members.delete(work);
      resetWork(work);
    }
    group.queue.unshift(...works);
  }

  /**
   * One call holds an isolate: the others in it start again elsewhere, or its time would be taken from theirs. They have made no
   * request (calls that can are alone), and what the old isolate still says of them is ignored.
   */
  #relieve(): void {
    for (const group of this.#groups.values()) {
      for (const place of group.places) {
        const { running } = place;
        if (!running || !place.isStuck) continue;
        if (place.isWedged) this.#options.outlet.wedged(running);
        const others = [...place.members].filter((work) => work !== running);
        const begun = others.filter((work) => !place.isQueued(work));
        for (const work of begun) void place.run(work, "forget", [work.attempt], work.timeoutMs);
        this.#requeue(group, others, (work) => begun.includes(work));
      }
      if (group.queue.length > 0) this.#pump(group);
    }
  }
}
