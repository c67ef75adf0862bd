import { z } from "zod";
import { defineNode } from "#sdk";

/** `test` must be true or false: a truthy string that takes a branch by accident is a bug nobody sees. */
export const condition = defineNode({
  type: "core.condition",
  version: 1,
  ui: { title: "Condition", category: "control", icon: "split", summary: "If {test}", description: "Goes on by one of two ports: true or false." },
  config: z.object({}),
  input: z.object({ test: z.boolean().meta({ title: "Test", description: "An expression that is true or false, such as alert.severity === \"critical\"" }) }),
  outputs: { true: z.object({ result: z.literal(true) }), false: z.object({ result: z.literal(false) }) },
  effect: "none",
  async run({ input }) {
    if (input.test) return { port: "true", data: { result: true } } as const;
    return { port: "false", data: { result: false } } as const;
  },
});
