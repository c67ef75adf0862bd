/** Child of the bare worker: one V8 isolate, one JSON text per line in and out. Started with --no-node-snapshot. */
import { createInterface } from "node:readline";
import ivm from "isolated-vm";
import { SCORE_SOURCE } from "./steps.ts";

const isolate = new ivm.Isolate({ memoryLimit: 64 });
const context = await isolate.createContext();
await context.eval(SCORE_SOURCE);
const score = await context.global.get("score", { reference: true }) as ivm.Reference<(text: string) => string>;

// What arrives in one read is answered in one write, as frames of a batch would be.
let answers = "";
createInterface({ input: process.stdin }).on("line", (line) => {
  if (answers === "") setImmediate(() => {
    process.stdout.write(answers);
    answers = "";
  });
  answers += `${score.applySync(undefined, [line], { timeout: 1000 }) as string}\n`;
});
