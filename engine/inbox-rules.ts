/**
 * What a message from outside does to a run. Reading an item twice does nothing the second time, so the whole inbox can
 * be read again after a takeover: an answer names the wait it answers, and a settled step has none.
 */
import { uuidv7 } from "./ids.ts";
import type { InboxMessage } from "./journal/inbox.ts";
import type { StepRecord } from "./journal/records.ts";
import type { RunState } from "./run-state.ts";
import { giveUp, type Settlement } from "./settle.ts";

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
    case "answer": {
      const step = [...state.steps.values()].find((candidate) => candidate.waitingOn?.kind === "decision" && candidate.waitingOn.wait_id === message.waitId);
      if (!step || step.status !== "waiting") return { do: "nothing" };
      return { do: "settle", settlement: answer(state, step, message, now) };
    }
  }
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
