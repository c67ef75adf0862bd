import { z } from "zod";
import { defineNode, Failure } from "#sdk";

const MAX_ITEMS = 10_000;

const iteration = z.object({
  index: z.number().int(),
  item: z.unknown().meta({ loop: "item" }),
  status: z.enum(["success", "failed", "cancelled"]),
  /** Of the node that nothing follows in the body; of several, by their ids. */
  result: z.unknown().meta({ loop: "result" }),
  error: z.object({ kind: z.string(), message: z.string() }).optional(),
});

/** Runs its body once per item. A failed item is the container's to judge: it ends all, is listed, or fails the step at the end. */
export const each = defineNode({
  type: "core.each",
  version: 1,
  ui: { title: "For each", category: "control", icon: "repeat", summary: "For each of {items}", description: "Runs the nodes inside it once per item of a list; inside, `item` is the item." },
  container: { items: "items" },
  config: z.object({
    concurrency: z.number().int().min(1).max(20).default(1).meta({ title: "At a time", description: "How many items are worked on at the same time (1 to 20)" }),
    onItemFailure: z.enum(["stop", "continue", "collect"]).default("stop")
      .meta({ title: "When an item fails", description: "stop: end the others and fail. continue: go on, and list it as failed. collect: go on with all, then fail" }),
  }),
  input: z.object({ items: z.array(z.unknown()).max(MAX_ITEMS).meta({ title: "Items", description: `A list of at most ${MAX_ITEMS} values, such as alert.iocs.ips` }) }),
  outputs: { out: z.object({ items: z.array(iteration), succeeded: z.number().int(), failed: z.number().int() }) },
  effect: "none",
  async run({ config, input }) {
    return { loop: { count: input.items.length, items: input.items as never[], concurrency: config.concurrency, stopOnFailure: config.onItemFailure === "stop" } };
  },
  async resume({ config, input }, answer) {
    const iterations = answer.kind === "loop" ? answer.iterations : [];
    const failed = iterations.filter(({ status }) => status === "failed");
    if (failed.length > 0 && config.onItemFailure !== "continue") {
      const [first] = failed;
      const rest = failed.length > 1 ? `, and ${failed.length - 1} more` : "";
      throw new Failure("rejected", `item ${first!.index + 1} of ${input.items.length} failed (${first!.error?.message ?? "no reason given"})${rest}`, {
        details: { failed: failed.slice(0, 20).map(({ index, error }) => ({ index, message: error?.message ?? "" })) },
      });
    }
    return {
      port: "out",
      data: {
        items: iterations.map((one) => ({ ...one, item: input.items[one.index] })),
        succeeded: iterations.filter(({ status }) => status === "success").length,
        failed: failed.length,
      },
    };
  },
});
