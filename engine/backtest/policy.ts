/** How a backtest answers what a live run would have waited for, or read. Pure: what was recorded is handed in. */
import { Failure, type FailureKind, type Question, type Wait, type WaitAnswer } from "#sdk";
import type { Outcome } from "../attempt.ts";
import { checkAnswer } from "../questions.ts";
import { placedKey, type ReadIdentity, readKey, type RecordedAnswer, type Recordings } from "./recordings.ts";

/** A read without a recording: fail says that it cannot be said, simulate takes the node's stand-in, live makes it. */
export const MISSING_CHOICES = ["fail", "simulate", "live"] as const;
/** recorded: what was said then, else approve. */
export const APPROVAL_CHOICES = ["recorded", "approve", "refuse"] as const;

export interface BacktestOptions {
  missing: (typeof MISSING_CHOICES)[number];
  approvals: (typeof APPROVAL_CHOICES)[number];
}

/** What a run of a backtest has at hand. */
export interface Backtest extends BacktestOptions {
  recordings: Recordings;
  /** Of the version's code: a recording of code is one only of the same code. */
  files: string;
}

export type ReadAnswer =
  | { do: "answer"; outcome: Outcome; said: string; from: string }
  /** Nothing was recorded: as the backtest says. */
  | { do: "fail"; outcome: Outcome; said: string }
  | { do: "hold" | "call"; said: string };

export function answerRead({ recordings, missing }: Backtest, read: ReadIdentity, hasStandIn: boolean): ReadAnswer {
  const recorded = recordings.reads.get(placedKey(read)) ?? recordings.reads.get(readKey(read));
  if (recorded) {
    const said = `answered from the recording of run ${recorded.runId}`;
    if (!recorded.error) return { do: "answer", outcome: { kind: "result", port: recorded.port ?? "out", data: recorded.output }, said, from: recorded.runId };
    const { kind, message, details } = recorded.error;
    const failure = new Failure(kind as FailureKind, message, details ? { details } : {});
    return { do: "answer", outcome: { kind: "failure", failure, isFinal: true }, said, from: recorded.runId };
  }
  if (missing === "live") return { do: "call", said: "nothing was recorded: it is read now" };
  if (missing === "simulate" && hasStandIn) return { do: "hold", said: "nothing was recorded: this is the node's stand-in" };
  const failure = new Failure("unavailable", "no live run of this playbook has recorded this read for this alert", { details: { no_recording: true } });
  return { do: "fail", outcome: { kind: "failure", failure, isFinal: true }, said: failure.message };
}

/** Whether the step would have been allowed, and why. */
export function answerApproval({ approvals, recordings }: Backtest, key: string): { isAllowed: boolean; said: string } {
  const recorded = approvals === "recorded" ? recordings.answers.get(key) : undefined;
  if (recorded) {
    const isAllowed = recorded.value?.choice === "approve";
    return { isAllowed, said: recorded.value === null ? "backtest: nobody allowed it in time then" : `backtest: ${recorded.by} ${isAllowed ? "allowed" : "refused"} it then` };
  }
  if (approvals === "refuse") return { isAllowed: false, said: "backtest: every approval is refused" };
  return { isAllowed: true, said: approvals === "approve" ? "backtest: every approval is given" : "backtest: nobody was asked this then, so it is taken as allowed" };
}

/** What a run that waits goes on with at once. null: it waits as ever (for a run that it started, which does not wait either). */
export function answerWait(backtest: Backtest, key: string, wait: Wait, now: Date): { answer: WaitAnswer; said: string } | null {
  switch (wait.kind) {
    case "run": return null;
    case "timer": return { answer: { kind: "timer" }, said: "a backtest does not wait" };
    case "callback": return { answer: { kind: "timer" }, said: "backtest: nobody calls from outside, so it timed out" };
    case "question": return answerQuestion(backtest, key, wait.question, now);
    default: return wait satisfies never;
  }
}

/** The first choice stands for yes, the last for no: that is how questions are written. */
function answerQuestion({ approvals, recordings }: Backtest, key: string, question: Question, now: Date): { answer: WaitAnswer; said: string } {
  const recorded = approvals === "recorded" ? recordings.answers.get(key) : undefined;
  if (recorded?.value && checkAnswer(question, recorded.value).length === 0) return said(recorded, `backtest: ${recorded.by} gave this answer then`);
  if (recorded?.value === null) return { answer: { kind: "timer" }, said: "backtest: nobody answered in time then" };
  const choices = question.choices ?? [];
  const choice = (approvals === "refuse" ? choices.at(-1) : choices[0])?.value ?? null;
  const made = { by: "backtest", at: now.toISOString(), value: { choice, values: {}, reason: null } };
  if (checkAnswer(question, made.value).length > 0) return { answer: { kind: "timer" }, said: "backtest: the form has fields that nobody filled in then, so it timed out" };
  return said(made, `backtest: the answer is taken to be "${choice ?? "none"}"${recorded ? ", since the one that was given then is no answer any more" : ""}`);
}

const said = ({ by, at, value }: RecordedAnswer, text: string): { answer: WaitAnswer; said: string } => ({
  answer: value ? { kind: "answer", by: { id: null, name: by }, at, value } : { kind: "timer" },
  said: text,
});
