import { z } from "zod";
import { defineNode, Failure } from "#sdk";

const MAX_SECONDS = 90 * 24 * 3600;

/** Waits without holding a worker. A moment that has passed goes on at once. */
export const delay = defineNode({
  type: "core.delay",
  version: 1,
  ui: { title: "Delay", category: "control", icon: "timer", summary: "Wait {seconds} s", description: "Waits for a number of seconds, or until a moment." },
  config: z.object({}),
  input: z
    .object({
      seconds: z.number().min(0).max(MAX_SECONDS).nullish().meta({ title: "Seconds" }),
      until: z.iso.datetime({ offset: true }).nullish().meta({ title: "Until", description: "ISO 8601 with a time zone: 2026-03-01T08:00:00Z" }),
    })
    .refine(({ seconds, until }) => (seconds == null) !== (until == null), "give either seconds or until"),
  outputs: { out: z.object({ resumed_at: z.string() }) },
  effect: "none",
  async run({ input, now }) {
    const start = now();
    const until = input.until != null ? new Date(input.until) : new Date(start.getTime() + (input.seconds ?? 0) * 1000);
    if (until.getTime() - start.getTime() > MAX_SECONDS * 1000) throw new Failure("invalid-input", "a delay lasts at most 90 days");
    if (until <= start) return { port: "out", data: { resumed_at: start.toISOString() } };
    return { wait: { kind: "timer", until } };
  },
  async resume({ now }) {
    return { port: "out", data: { resumed_at: now().toISOString() } };
  },
});
