/** Where a thread that does not answer is: V8's profiler is asked, since it interrupts whatever runs, even inside a regular expression. */
import type { Worker } from "node:worker_threads";
import { BUNDLE_FILE } from "../../globals.ts";

/** Long enough for some samples, which come every millisecond. */
const SAMPLE_MS = 20;
/** Some built-ins never look up. */
const GIVE_UP_MS = 400;

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number; columnNumber: number }; positionTicks?: { line: number; ticks: number }[]; children?: number[]; hitCount?: number }[];
}

/** @returns what a stack trace would say: the line that was met most often, or that of the function it is in. */
export async function whereIsIt(thread: Worker): Promise<string | undefined> {
  const { promise: never, resolve } = Promise.withResolvers<undefined>();
  setTimeout(() => { resolve(undefined); }, GIVE_UP_MS);
  const profile = await Promise.race([sample(thread).catch(() => undefined), never]);
  return profile === undefined ? undefined : stackOf(JSON.parse(profile) as Profile);
}

async function sample(thread: Worker): Promise<string> {
  const profiler = await thread.startCpuProfile();
  await new Promise((done) => { setTimeout(done, SAMPLE_MS); });
  return profiler.stop();
}

function stackOf({ nodes }: Profile): string | undefined {
  const ours = nodes.filter(({ callFrame }) => callFrame.url === BUNDLE_FILE);
  const [most] = ours.flatMap(({ positionTicks = [] }) => positionTicks).sort((a, b) => b.ticks - a.ticks);
  // The end of the line: the profiler knows no columns, and the source map answers with what stands before.
  if (most) return `    at ${BUNDLE_FILE}:${most.line}:100000`;
  const inner = ours.at(-1)?.callFrame;
  return inner && `    at ${BUNDLE_FILE}:${inner.lineNumber + 1}:${inner.columnNumber + 1}`;
}
