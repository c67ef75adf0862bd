import { z } from "zod";
import { defineNode } from "#sdk";

/** Every input field becomes an output field of the same name: names for values that several later steps use. */
export const set = defineNode({
  type: "core.set",
  version: 1,
  ui: { title: "Set fields", category: "control", icon: "pencil-line", summary: "Set fields", description: "Names values: each field added here is an output field of the same name." },
  config: z.object({}),
  input: z.object({}).catchall(z.unknown()),
  outputs: { out: z.object({}).catchall(z.unknown()) },
  passes: "input",
  effect: "none",
  async run({ input }) {
    return { port: "out", data: input };
  },
});
