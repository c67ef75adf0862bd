/**
 * One warm thread answers everybody's questions, one at a time, in turns: whoever asks much waits for their own questions, not others
 * for them. A question that its asker has asked anew meanwhile is not worth answering any more.
 */
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import type { Answers, Question, ThreadAnswer, Topic } from "./thread.ts";

export interface Asking {
  /** Whose turn it takes; absent: a turn of its own. */
  turn?: string | undefined;
  /** A waiting question with the same words here is given up for this one. */
  replaces?: string | undefined;
  /** Milliseconds for the answer, queueing excluded. */
  timeoutMs?: number | undefined;
}

/** `superseded`: the same was asked anew. `gave-up`: no answer within time, memory or TypeScript's stack. */
export type Outcome<T> = { status: "answered"; answer: T } | { status: "superseded" } | { status: "gave-up"; reason: string };

const TIMEOUT_MS = 10_000;
const MAX_HEAP_MB = 512;
/** A warm thread holds some 100 MB and saves half a second. */
const IDLE_MS = 60_000;

interface Job {
  question: Question;
  asking: Asking;
  settle(outcome: Outcome<Answers[Topic]>): void;
}

/** Turn → its questions. The first turn is next; one that still has questions goes to the end. */
const turns = new Map<string | symbol, Job[]>();
let current: { finish(outcome: Outcome<Answers[Topic]>, isSpent: boolean): void } | undefined;
let thread: Worker | undefined;
let idle: NodeJS.Timeout | undefined;

export function ask<T extends Topic>(question: Extract<Question, { topic: T }>, asking: Asking = {}): Promise<Outcome<Answers[T]>> {
  return new Promise((resolve) => {
    const turn = asking.turn ?? Symbol("a turn of its own");
    const jobs = turns.get(turn) ?? [];
    const old = asking.replaces === undefined ? -1 : jobs.findIndex((job) => job.asking.replaces === asking.replaces && job.question.topic === question.topic);
    if (old >= 0) jobs.splice(old, 1)[0]!.settle({ status: "superseded" });
    // The thread answers a question with its own topic's answer.
    jobs.push({ question, asking, settle: (outcome) => resolve(outcome as Outcome<Answers[T]>) });
    turns.set(turn, jobs);
    next();
  });
}

function takeJob(): Job | undefined {
  const [first] = turns;
  if (!first) return undefined;
  const [turn, jobs] = first;
  turns.delete(turn);
  const job = jobs.shift();
  if (jobs.length > 0) turns.set(turn, jobs);
  return job;
}

function next(): void {
  if (current) return;
  const job = takeJob();
  if (!job) {
    idle = setTimeout(stopThread, IDLE_MS).unref();
    return;
  }
  clearTimeout(idle);
  const worker = (thread ??= startThread());
  worker.ref();
  const timeoutMs = job.asking.timeoutMs ?? TIMEOUT_MS;
  const timer = setTimeout(() => current?.finish({ status: "gave-up", reason: `this took longer than ${timeoutMs / 1000} s` }, true), timeoutMs);
  current = {
    finish(outcome, isSpent) {
      clearTimeout(timer);
      current = undefined;
      if (isSpent) stopThread();
      else worker.unref();
      job.settle(outcome);
      next();
    },
  };
  worker.postMessage(job.question);
}

function startThread(): Worker {
  // Resolved by the package's own imports: the pages' bundle would look beside itself.
  const entry = createRequire(import.meta.url).resolve("#engine/code/check/thread.ts");
  const worker = new Worker(entry, { resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB }, env: {}, execArgv: [] });
  // What a thread says after it was given up is nobody's.
  const finish = (outcome: Outcome<Answers[Topic]>, isSpent: boolean): void => {
    if (worker === thread) current?.finish(outcome, isSpent);
  };
  const giveUp = (reason: string): void => finish({ status: "gave-up", reason }, true);
  worker.on("message", (message: ThreadAnswer) => ("answer" in message ? finish({ status: "answered", answer: message.answer }, false) : giveUp(message.error)));
  worker.on("error", (error) => giveUp(error instanceof Error ? error.message : String(error)));
  worker.on("exit", () => giveUp("the checker ended early"));
  return worker;
}

function stopThread(): void {
  const worker = thread;
  thread = undefined;
  void worker?.terminate();
}
