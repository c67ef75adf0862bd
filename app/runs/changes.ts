/** What steps of a run changed on its alert, from the alert's history. */
import type { AlertEventWire } from "#app/models/wire.ts";
import { commentOf, describeEvent } from "#app/triage/describe-event.ts";

export interface StepChange { id: string; step_id: string; at: string; text: string }

export const changesOf = (events: readonly AlertEventWire[], runId: string): StepChange[] =>
  events.flatMap((event) => {
    if (event.run_id !== runId || event.step_id === null) return [];
    const comment = commentOf(event);
    return [{ id: event.id, step_id: event.step_id, at: event.at, text: comment ?? describeEvent(event) }];
  });
