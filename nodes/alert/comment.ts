import { z } from "zod";
import { defineNode } from "#sdk";

export const commentAlert = defineNode({
  type: "alert.comment",
  version: 1,
  ui: { title: "Comment", category: "alert", icon: "message-square", summary: "Comment: {text}", description: "Writes a comment on the run's alert." },
  config: z.object({}),
  input: z.object({
    text: z.string().trim().min(1).max(10_000).meta({ title: "Text", multiline: true }),
    alert_id: z.uuid().nullish().meta({ title: "Alert", description: "Default: the alert that started the run" }),
  }),
  outputs: { out: z.object({ comment_id: z.string() }) },
  effect: "write",
  repeatable: true,
  timeout: 15,
  simulate: () => ({ port: "out", data: { comment_id: "simulated" } }),
  async run({ input, records }) {
    return { port: "out", data: await records.comment(input.alert_id ?? undefined, input.text) };
  },
});
