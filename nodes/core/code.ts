import { z } from "zod";
import { defineNode } from "#sdk";

/**
 * The code itself runs in the code host, before `run`: `result` is bound to a file, and the engine resolves that binding
 * inside the attempt. What arrives here is what the file's default export returned.
 */
export const code = defineNode({
  type: "core.code",
  version: 1,
  ui: { title: "Code", category: "code", icon: "code", summary: "Run {result}", description: "Runs a TypeScript file of the playbook; its return value is the output." },
  config: z.object({
    effect: z.enum(["none", "read", "write"]).default("none").meta({
      title: "Effect",
      description: "What the code does to the outside world with fetch. none: no requests. read: GET and HEAD only. write: any request; test runs and backtests hold it back.",
    }),
    profile: z.enum(["isolate", "node"]).default("isolate").meta({
      title: "Runs in",
      description: "isolate: fast, with the language, fetch and most npm packages. node: a Node process for each call, for packages that need Node's own modules (crypto, streams, buffers); files, sockets and processes are closed there too.",
    }),
  }),
  input: z.object({ result: z.unknown().meta({ title: "File" }) }),
  outputs: { out: z.unknown() },
  passes: { field: "result" },
  effect: (config) => config.effect,
  timeout: 30,
  simulate: () => ({ port: "out", data: null }),
  async run({ input }) {
    return { port: "out", data: input.result };
  },
});
