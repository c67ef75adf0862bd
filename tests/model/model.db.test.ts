/**
 * The engine against its model: random playbooks with branches, joins, loops, delays, failures and retries run on the real engine and
 * database, while workers stop in the middle of them; what comes out is what the semantics say, and no write is made twice.
 * `MODEL_RUNS` says how many (thousands at night).
 */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PlaybookDocument } from "#format";
import { EngineWorld } from "#tests/support/engine.ts";
import { behaviour, Calls, playbooks } from "./graphs.ts";
import { type Expected, interpret } from "./interpreter.ts";

const RUNS = Number(process.env["MODEL_RUNS"] ?? 300);
/** Playbooks that run beside each other. */
const BATCH = 30;

let world: EngineWorld;
const calls = new Calls();

beforeAll(async () => {
  world = await EngineWorld.create(calls.nodes());
  await world.startWorker();
});
afterAll(() => world.close());

let number = 0;

async function start(document: PlaybookDocument): Promise<string> {
  const { playbookId } = await world.publishDocument(`model-${number++}`, document);
  const started = await world.engine.start({ tenantId: world.tenantId, playbookId, input: {}, actor: { id: null, name: "model" } });
  if ("error" in started) throw new Error(started.error);
  return started.runId;
}

/** An iteration (or the run) that something ended: what of it was reached is a matter of time. */
const isOpen = (path: string, { ended }: Expected): boolean => [...ended].some((end) => end === "" || path === end || path.startsWith(`${end}/`));

async function compare(runId: string, document: PlaybookDocument): Promise<void> {
  const expected = interpret(document, behaviour);
  const row = await world.finished(runId, 60_000);
  expect(row.status).toBe(expected.run);
  const { steps } = await world.trace(runId);
  const seen = new Set<string>();
  for (const step of steps) {
    const key = step.item === "" ? step.node_id : `${step.node_id}@${step.item}`;
    seen.add(key);
    const wanted = expected.steps.get(key);
    if (step.status === "cancelled") {
      expect([key, isOpen(step.item, expected)]).toEqual([key, true]);
      continue;
    }
    // What ends is not tried again.
    if (step.status === "failed" && step.attempt < (wanted?.calls ?? 0) && isOpen(step.item, expected)) continue;
    expect([key, step.status, step.port]).toEqual([key, wanted?.ends, wanted?.port]);
    if (!step.node_type.startsWith("model.") || step.effect !== "write") continue;
    for (let attempt = 1; attempt <= step.attempt; attempt++) expect([key, attempt, calls.count(runId, step.id, attempt)]).toEqual([key, attempt, 1]);
    expect([key, step.attempt]).toEqual([key, Math.max(1, wanted!.calls)]);
  }
  for (const [key] of expected.steps) if (!isOpen(key.split("@")[1] ?? "", expected)) expect([key, seen.has(key)]).toEqual([key, true]);
}

test(`${RUNS} random playbooks end as the semantics say, while workers come and go`, async () => {
  const seed = Number(process.env["MODEL_SEED"] ?? Date.now() % 1_000_000_000);
  const sample = fc.sample(playbooks, { numRuns: RUNS, seed });
  for (let at = 0; at < sample.length; at += BATCH) {
    const batch = sample.slice(at, at + BATCH);
    const extra = await world.startWorker();
    const ids = await Promise.all(batch.map(start));
    await new Promise((resolve) => setTimeout(resolve, 60));
    // What it holds is handed on in the middle of whatever it is.
    await extra.stop();
    for (const [index, id] of ids.entries()) {
      await compare(id, batch[index]!).catch((error: unknown) => {
        throw new Error(`seed ${seed}, playbook ${at + index}: ${(error as Error).message}\n${JSON.stringify(batch[index])}`);
      });
    }
  }
  // The queue's library complains when it is stopped while it fetches; what it held is released all the same.
  expect(world.errors.filter((line) => !line.includes('"source":"graphile"'))).toEqual([]);
}, 600_000);
