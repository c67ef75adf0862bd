/** The worker thread of the checker: its only contact with the process are questions and their answers. */
import { parentPort } from "node:worker_threads";
import type { Problem } from "#format";
import { checkProject } from "./check-project.ts";
import { type Declarations, declareProject } from "./declare-project.ts";
import { describeScope, type ScopeDescription } from "./describe-scope.ts";
import type { ProjectInput } from "./project.ts";

/** Questions and what answers them. */
export interface Answers {
  check: Problem[];
  scope: ScopeDescription;
  declarations: Declarations;
}
export type Topic = keyof Answers;

/** `node`: whose scope. */
export type Question = { [T in Topic]: { topic: T; input: ProjectInput } & (T extends "scope" ? { node: string } : object) }[Topic];

export type ThreadAnswer = { answer: Answers[Topic] } | { error: string };

function answer(question: Question): Answers[Topic] {
  switch (question.topic) {
    case "check": return checkProject(question.input);
    case "scope": return describeScope(question.input, question.node);
    case "declarations": return declareProject(question.input);
  }
}

parentPort?.on("message", (question: Question) => {
  let message: ThreadAnswer;
  try {
    message = { answer: answer(question) };
  } catch (error) {
    // TypeScript gives up on some types by overflowing its stack.
    message = { error: error instanceof Error ? error.message : String(error) };
  }
  parentPort!.postMessage(message);
});
