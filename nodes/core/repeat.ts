import { z } from "zod";
import { defineNode, Failure } from "#sdk";

const MAX_ROUNDS = 1000;
const MAX_PAUSE = 24 * 3600;

const rounds = z.object({ rounds: z.number().int(), result: z.unknown().meta({ loop: "result" }) });

/** Runs its body until its condition holds. The limit is a port of its own: a scan that never finished is no result. */
export const repeat = defineNode({
  type: "core.repeat",
  version: 1,
  ui: { title: "Repeat", category: "control", icon: "repeat", summary: "Repeat, at most {limit} times", description: "Runs the nodes inside it until a condition holds; inside, `item` is the number of the round, from 0." },
  container: {},
  config: z.object({
    limit: z.number().int().min(1).max(MAX_ROUNDS).default(10).meta({ title: "At most", description: `Rounds, 1 to ${MAX_ROUNDS}` }),
    pause: z.number().min(0).max(MAX_PAUSE).default(0).meta({ title: "Pause", description: "Seconds between rounds; no worker waits for them" }),
  }),
  input: z.object({}),
  outputs: { done: rounds, limit: rounds },
  effect: "none",
  async run() {
    return { loop: { count: 1, concurrency: 1, stopOnFailure: true } };
  },
  async resume({ config, run, now }, answer) {
    const rounds = answer.kind === "loop" ? answer.iterations : [];
    const last = rounds.at(-1);
    if (answer.kind !== "loop" || !last || last.status !== "success") throw new Failure("rejected", `round ${rounds.length} failed (${last?.error?.message ?? "no reason given"})`);
    const data = { rounds: rounds.length, result: last.result };
    if (answer.until) return { port: "done", data };
    if (rounds.length >= config.limit) return { port: "limit", data };
    // A test shows what the rounds do; the time between them is not part of that.
    const notBefore = config.pause > 0 && run.mode === "live" ? { notBefore: new Date(now().getTime() + config.pause * 1000) } : {};
    return { loop: { count: rounds.length + 1, concurrency: 1, stopOnFailure: true, ...notBefore } };
  },
});
