/** What an attempt's outcome makes of a step. Pure: the drive only carries it out. */
import type { AnyNode, Effect, Failure, Json, RetryPolicy, Wait } from "#sdk";
import type { PlaybookNode } from "#format";
import type { Outcome } from "./attempt.ts";
import { type FailureRecord, failureRecord } from "./errors.ts";
import { uuidv5 } from "./ids.ts";
import type { StepRecord } from "./journal/records.ts";
import { LOOK_AGAIN_MS } from "./limits/connection.ts";
import { afterFailure, NO_RETRY } from "./retry.ts";
import type { Ending } from "./run-state.ts";

export interface Settlement {
  /** null: nothing happened, the step starts anew when the run goes on. */
  step: StepRecord | null;
  /** How this attempt goes into the record, where it does. */
  attempt?: { outcome: "success" | "failed" | "ambiguous" | "cancelled"; error?: FailureRecord; retryAt?: number };
  /** A person has to say what happened. */
  ask?: { waitId: string; kind: "decision" | "approval" | "question" | "callback"; question: Json; until: string | null };
  /** A run that the step waits for: it begins with the commit that says so. */
  child?: { runId: string; playbook: string; input: Json; withAlert: boolean; stepId: string };
  ending?: Ending;
}

export interface SettleInput {
  /** Costs a hash, and only a question needs it. */
  stepId(): string;
  /** What the outside said before the step waited for it. */
  early(stepId: string): Json | undefined;
  /** Its connection has had a place for it since it asked. */
  hasFreePlace?(stepId: string): boolean;
  node: PlaybookNode;
  definition: AnyNode;
  /** As it was when the attempt started, with input and logs. */
  step: StepRecord;
  outcome: Outcome;
  effect: Effect;
  /** The run is already ending: nothing is tried again and nobody is asked before it ends. */
  ending: boolean;
  now: number;
  random: number;
  newWaitId(): string;
}

export function settle(input: SettleInput): Settlement {
  const { node, definition, step, outcome, now } = input;
  switch (outcome.kind) {
    case "result":
    case "held": {
      const done: StepRecord = { ...base(step), status: outcome.kind === "held" ? "held" : "success", port: outcome.port, output: outcome.data, finishedAt: now };
      const settlement: Settlement = { step: done, ...(step.attempt > 1 ? { attempt: { outcome: "success" as const } } : {}) };
      const config = definition.config.safeParse(node.config);
      if (definition.ends && config.success) {
        const status = definition.ends(config.data);
        settlement.ending = { status, result: outcome.data, error: status === "failed" ? { kind: "rejected", message: stopMessage(outcome.data), node_id: node.id } : null };
      }
      return settlement;
    }
    case "wait": return settleWait(input, outcome.wait);
    case "ask": {
      const { text, roles, timeout } = node.approval ?? {};
      const waitId = input.newWaitId();
      const until = timeout === undefined ? null : new Date(now + timeout * 1000).toISOString();
      return {
        step: { ...base(step), input: outcome.input, status: "waiting", port: null, waitingOn: { kind: "approval", text: `somebody has to allow ${title(input)}`, step_id: input.stepId(), wait_id: waitId, ...(until === null ? {} : { until }) } },
        ask: {
          waitId, kind: "approval", until,
          question: { node: node.id, title: title(input), effect: input.effect, input: outcome.input, text: text ?? null, roles: roles ?? null, choices: [{ value: "approve", label: "Approve" }, { value: "refuse", label: "Refuse" }] },
        },
      };
    }
    case "loop": {
      const { notBefore, ...plan } = outcome.plan;
      const looping: StepRecord = { ...base(step), status: "running", port: null, loop: plan };
      if (!notBefore || notBefore.getTime() <= now) return { step: looping };
      return { step: { ...looping, status: "waiting", next: "iterate", waitingOn: { kind: "timer", text: `the next round of ${title(input)}`, until: notBefore.toISOString() } } };
    }
    case "crowded": {
      if (input.ending) return { step: { ...base(step), status: "cancelled", port: null, calledOut: false, finishedAt: now } };
      const stepId = input.stepId();
      const until = new Date(now + (input.hasFreePlace?.(stepId) ? 0 : LOOK_AGAIN_MS)).toISOString();
      return { step: { ...base(step), ...(step.answer ? { answer: step.answer } : {}), calledOut: false, status: "waiting", port: null, waitingOn: { kind: "concurrency", text: outcome.text, step_id: stepId, until } } };
    }
    case "aborted":
      if (outcome.reason === "drain" || outcome.reason === "fenced") return { step: null };
      return { step: { ...base(step), status: "cancelled", port: null, finishedAt: now } };
    case "failure":
      return outcome.isFinal ? giveUp(input, failureRecord(outcome.failure)) : settleFailure(input, outcome.failure);
  }
}

function settleWait(input: SettleInput, wait: Wait): Settlement {
  const { step, node } = input;
  const waiting: StepRecord = { ...base(step), status: "waiting", port: null, next: "resume" };
  switch (wait.kind) {
    case "timer": return { step: { ...waiting, waitingOn: { kind: "timer", text: `${title(input)} waits until the time it was told`, until: wait.until.toISOString() } } };
    case "question":
    case "callback": {
      const early = wait.kind === "callback" ? input.early(input.stepId()) : undefined;
      if (early !== undefined) return { step: { ...waiting, answer: { kind: "callback", body: early }, waitingOn: { kind: "timer", text: "it was called before it waited", until: new Date(input.now).toISOString() } } };
      const waitId = input.newWaitId();
      const until = wait.until?.toISOString() ?? null;
      const text = wait.kind === "question" ? `somebody has to answer ${title(input)}` : `${title(input)} waits to be called from outside`;
      return {
        step: { ...waiting, waitingOn: { kind: wait.kind, text, step_id: input.stepId(), wait_id: waitId, ...(until === null ? {} : { until }) } },
        ask: { waitId, kind: wait.kind, until, question: { node: node.id, ...(wait.kind === "question" ? (wait.question as unknown as Record<string, Json>) : { title: title(input) }) } },
      };
    }
    case "run": {
      const stepId = input.stepId();
      // The same attempt of the same step never starts two.
      const runId = uuidv5(stepId, `run:${step.attempt}`);
      return {
        step: { ...waiting, waitingOn: { kind: "run", text: `${title(input)} waits for the playbook it started`, step_id: stepId, run_id: runId } },
        child: { runId, playbook: wait.playbook, input: wait.input, withAlert: wait.withAlert, stepId },
      };
    }
    default: return wait satisfies never;
  }
}

function settleFailure(input: SettleInput, failure: Failure): Settlement {
  const { node, definition, step, effect, now } = input;
  const error = failureRecord(failure);
  const policy: RetryPolicy = node.retry ?? definition.retry ?? NO_RETRY;
  const next = afterFailure({ kind: failure.kind, retryAfter: failure.retryAfter, attempt: step.attempt, effect, repeatable: definition.repeatable ?? false, policy }, input.random);
  const outcome = failure.kind === "ambiguous" && (effect === "write" || effect === "contain") ? "ambiguous" as const : "failed" as const;

  if (next.do === "retry" && !input.ending) {
    const retryAt = now + next.delayMs;
    return {
      // What somebody said is not asked again.
      step: { ...base(step), ...(step.answer ? { answer: step.answer } : {}), status: "waiting", port: null, next: "retry", error, waitingOn: { kind: "timer", text: `attempt ${step.attempt + 1} of ${policy.attempts} of ${title(input)}: the last one failed (${failure.message})`, until: new Date(retryAt).toISOString() } },
      attempt: { outcome, error, retryAt },
    };
  }
  if (next.do === "park" || (next.do === "retry" && outcome === "ambiguous")) {
    const waitId = input.newWaitId();
    const question = { node: node.id, title: title(input), effect, message: failure.message, input: step.input ?? null, answers: ["happened", "again", "fail"] };
    const parked: StepRecord = { ...base(step), port: null, error, ambiguous: true, status: "waiting", waitingOn: { kind: "decision", text: `${title(input)} may or may not have happened: somebody has to say`, step_id: input.stepId(), wait_id: waitId } };
    return {
      step: input.ending ? { ...parked, status: "cancelled", finishedAt: now, waitingOn: undefined } : parked,
      attempt: { outcome: "ambiguous", error },
      ask: { waitId, kind: "decision", question, until: null },
    };
  }
  return giveUp(input, error);
}

/** No more attempts: the node's own setting decides where the run goes. */
export function giveUp({ node, step, now }: Pick<SettleInput, "node" | "step" | "now">, error: FailureRecord): Settlement {
  const failed: StepRecord = { ...base(step), status: "failed", port: null, error, finishedAt: now };
  const attempt = { outcome: "failed" as const, error };
  if (node.onFailure === "fail") return { step: failed, attempt, ending: { status: "failed", error: { ...error, node_id: node.id }, result: null } };
  if (node.onFailure === "port") return { step: { ...failed, port: "failed", output: { kind: error.kind, message: error.message, attempts: step.attempt } }, attempt };
  return { step: { ...failed, port: node.onFailure.port, output: node.onFailure.data as Json }, attempt };
}

/** A settled step keeps no trace of what it waited for. */
function base(step: StepRecord): StepRecord {
  const { waitingOn: _waitingOn, next: _next, error: _error, loop: _loop, answer: _answer, ...rest } = step;
  return rest;
}

const title = ({ node, definition }: SettleInput): string => `"${node.title ?? definition.ui.title}"`;

function stopMessage(data: Json): string {
  const message = data !== null && typeof data === "object" && !Array.isArray(data) ? data["message"] : undefined;
  return typeof message === "string" && message !== "" ? message : "the playbook stopped the run as failed";
}
