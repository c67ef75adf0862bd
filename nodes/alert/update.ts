import { z } from "zod";
import { defineNode, Failure, SEVERITIES } from "#sdk";
import { unchanged } from "./unchanged.ts";

export const ALERT_STATUSES = ["new", "enriching", "analyzing", "in_progress", "investigating", "escalated", "false_positive", "resolved", "closed"] as const;

const tags = z.array(z.string().trim().min(1).max(100)).max(50);
/** null leaves a field as it is, so that an expression may decide not to change it. */
const change = z.object({
  status: z.enum(ALERT_STATUSES).nullish().meta({ title: "Status" }),
  severity: z.enum(SEVERITIES).nullish().meta({ title: "Severity" }),
  determination: z.enum(["unknown", "malicious", "suspicious", "benign"]).nullish().meta({ title: "Determination" }),
  risk_score: z.number().int().min(0).max(100).nullish().meta({ title: "Risk score", description: "0 to 100; the label follows from it" }),
  add_tags: tags.nullish().meta({ title: "Add tags" }),
  remove_tags: tags.nullish().meta({ title: "Remove tags" }),
  resolve_reason: z.string().max(2000).nullish().meta({ title: "Reason", description: "Why it was resolved" }),
});

export const updateAlert = defineNode({
  type: "alert.update",
  version: 1,
  ui: { title: "Update alert", category: "alert", icon: "file-pen", summary: "Update the alert", description: "Changes status, severity, determination, risk or tags of the run's alert." },
  config: z.object({}),
  input: change.extend({ alert_id: z.uuid().nullish().meta({ title: "Alert", description: "Default: the alert that started the run" }) }),
  outputs: {
    out: z.object({
      alert_id: z.string(),
      changed: z.array(z.string()),
      status: z.string(),
      severity: z.enum(SEVERITIES),
      determination: z.string(),
      risk_score: z.number().nullable(),
      risk_label: z.string().nullable(),
      tags: z.array(z.string()),
    }),
  },
  effect: "write",
  repeatable: true,
  timeout: 15,
  simulate: ({ input: { alert_id, ...wanted }, alert }) => {
    const now = unchanged(alert_id, alert);
    return {
      port: "out",
      data: {
        alert_id: alert_id ?? now?.id ?? "",
        changed: Object.entries(wanted).flatMap(([field, value]) => (value == null ? [] : [field])),
        status: wanted.status ?? now?.status ?? "new",
        severity: wanted.severity ?? now?.severity ?? "medium",
        determination: wanted.determination ?? now?.determination ?? "unknown",
        risk_score: wanted.risk_score ?? now?.risk_score ?? null,
        risk_label: wanted.risk_score == null ? (now?.risk_label ?? null) : null,
        tags: [...new Set([...(now?.tags ?? []), ...(wanted.add_tags ?? [])])].filter((tag) => !wanted.remove_tags?.includes(tag)),
      },
    };
  },
  async run({ input: { alert_id, ...wanted }, records }) {
    const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value != null));
    if (Object.keys(given).length === 0) throw new Failure("invalid-input", "there is nothing to change: give at least one field a value");
    const { alert, changed } = await records.updateAlert(alert_id ?? undefined, given);
    const { id, status, severity, determination, risk_score, risk_label, tags: now } = alert;
    return { port: "out", data: { alert_id: id, changed, status, severity, determination, risk_score, risk_label, tags: now } };
  },
});
