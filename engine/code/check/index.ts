/** The static check of a playbook's expressions and code, in a warm thread: it never blocks the process, whatever types it is given. */
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import type { NodeShape, PlaybookDocument, PlaybookNode, Problem } from "#format";
import type { CheckRequest } from "./check-project.ts";
import type { StepTypes } from "./node-module.ts";
import type { ThreadAnswer } from "./thread.ts";

export interface TypeCheckInput {
  document: PlaybookDocument;
  /** Path (code/….ts) → source. */
  files: Readonly<Record<string, string>>;
  shapeOf(type: string, version: number): NodeShape | undefined;
  /** Default: PLAYGRAPH_PACKAGES_DIR. */
  packagesDir?: string | undefined;
  /** Milliseconds for this one check, queueing excluded. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
const MAX_HEAP_MB = 512;
/** A warm thread holds some 100 MB and saves half a second. */
const IDLE_MS = 60_000;

interface Job {
  request: CheckRequest;
  timeoutMs: number;
  settle(problems: Problem[]): void;
}

const waiting: Job[] = [];
let current: { finish(problems: Problem[], isSpent: boolean): void } | undefined;
let thread: Worker | undefined;
let idle: NodeJS.Timeout | undefined;

/** @returns what is wrong; a check that cannot be finished is a warning, not an error. Expects a document without structural errors. */
export function checkTypes({ document, files, shapeOf, packagesDir = process.env["PLAYGRAPH_PACKAGES_DIR"] || undefined, timeoutMs = TIMEOUT_MS }: TypeCheckInput): Promise<Problem[]> {
  const types = Object.fromEntries(document.nodes.map((node) => [node.id, stepTypes(node, shapeOf(node.type, node.version))]));
  return new Promise((settle) => {
    waiting.push({ request: { document, files, types, packagesDir }, timeoutMs, settle });
    next();
  });
}

function stepTypes(node: PlaybookNode, shape: NodeShape | undefined): StepTypes {
  const failed = node.onFailure === "fail" ? [] : [node.onFailure === "port" ? "failed" : node.onFailure.port];
  return { ports: [...new Set([...(shape?.ports(node.config) ?? []), ...failed])], ...shape?.types };
}

function next(): void {
  if (current) return;
  const job = waiting.shift();
  if (!job) {
    idle = setTimeout(stopThread, IDLE_MS).unref();
    return;
  }
  clearTimeout(idle);
  const worker = (thread ??= startThread());
  worker.ref();
  const timer = setTimeout(() => current?.finish([unchecked(`this took longer than ${job.timeoutMs / 1000} s`)], true), job.timeoutMs);
  current = {
    finish(problems, isSpent) {
      clearTimeout(timer);
      current = undefined;
      if (isSpent) stopThread();
      else worker.unref();
      job.settle(problems);
      next();
    },
  };
  worker.postMessage(job.request);
}

function startThread(): Worker {
  // Resolved by the package's own imports: the pages' bundle would look beside itself.
  const entry = createRequire(import.meta.url).resolve("#engine/code/check/thread.ts");
  const worker = new Worker(entry, { resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB }, env: {}, execArgv: [] });
  // What a thread says after it was given up is nobody's.
  const finish = (problems: Problem[], isSpent: boolean): void => {
    if (worker === thread) current?.finish(problems, isSpent);
  };
  worker.on("message", (answer: ThreadAnswer) => ("problems" in answer ? finish(answer.problems, false) : finish([unchecked(answer.error)], true)));
  worker.on("error", (error) => finish([unchecked(error instanceof Error ? error.message : String(error))], true));
  worker.on("exit", () => finish([unchecked("the checker ended early")], true));
  return worker;
}

function stopThread(): void {
  const worker = thread;
  thread = undefined;
  void worker?.terminate();
}

const unchecked = (reason: string): Problem => ({ severity: "warning", code: "types-unchecked", message: `the types of this playbook were not checked: ${reason}` });
