/** What a playbook gets as `trigger` when somebody or something else than its own trigger starts it: the same shape as from the trigger itself. */
import { z } from "zod";
import { type FieldFault, readForm } from "./form.ts";
import type { PlaybookTrigger } from "./trigger.ts";

/** What a schedule starts with, as ISO 8601. */
export interface ScheduleTrigger {
  /** The time that was due. */
  scheduled_for: string;
  fired_at: string;
}

/** Which run failed, and how. */
const runFailure = z.object({
  run_id: z.string(),
  playbook: z.object({ id: z.string(), slug: z.string(), name: z.string(), version: z.number() }),
  error: z.object({ kind: z.string(), message: z.string(), node_id: z.string().optional() }),
  alert_id: z.string().nullable(),
});
export type RunFailureTrigger = z.infer<typeof runFailure>;

export type StartInput = { ok: true; input: unknown } | { ok: false; wrong: FieldFault[] };

/** @param input absent: none was given */
export function startInput({ on, form }: Pick<PlaybookTrigger, "on" | "form">, input: unknown, now: Date): StartInput {
  switch (on) {
    case "manual": {
      if (!form) return { ok: true, input: input ?? null };
      const reading = readForm(form, input);
      return reading.ok ? { ok: true, input: reading.values } : reading;
    }
    case "schedule": return { ok: true, input: { scheduled_for: now.toISOString(), fired_at: now.toISOString() } satisfies ScheduleTrigger };
    case "run-failed": {
      const parsed = runFailure.safeParse(input);
      if (parsed.success) return { ok: true, input: parsed.data };
      return { ok: false, wrong: [{ field: "", message: "it handles failed runs: give {run_id, playbook: {id, slug, name, version}, error: {kind, message}, alert_id} as input" }] };
    }
    case "alert": case "webhook": return { ok: true, input: input ?? null };
    default: return on satisfies never;
  }
}
