/** What starts a playbook. Flat, with what belongs to one kind in a part of its own: changing the kind back and forth loses nothing. */
import { z } from "zod";
import { conditionSchema } from "./conditions.ts";
import { scheduleSchema } from "./cron.ts";
import { formSchema } from "./form.ts";

export const TRIGGER_KINDS = ["alert", "schedule", "webhook", "run-failed", "manual"] as const;

export const slugSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "give the playbook's short name, as in its address");

/** Longest time, in seconds, that a sender is kept waiting. */
export const MAX_RESPOND_WITHIN = 30;

export const webhookSchema = z.strictObject({
  /** `accepted`: at once. `result`: what the run ends with, where that takes no longer than `within` seconds. */
  respond: z.enum(["accepted", "result"]).default("accepted"),
  within: z.number().min(1).max(MAX_RESPOND_WITHIN).default(10),
});

export const triggerSchema = z.strictObject({
  on: z.enum(TRIGGER_KINDS).default("alert"),
  /** `webhook` is any source; `<source>` and `<source>.alert` are one (R103). */
  source: z.string().max(60).default("webhook"),
  moment: z.enum(["ingested", "enriched"]).default("ingested"),
  conditions: conditionSchema.optional(),
  schedule: scheduleSchema.optional(),
  webhook: webhookSchema.optional(),
  /** Of a manual start: what it asks for, which is then the trigger's payload. Absent: anything. */
  form: formSchema.optional(),
  /** Whose failed runs (slugs). Absent: those of all. */
  playbooks: z.array(slugSchema).min(1).max(200).optional(),
  /** Ascending, then name (R106). */
  order: z.number().int().min(0).max(1_000_000).default(1000),
  priority: z.enum(["high", "default", "low"]).default("default"),
  onDuplicate: z.boolean().default(false),
});
export type PlaybookTrigger = z.infer<typeof triggerSchema>;

/** How its webhook answers. */
export const responseOf = ({ webhook }: Pick<PlaybookTrigger, "webhook">): z.infer<typeof webhookSchema> => webhook ?? webhookSchema.parse({});
