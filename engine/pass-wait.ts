/** Only live runs wait: how the others go on at once. Pure. */
import type { Wait, WaitAnswer } from "#sdk";
import { answerWait, type Backtest } from "./backtest/policy.ts";

export interface Passed {
  answer: WaitAnswer;
  /** What the node takes for the time. */
  now: Date;
  /** For the step's log. */
  said: string;
}

/** null: it waits. */
export type PassWait = (wait: Wait, now: Date) => Passed | null;

/** @param key of the step */
export function passWaits(mode: string, backtest: Backtest | null, key: string): PassWait {
  if (mode === "live") return () => null;
  return (wait, now) => {
    if (wait.kind === "timer") return { answer: { kind: "timer" }, now: wait.until, said: `a ${mode} does not wait ${Math.max(0, Math.round((wait.until.getTime() - now.getTime()) / 1000))} s` };
    const passed = backtest && answerWait(backtest, key, wait, now);
    return passed && { ...passed, now: wait.kind !== "run" && passed.answer.kind === "timer" && wait.until ? wait.until : now };
  };
}
