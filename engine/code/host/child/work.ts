/** One call in the child: what it asks for, where it runs, and what has come of it. */
import type { LogLine } from "../../types.ts";
import type { Place } from "./place.ts";

export interface Work {
  /** The parent's number. */
  readonly id: number;
  readonly entry: string;
  readonly scope: string;
  readonly timeoutMs: number;
  /** Its requests leave the process, so it can never be run twice, and runs where no other call can take it down. */
  readonly canFetch: boolean;
  /** Alone in its isolate: for calls that can fetch, and for those that already lost an isolate to a neighbour. */
  isExclusive: boolean;
  /** Number of the current attempt inside the isolate: what a former isolate still says is about an older one. */
  attempt: number;
  place: Place | null;
  /** When the wall clock runs out; set once a promise is pending. */
  deadline: number | null;
  clock: NodeJS.Timeout | null;
  timers: Map<number, NodeJS.Timeout>;
  logs: LogLine[];
}

export function newWork(asked: Pick<Work, "id" | "entry" | "scope" | "timeoutMs" | "canFetch">): Work {
  return { ...asked, isExclusive: asked.canFetch, attempt: 0, place: null, deadline: null, clock: null, timers: new Map(), logs: [] };
}

/** Back to how it came, to be run again. */
export function resetWork(work: Work): void {
  stopClocks(work);
  work.place = null;
  work.deadline = null;
  work.logs = [];
}

export function stopClocks(work: Work): void {
  if (work.clock) clearTimeout(work.clock);
  for (const timer of work.timers.values()) clearTimeout(timer);
  work.clock = null;
  work.timers.clear();
}
