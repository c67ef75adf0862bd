/**
 * What a call of the code host costs: `node bench/code-host.ts`. Wall-clock time per call, and processor time on both sides of the
 * pipe: the latter also means something on a machine that is busy with other things.
 */
import { readFileSync } from "node:fs";
import { compileVersion } from "#engine/code/compile.ts";
import { createCodeHost } from "#engine/code/host/index.ts";
import type { CodeCall, CodeHost, Scope } from "#engine/code/types.ts";
import { documentSchema } from "#format";

const CALLS = 20_000;
const ALERT = { title: "Brute force", severity: "high", tags: Array.from({ length: 40 }, (_, index) => `tag-${index}`), raw: "x".repeat(2000) };

const document = documentSchema.parse({
  format: 1,
  name: "bench",
  nodes: [
    { id: "small", type: "core.set", input: { value: { expr: "steps.score.value > 3" } } },
    { id: "alert", type: "core.set", input: { value: { expr: "alert.severity === 'high' && alert.tags.length" } } },
    { id: "file", type: "core.set", input: { value: { file: "code/score.ts" } } },
    { id: "node", type: "core.code", config: { profile: "node" }, input: { result: { file: "code/score.ts" } } },
  ],
  edges: [],
});
const files = { "code/score.ts": "export default async ({ alert }: { alert: { tags: string[] } }) => ({ score: alert.tags.filter((tag) => tag.endsWith('1')).length * 10 });" };

const compileStart = performance.now();
const compiled = await compileVersion({ document, files });
if (!compiled.ok) throw new Error(compiled.problems[0]!.message);
const { bundle } = compiled;
console.log(`compile (first, loads TypeScript)   ${(performance.now() - compileStart).toFixed(0)} ms`);

/** Milliseconds of processor time of another process, in the kernel's ticks of 10 ms. */
function processorMs(pid: number | undefined): number {
  if (process.platform !== "linux" || pid === undefined) return NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function measure(host: CodeHost & { readonly pids: number[] }, name: string, entry: string, scope: Scope, concurrency: number, extra: Partial<CodeCall> = {}, calls = CALLS): Promise<void> {
  const startedAt = performance.now();
  const ownBefore = process.cpuUsage();
  const hostBefore = processorMs(host.pids[0]);
  await Promise.all(Array.from({ length: concurrency }, async () => {
    for (let done = 0; done < calls / concurrency; done++) {
      const result = await host.call({ tenantId: "bench", bundle, entry, scope, timeoutMs: 1000, ...extra });
      if (!result.ok) throw new Error(result.failure.message);
    }
  }));
  const elapsed = performance.now() - startedAt;
  const own = process.cpuUsage(ownBefore);
  const perCall = (milliseconds: number): string => ((milliseconds / calls) * 1000).toFixed(1).padStart(6);
  console.log(`${name.padEnd(28)} concurrency ${String(concurrency).padStart(2)} ${perCall(elapsed)} µs/call ${((calls / elapsed) * 1000).toFixed(0).padStart(6)}/s   processor: worker ${perCall((own.user + own.system) / 1000)} µs, host ${perCall(processorMs(host.pids[0]) - hostBefore)} µs`);
}

const startedAt = performance.now();
const host = createCodeHost({ processes: 1 });
await host.call({ tenantId: "cold", bundle, entry: "expr:small", scope: { steps: { score: { value: 5 } } }, timeoutMs: 1000 });
console.log(`process start to first answer       ${(performance.now() - startedAt).toFixed(0)} ms`);
const coldAt = performance.now();
await host.call({ tenantId: "bench", bundle, entry: "expr:small", scope: { steps: { score: { value: 5 } } }, timeoutMs: 1000 });
console.log(`a new isolate to first answer       ${(performance.now() - coldAt).toFixed(1)} ms`);

for (const concurrency of [1, 16, 64]) {
  await measure(host, "expression, 10-byte scope", "expr:small", { steps: { score: { value: 5 } }, alert: ALERT }, concurrency);
  await measure(host, "expression, 2.5 KB scope", "expr:alert", { alert: ALERT }, concurrency);
  await measure(host, "async file, 2.5 KB scope", "file:code/score.ts", { alert: ALERT }, concurrency);
}
await measure(host, "async file that may fetch", "file:code/score.ts", { alert: ALERT }, 16, { fetch: () => Promise.reject(new Error("unused")) });
// Each in a process of its own, whose processor time is nobody's here.
await measure(host, "file in the Node profile", "node:code/score.ts", { alert: ALERT }, 1, { timeoutMs: 10_000 }, 50);
await measure(host, "file in the Node profile", "node:code/score.ts", { alert: ALERT }, 4, { timeoutMs: 10_000 }, 100);
await host.close();
