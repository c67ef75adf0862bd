import { z } from "zod";
import { defineNode, SEVERITIES } from "#sdk";

const text = z.string().nullable();

/** `alert` in expressions is a snapshot from the start of the run; this reads the alert as it is now. */
export const getAlert = defineNode({
  type: "alert.get",
  version: 1,
  ui: { title: "Get alert", category: "alert", icon: "file-search", summary: "Read the alert", description: "Reads the alert as it is now; the run's own `alert` is how it was when the run started." },
  config: z.object({}),
  input: z.object({ alert_id: z.uuid().nullish().meta({ title: "Alert", description: "Default: the alert that started the run" }) }),
  outputs: {
    out: z.looseObject({
      id: z.string(),
      title: z.string(),
      description: text,
      severity: z.enum(SEVERITIES),
      status: z.string(),
      determination: z.string(),
      source: z.string(),
      source_id: text,
      rule_id: text,
      rule_name: text,
      hostname: text,
      username: text,
      source_ip: text,
      dest_ip: text,
      tags: z.array(z.string()),
      partner: text,
      techniques: z.array(z.string()),
      risk_score: z.number().nullable(),
      risk_label: text,
      duplicate_count: z.number().int(),
      correlation_id: z.string(),
      iocs: z.record(z.string(), z.array(z.string())),
      assigned_username: text,
      observed_at: text,
      created_at: z.string(),
    }),
  },
  effect: "read",
  timeout: 15,
  async run({ input, records }) {
    return { port: "out", data: { ...(await records.getAlert(input.alert_id ?? undefined)) } };
  },
});
