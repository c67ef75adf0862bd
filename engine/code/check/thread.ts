/** The worker thread of the type check: its only contact with the process are requests and their answers. */
import { parentPort } from "node:worker_threads";
import { checkProject, type CheckRequest } from "./check-project.ts";
import type { Problem } from "#format";

export type ThreadAnswer = { problems: Problem[] } | { error: string };

parentPort?.on("message", (request: CheckRequest) => {
  let answer: ThreadAnswer;
  try {
    answer = { problems: checkProject(request) };
  } catch (error) {
    // TypeScript gives up on some types by overflowing its stack.
    answer = { error: error instanceof Error ? error.message : String(error) };
  }
  parentPort!.postMessage(answer);
});
