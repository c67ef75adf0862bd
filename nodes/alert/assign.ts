import { z } from "zod";
import { defineNode } from "#sdk";
import { unchanged } from "./unchanged.ts";

export const assignAlert = defineNode({
  type: "alert.assign",
  version: 1,
  ui: { title: "Assign alert", category: "alert", icon: "user", summary: "Assign to {username}", description: "Gives the run's alert to a user, or takes it from whoever has it. An alert that is new is in progress from then on." },
  config: z.object({}),
  input: z.object({
    // Null must be said: a field that was forgotten would silently take the alert from somebody.
    username: z.string().trim().min(1).max(255).nullable().meta({ title: "User", description: "User name; null unassigns" }),
    alert_id: z.uuid().nullish().meta({ title: "Alert", description: "Default: the alert that started the run" }),
  }),
  outputs: {
    out: z.object({
      alert_id: z.string(),
      changed: z.array(z.string()),
      assigned_username: z.string().nullable(),
      status: z.string(),
    }),
  },
  effect: "write",
  repeatable: true,
  timeout: 15,
  simulate: ({ input: { alert_id, username }, alert }) => {
    const now = unchanged(alert_id, alert);
    const status = now && (username === null || now.status !== "new") ? now.status : "in_progress";
    return { port: "out", data: { alert_id: alert_id ?? now?.id ?? "", changed: ["assigned_to"], assigned_username: username ?? null, status } };
  },
  async run({ input, records }) {
    const { alert, changed } = await records.assign(input.alert_id ?? undefined, input.username);
    return { port: "out", data: { alert_id: alert.id, changed, assigned_username: alert.assigned_username, status: alert.status } };
  },
});
