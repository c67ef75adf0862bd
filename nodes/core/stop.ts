import { z } from "zod";
import { defineNode } from "#sdk";

export const stop = defineNode({
  type: "core.stop",
  version: 1,
  ui: { title: "Stop", category: "control", icon: "octagon", summary: "End as {outcome}", description: "Ends the run at once, with a result that the run's page shows." },
  config: z.object({ outcome: z.enum(["success", "failed"]).default("success").meta({ title: "Outcome" }) }),
  input: z.object({
    message: z.string().max(2000).nullish().meta({ title: "Message", description: "One sentence for the reader of the run" }),
    result: z.unknown().optional().meta({ title: "Result" }),
  }),
  outputs: { stop: z.object({ message: z.string().nullable(), result: z.unknown() }) },
  ends: (config) => config.outcome,
  effect: "none",
  async run({ input }) {
    return { port: "stop", data: { message: input.message ?? null, result: input.result ?? null } };
  },
});
