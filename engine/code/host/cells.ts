/** The Node profile: a process per call, one of them ready for the next. */
import { nodeScript } from "../profile.ts";
import { Cell } from "./cell.ts";
import type { PendingCall } from "./pending.ts";
import type { Death } from "./process.ts";
import { cellProgram, type Program } from "./programs.ts";
import { closing, killed } from "./results.ts";

export interface CellsOptions {
  /** At once; other calls wait. */
  most: number;
  /** What one call may use. */
  memoryMb: number;
  /** Null where the worker is not root. */
  firstUid: number | null;
  onDeath?: (death: Death) => void;
}

/** Taken in turn from anywhere, so that whoever should ever outlive their process meets nobody of their own user, be it of another worker. */
const UIDS = 300;
/** A machine that cannot start a process is not asked for ever. */
const MAX_FAILED_STARTS = 3;
/** The spare one goes when nobody has needed one for so long. */
const IDLE_MS = 60_000;

export class Cells {
  readonly #options: CellsOptions;
  readonly #program: Program;
  readonly #waiting = new Set<PendingCall>();
  readonly #busy = new Map<PendingCall, Cell>();
  /** Killed, and not gone yet. */
  readonly #ending = new Set<Promise<void>>();
  #spare: Cell | undefined;
  #idle: NodeJS.Timeout | undefined;
  #started = Math.floor(Math.random() * UIDS);
  #failedStarts = 0;
  #isClosed = false;

  constructor(options: CellsOptions) {
    this.#options = options;
    this.#program = cellProgram(options);
  }

  get pids(): number[] {
    return [...this.#busy.values(), this.#spare].flatMap((cell) => cell?.pid ?? []);
  }

  add(call: PendingCall): void {
    if (this.#isClosed) return call.settle(closing);
    this.#waiting.add(call);
    this.#feed();
  }

  remove(call: PendingCall): void {
    this.#waiting.delete(call);
    this.#busy.get(call)?.end();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idle);
    for (const call of [...this.#waiting, ...this.#busy.keys()]) call.settle(closing);
    this.#waiting.clear();
    for (const cell of [...this.#busy.values(), this.#spare]) cell?.end();
    await Promise.all(this.#ending);
  }

  #feed(): void {
    while (this.#waiting.size > 0) {
      if (this.#busy.size >= this.#options.most) return;
      const call = this.#next();
      this.#waiting.delete(call);
      const cell = this.#spare ?? this.#open();
      this.#spare = undefined;
      this.#busy.set(call, cell);
      cell.give(call, nodeScript(call.call.bundle));
    }
    if (this.#isClosed) return;
    // The next call finds a process that is ready, while this one still runs.
    this.#spare ??= this.#open();
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => { this.#spare?.end(); }, IDLE_MS).unref();
  }

  /** The longest waiting of the tenant that has fewest at work: many calls of one do not keep the others out. */
  #next(): PendingCall {
    const busy = new Map<string, number>();
    for (const { call } of this.#busy.keys()) busy.set(call.tenantId, (busy.get(call.tenantId) ?? 0) + 1);
    return [...this.#waiting].reduce((best, each) => ((busy.get(each.call.tenantId) ?? 0) < (busy.get(best.call.tenantId) ?? 0) ? each : best));
  }

  #open(): Cell {
    const { firstUid, memoryMb, onDeath } = this.#options;
    const uid = firstUid === null ? null : firstUid + (this.#started++ % UIDS);
    const cell: Cell = new Cell({ program: this.#program, memoryMb, uid }, (call, death) => {
      if (this.#spare === cell) this.#spare = undefined;
      if (call) this.#busy.delete(call);
      const gone = cell.exited.then(() => { this.#ending.delete(gone); });
      this.#ending.add(gone);
      if (death) onDeath?.(death);
      this.#failedStarts = death?.cause === "start" ? this.#failedStarts + 1 : 0;
      if (this.#isClosed) return;
      if (death?.cause === "start") this.#startFailed(call, death);
      else if (call) this.#feed();
    });
    return cell;
  }

  #startFailed(call: PendingCall | undefined, death: Death): void {
    if (call && !call.isSettled) this.#waiting.add(call);
    if (this.#failedStarts >= MAX_FAILED_STARTS) {
      for (const each of this.#waiting) each.settle(killed(`the code host does not start: ${death.detail}`));
      this.#waiting.clear();
      this.#failedStarts = 0;
    }
    if (this.#waiting.size > 0) this.#feed();
  }
}
