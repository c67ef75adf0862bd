import { z } from "zod";
import { defineNode, Failure } from "#sdk";

/** Waits until somebody outside posts JSON to this step's address, which earlier steps give away as `run.callback_urls.<id>`. */
export const waitForCallback = defineNode({
  type: "core.wait-for-callback",
  version: 1,
  ui: { title: "Wait for a callback", category: "control", icon: "webhook", summary: "Wait to be called", description: "Waits until another system posts to the address that is run.callback_urls with this node's id; each address works once." },
  callback: true,
  config: z.object({ timeout: z.number().positive().max(90 * 86_400).optional().meta({ title: "Give up after", description: "Seconds; then it goes on by the port timeout" }) }),
  input: z.object({}),
  outputs: { out: z.object({ body: z.unknown() }), timeout: z.object({ body: z.null() }) },
  effect: "none",
  async run({ config, now }) {
    return { wait: { kind: "callback", ...(config.timeout === undefined ? {} : { until: new Date(now().getTime() + config.timeout * 1000) }) } };
  },
  async resume(_context, answer) {
    if (answer.kind === "timer") return { port: "timeout", data: { body: null } } as const;
    if (answer.kind !== "callback") throw new Failure("rejected", "nobody has called");
    return { port: "out", data: { body: answer.body } } as const;
  },
});
