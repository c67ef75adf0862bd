/** Where a thread that does not answer is: V8's profiler is asked, since it interrupts whatever runs, even inside a regular expression. */
import type { Worker } from "node:worker_threads";
import { BUNDLE_FILE } from "../../globals.ts";

/** Samples come every millisecond of the thread's own time: more of them are tried for where the machine is busy. */
const SAMPLE_MS = [20, 60, 150];
/** Some built-ins never look up. */
const GIVE_UP_MS = 700;

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number; columnNumber: number }; positionTicks?: { line: number; ticks: number }[]; children?: number[]; hitCount?: number }[];
}

/** What a stack trace would say: of the line that was met most often, and of the innermost function of the author's. */
export interface Whereabouts {
  line?: string;
  callee?: string;
}

/** @returns nothing at all where the thread never looks up, or is gone. */
export async function whereIsIt(thread: Worker): Promise<Whereabouts> {
  const found: Whereabouts = {};
  const look = async (): Promise<void> => {
    for (const milliseconds of SAMPLE_MS) {
      const { nodes } = await sample(thread, milliseconds);
      const ours = nodes.filter(({ callFrame }) => callFrame.url === BUNDLE_FILE);
      Object.assign(found, innermost(ours), metMost(ours));
      if (found.line !== undefined) return;
    }
  };
  const { promise: tooLong, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, GIVE_UP_MS);
  await Promise.race([look().catch(() => {}), tooLong]);
  return found;
}

async function sample(thread: Worker, milliseconds: number): Promise<Profile> {
  const profiler = await thread.startCpuProfile();
  await new Promise((done) => { setTimeout(done, milliseconds); });
  return JSON.parse(await profiler.stop()) as Profile;
}

function metMost(nodes: Profile["nodes"]): Whereabouts {
  const [most] = nodes.flatMap(({ positionTicks = [] }) => positionTicks).sort((a, b) => b.ticks - a.ticks);
  // The end of the line: the profiler knows no columns, and the source map answers with what stands before.
  return most ? { line: `    at ${BUNDLE_FILE}:${most.line}:100000` } : {};
}

function innermost(nodes: Profile["nodes"]): Whereabouts {
  const inner = nodes.at(-1)?.callFrame;
  return inner ? { callee: `    at ${BUNDLE_FILE}:${inner.lineNumber + 1}:${inner.columnNumber + 1}` } : {};
}
