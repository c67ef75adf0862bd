import { z } from "zod";
import { defineNode } from "#sdk";

export const resolveAlert = defineNode({
  type: "alert.resolve",
  version: 1,
  ui: { title: "Resolve alert", category: "alert", icon: "shield", summary: "Resolve as {determination}", description: "Closes the work on the run's alert, saying what it was and why." },
  config: z.object({}),
  input: z.object({
    determination: z.enum(["benign", "suspicious", "malicious"], "resolving needs a determination: benign, suspicious or malicious").meta({ title: "Determination" }),
    reason: z.string().trim().max(2000).nullish().meta({ title: "Reason", multiline: true, description: "Why; it is in the alert's history" }),
    alert_id: z.uuid().nullish().meta({ title: "Alert", description: "Default: the alert that started the run" }),
  }),
  outputs: {
    out: z.object({
      alert_id: z.string(),
      changed: z.array(z.string()),
      status: z.string(),
      determination: z.string(),
    }),
  },
  effect: "write",
  repeatable: true,
  timeout: 15,
  simulate: ({ input: { alert_id, determination }, alert }) => ({ port: "out", data: { alert_id: alert_id ?? alert?.id ?? "", changed: ["status", "determination"], status: "resolved", determination: determination ?? "benign" } }),
  async run({ input: { alert_id, determination, reason }, records }) {
    const { alert, changed } = await records.updateAlert(alert_id ?? undefined, { status: "resolved", determination, ...(reason ? { resolve_reason: reason } : {}) });
    return { port: "out", data: { alert_id: alert.id, changed, status: alert.status, determination: alert.determination } };
  },
});
