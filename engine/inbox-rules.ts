/**
 * What a message from outside does to a run. Reading an item twice does nothing the second time, so the whole inbox can
 * be read again after a takeover: an answer names the wait it answers, and a settled step has none.
 */
import type { WaitAnswer } from "#sdk";
import { uuidv7 } from "./ids.ts";
import type { InboxMessage } from "./journal/inbox.ts";
import type { StepRecord } from "./journal/records.ts";
import type { RunState } from "./run-state.ts";
import { giveUp, type Settlement } from "./settle.ts";
import type { WaitingOn } from "./status.ts";

export type MessageEffect = { do: "nothing" } | { do: "settle"; settlement: Settlement } | { do: "receipt"; step: StepRecord; waitId: string };

export function applyMessage(state: RunState, message: InboxMessage, now: number): MessageEffect {
  switch (message.kind) {
    case "cancel":
      state.ending ??= { status: "cancelled", error: { kind: "cancelled", message: `cancelled by ${message.actor.name}${message.reason ? `: ${message.reason}` : ""}` }, result: null };
      return { do: "nothing" };
    case "late-receipt": {
      const step = [...state.steps.values()].find((candidate) => state.id(candidate) === message.stepId);
      if (step?.status !== "waiting" || step.waitingOn?.kind !== "decision") return { do: "nothing" };
      return { do: "receipt", step: { ...step, ambiguous: false }, waitId: step.waitingOn.wait_id };
    }
    case "reply": {
      const step = waiting(state, message.waitId);
      if (!step) return { do: "nothing" };
      if (step.waitingOn?.kind === "approval") return { do: "settle", settlement: decide(state, step, message, now) };
      return resume(step, { kind: "answer", by: message.actor, at: message.at, value: message.value }, `${message.actor.name} answered`, now);
    }
    case "callback": {
      const step = stepById(state, message.stepId, "callback");
      if (!step) state.earlyCallbacks.set(message.stepId, message.body);
      return resume(step, { kind: "callback", body: message.body }, CALLED, now);
    }
    case "place-free": {
      const step = stepById(state, message.stepId, "concurrency");
      if (!step) {
        state.freePlaces.add(message.stepId);
        return { do: "nothing" };
      }
      return { do: "settle", settlement: { step: { ...step, waitingOn: { kind: "timer", text: "its connection has a place for it", until: new Date(now).toISOString() } } } };
    }
    case "run-ended": {
      const { runId, status, result, error } = message;
      const step = stepById(state, message.stepId, "run");
      if (step?.waitingOn?.kind !== "run" || step.waitingOn.run_id !== runId) return { do: "nothing" };
      return resume(step, { kind: "run", runId, status, result, error: error && { kind: error.kind, message: error.message } }, "the playbook it started has ended", now);
    }
    case "answer": {
      const step = [...state.steps.values()].find((candidate) => candidate.waitingOn?.kind === "decision" && candidate.waitingOn.wait_id === message.waitId);
      if (!step || step.status !== "waiting") return { do: "nothing" };
      return { do: "settle", settlement: answer(state, step, message, now) };
    }
  }
}

export const CALLED = "it was called from outside";

const waiting = (state: RunState, waitId: string): StepRecord | undefined =>
  [...state.steps.values()].find(({ status, waitingOn }) => status === "waiting" && waitingOn !== undefined && "wait_id" in waitingOn && waitingOn.wait_id === waitId);

const stepById = (state: RunState, id: string, kind: WaitingOn["kind"]): StepRecord | undefined =>
  [...state.steps.values()].find((step) => step.status === "waiting" && step.waitingOn?.kind === kind && state.id(step) === id);

/** The node is called with the answer as soon as there is room. */
function resume(step: StepRecord | undefined, answer: WaitAnswer, text: string, now: number): MessageEffect {
  if (!step) return { do: "nothing" };
  return { do: "settle", settlement: { step: { ...step, answer, next: "resume", waitingOn: { kind: "timer", text, until: new Date(now).toISOString() } } } };
}

/** Allowed or refused: with exactly the input that was shown, or not at all. */
function decide(state: RunState, step: StepRecord, { value, actor, at }: Extract<InboxMessage, { kind: "reply" }>, now: number): Settlement {
  const { waitingOn: _waitingOn, next: _next, ...rest } = step;
  const isAllowed = value.choice === "approve";
  const said = `${actor.name} ${isAllowed ? "allowed" : "refused"} it${value.reason ? `: ${value.reason}` : ""}`;
  const asked: StepRecord = { ...rest, logs: [...(step.logs ?? []), { level: "info", text: said }] };
  if (isAllowed) return { step: { ...asked, approved: { by: actor.name, at }, waitingOn: { kind: "timer", text: said, until: new Date(now).toISOString() } } };
  return giveUp({ node: state.version.graph.byId.get(step.node)!.node, step: asked, now }, { kind: "rejected", message: said });
}

function answer(state: RunState, step: StepRecord, message: Extract<InboxMessage, { kind: "answer" }>, now: number): Settlement {
  const { node } = state.version.graph.byId.get(step.node)!;
  const { waitingOn: _waitingOn, ...rest } = step;
  const said = `${message.actor.name} said: ${{ happened: "it happened", again: "do it again", fail: "give it up" }[message.decision]}${message.reason ? ` (${message.reason})` : ""}`;
  const logs = [...(step.logs ?? []), { level: "info" as const, text: said }];
  switch (message.decision) {
    case "happened": {
      // The person vouches for the effect; what the call would have returned is only known if they say it.
      const port = state.version.document.edges.find((edge) => edge.from === node.id && edge.port !== "failed")?.port ?? "out";
      const { error: _error, ...settled } = rest;
      return { step: { ...settled, status: "success", ambiguous: false, port, output: message.data ?? {}, logs, finishedAt: now } };
    }
    case "again":
      // A new key: the person wants a second effect if the first one did happen.
      return {
        step: { ...rest, ambiguous: false, calledOut: false, idempotencyKey: uuidv7(), logs, next: "retry", waitingOn: { kind: "timer", text: said, until: new Date(now).toISOString() } },
      };
    case "fail":
      return giveUp({ node, step: { ...rest, ambiguous: false, logs }, now }, step.error ?? { kind: "ambiguous", message: said });
  }
}
