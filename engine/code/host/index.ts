/** The door of the code host: runs expressions and files of a bundle in sandboxed child processes. */
import { availableParallelism } from "node:os";
import { isNodeEntry } from "../profile.ts";
import type { BundleMeta, CodeCall, CodeHost, CodeResult, Scope, ScopeUse } from "../types.ts";
import { Cells } from "./cells.ts";
import { PendingCall } from "./pending.ts";
import type { Death } from "./process.ts";
import { isolatesProgram } from "./programs.ts";
import { MAX_SCOPE } from "./protocol.ts";
import { aborted, blame, fail, killed } from "./results.ts";
import { Slot } from "./slot.ts";

export interface CodeHostOptions {
  /** Child processes for isolates. Default: half the cores, at least 1. */
  processes?: number;
  /** Heap limit of one isolate. Default 64. */
  memoryMb?: number;
  /** Resident memory of one child process. Default 1024. */
  rssMb?: number;
  /** Warm isolates per child process. Default 64. */
  isolates?: number;
  /** Calls in the Node profile at once, each a process of some 60 MB and what it uses. Default: twice the cores, at least 4. */
  cells?: number;
  /** What a call in the Node profile may use, in heap and buffers together. Default 256. */
  cellMemoryMb?: number;
  /** First of the 400 user ids that the children take, one each. Default 60700 where the worker is root; they stay its own user otherwise. */
  firstUid?: number;
  /** A child died (and is replaced): for the worker's log. */
  onDeath?: (death: Death) => void;
}

export type { Death };

/** Not in use by distributions, nor shared with anybody else who runs something as "nobody". */
const FIRST_UID = 60_700;
/** Calls in a process at once: more than a worker has runs, so that what waits for answers holds nobody up. */
const WIDTH = 2000;
const QUARANTINE_IDLE_MS = 5000;
/** The user ids of cells come after those of the lasting processes. */
const CELLS_AFTER = 100;

export function createCodeHost(options: CodeHostOptions = {}): CodeHost & { readonly pids: number[] } {
  return new Pool(options);
}

class Pool implements CodeHost {
  readonly #slots: Slot[];
  /**
   * Where calls go whose process died while they were in it, one at a time: nobody knows which of them did it, and here the
   * guilty one takes nobody with it.
   */
  readonly #quarantine: () => Slot;
  #suspects: Slot | undefined;
  readonly #cells: Cells;
  #idle: NodeJS.Timeout | undefined;
  #nextId = 1;
  #isClosed = false;

  constructor(options: CodeHostOptions) {
    const { processes = Math.max(1, Math.floor(availableParallelism() / 2)), memoryMb = 64, rssMb = 1024, isolates = 64, firstUid = FIRST_UID, onDeath } = options;
    const { cells = Math.max(4, availableParallelism() * 2), cellMemoryMb = 256 } = options;
    const isRoot = process.getuid?.() === 0;
    const program = isolatesProgram({ memoryMb, isolates });
    const settings = (index: number) => ({ program, rssMb, uid: isRoot ? firstUid + (index % CELLS_AFTER) : null });
    this.#cells = new Cells({ most: cells, memoryMb: cellMemoryMb, firstUid: isRoot ? firstUid + CELLS_AFTER : null, ...(onDeath ? { onDeath } : {}) });
    this.#slots = Array.from({ length: processes }, (_, index) => new Slot({ ...settings(index), width: WIDTH, isEager: true, onLost: (calls, death, slot) => {
      onDeath?.(death);
      this.#retry(calls, death, slot);
    } }));
    this.#quarantine = () => new Slot({ ...settings(processes), width: 1, isEager: false, onLost: (calls, death) => {
      onDeath?.(death);
      for (const call of calls) call.settle(blame(call, death, memoryMb));
    } });
    for (const slot of this.#slots) slot.start();
  }

  get pids(): number[] {
    return [...[...this.#slots, this.#suspects].flatMap((slot) => slot?.pid ?? []), ...this.#cells.pids];
  }

  async call(call: CodeCall): Promise<CodeResult> {
    if (this.#isClosed) return killed("the code host is closed");
    if (call.signal?.aborted) return aborted;
    const use = call.bundle.meta.entries[call.entry];
    if (!use) return fail({ reason: "load", message: `this version has no ${call.entry}` });
    let scope: string;
    try {
      scope = JSON.stringify(prune(call.scope, use));
    } catch (error) {
      return fail({ reason: "not-json", message: `the input is not JSON: ${(error as Error).message}` });
    }
    if (Buffer.byteLength(scope) > MAX_SCOPE) return fail({ reason: "too-large", message: `the input is larger than ${MAX_SCOPE / 1024 / 1024} MB` });
    return new Promise((resolve) => {
      const pending = new PendingCall(this.#nextId++, call, scope, (result) => {
        call.signal?.removeEventListener("abort", abort);
        resolve(result);
      });
      const abort = (): void => {
        for (const each of [...this.#slots, this.#suspects, this.#cells]) each?.remove(pending);
        pending.settle(aborted);
      };
      call.signal?.addEventListener("abort", abort, { once: true });
      (isNodeEntry(call.entry) ? this.#cells : this.#slotOf(pending.key)).add(pending);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#idle);
    await Promise.all([...this.#slots, this.#suspects, this.#cells].map((each) => each?.close()));
  }

  /** The same bundle always goes to the same process, where it is warm. */
  #slotOf(key: string): Slot {
    let sum = 0;
    for (let at = 0; at < key.length; at++) sum = (sum * 31 + key.charCodeAt(at)) >>> 0;
    return this.#slots[sum % this.#slots.length]!;
  }

  #retry(calls: PendingCall[], death: Death, slot: Slot): void {
    // Newest first: the guilty one has been at it for longest, and the others need not wait for it.
    for (const call of calls.sort((a, b) => b.id - a.id)) {
      if (call.hasFetched) {
        call.settle(killed(`the code host ended while this ran (${death.detail}); it had made a request, so it was not run again`));
        continue;
      }
      if (death.cause === "wedged") {
        slot.add(call); // the guilty one is known and gone
        continue;
      }
      this.#suspects ??= this.#quarantine();
      this.#suspects.add(call);
    }
    if (!this.#suspects) return;
    this.#idle ??= setInterval(() => {
      if (this.#suspects?.isEmpty === false) return;
      void this.#suspects?.close();
      this.#suspects = undefined;
      clearInterval(this.#idle);
      this.#idle = undefined;
    }, QUARANTINE_IDLE_MS).unref();
  }
}

/** Only what the entry mentions crosses the pipe. */
function prune(scope: Scope, use: BundleMeta["entries"][string]): Scope {
  const part = <K extends keyof Scope & keyof ScopeUse>(name: K): Partial<Scope> => (use[name] ? { [name]: scope[name] } : {});
  const steps = use.steps === null ? scope.steps ?? {} : Object.fromEntries(use.steps.map((id) => [id, scope.steps?.[id]]));
  return { ...part("trigger"), ...part("alert"), ...part("item"), ...part("vars"), ...part("run"), steps };
}
