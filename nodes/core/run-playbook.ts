import { z } from "zod";
import { defineNode, Failure, type Json } from "#sdk";

/** Starts another playbook and waits for its end without a worker. Failure and cancel travel both ways. */
export const runPlaybook = defineNode({
  type: "core.run-playbook",
  version: 1,
  ui: { title: "Run a playbook", category: "control", icon: "workflow", summary: "Run {playbook}", description: "Starts the published version of another playbook and goes on with its result." },
  config: z.object({
    playbook: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "give the playbook's short name, as in its address").meta({ title: "Playbook", picker: "playbook" }),
    withAlert: z.boolean().default(true).meta({ title: "On the same alert", description: "The playbook sees this run's alert" }),
  }),
  input: z.object({ input: z.unknown().optional().meta({ title: "Input", description: "What the playbook sees as trigger; without it, what came with the alert" }) }),
  outputs: { out: z.object({ run_id: z.string(), result: z.unknown() }) },
  // What it does outside are the effects of its own steps, each held, asked about and recorded by itself.
  effect: "none",
  async run({ config, input }) {
    return { wait: { kind: "run", playbook: config.playbook, input: (input.input ?? null) as Json, withAlert: config.withAlert } };
  },
  async resume({ config }, answer) {
    if (answer.kind !== "run") throw new Failure("rejected", "the playbook did not say how it ended");
    if (answer.status !== "success") throw new Failure("rejected", `the playbook ${config.playbook} ${answer.status === "failed" ? "failed" : "was cancelled"}${answer.error ? `: ${answer.error.message}` : ""}`, { details: { run_id: answer.runId } });
    return { port: "out", data: { run_id: answer.runId, result: answer.result } };
  },
});
