/**
 * Kills real workers at random moments. `npm test` does a dozen, `npm run test:crash` fifty (CRASH_ROUNDS).
 * What must hold: every run ends or says what it waits for, no call that may have happened is made again, and a run
 * whose worker died goes on elsewhere within 15 s.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { isFinalRun } from "#engine/status.ts";
import { EngineWorld } from "#tests/support/engine.ts";
import { spawnWorker, Vendor, type Worker } from "./product.ts";

const ROUNDS = Number(process.env["CRASH_ROUNDS"] ?? 12);
const RUNS_PER_ROUND = 6;
/** The promise is 15 s for the takeover; the rest is the run itself on a busy machine. */
const DEADLINE_MS = 25_000;
const actor = { id: null, name: "tester" };

let world: EngineWorld;
let vendor: Vendor;
let vendorUrl: string;
const workers = new Set<Worker>();

beforeAll(async () => {
  world = await EngineWorld.create();
  vendor = new Vendor();
  vendorUrl = await vendor.start();
});
afterEach(async () => {
  vendor.delayMs = 40;
  for (const worker of workers) worker.kill("SIGKILL");
  await Promise.all([...workers].map((worker) => worker.exited));
});
afterAll(async () => {
  await vendor.stop();
  await world.close();
});

async function startWorker(): Promise<Worker> {
  const worker = await spawnWorker({ DATABASE_ENGINE_URL: world.db.engineUrl, PLAYGRAPH_SECRET_KEY: world.secretKey, PLAYGRAPH_HTTP_ALLOW_PRIVATE: "true", WORKER_CONCURRENCY: "10" });
  workers.add(worker);
  void worker.exited.then(() => workers.delete(worker));
  return worker;
}

const post = (step: string) => ({ type: "core.http-request", config: { method: "POST" }, input: { url: { expr: `\`\${trigger.vendor}/act?key=\${run.id}-${step}\`` } } });
const contain = {
  nodes: {
    look: { type: "core.http-request", input: { url: { expr: "`${trigger.vendor}/look?key=x`" } } },
    first: post("first"),
    score: { type: "core.code", input: { result: { file: "code/score.ts" } } },
    all: { type: "core.each", config: { concurrency: 2 }, input: { items: { value: [0, 1, 2] } } },
    note: { ...post("note${item}"), in: "all" },
    second: post("second"),
    end: { type: "core.set", input: { both: { expr: "[steps.first?.body, steps.second?.body].length" } } },
  },
  edges: ["trigger -> look", "look -> first", "first -> score", "score -> all", "all -> second", "second -> end"],
  files: { "code/score.ts": "export default ({ steps }: any) => ({ seen: steps.first?.body?.key ?? null });" },
};

/** Calls of one such run: node, item, and the end of the key that the vendor sees. */
const CALLS = [["first", "", "first"], ["note", "all[0]", "note0"], ["note", "all[1]", "note1"], ["note", "all[2]", "note2"], ["second", "", "second"]] as const;

const callsFor = (key: string) => vendor.received.filter((call) => call.key === key).length;

describe("killed workers", () => {
  it(`kill -9 at ${ROUNDS} random moments: nothing is lost, repeated or stuck`, { timeout: 60_000 + ROUNDS * 8_000 }, async () => {
    const { playbookId } = await world.publish("contain", contain);
    const runs: { id: string; settledAt?: number }[] = [];
    const settled = async () => {
      for (const run of runs) {
        if (run.settledAt) continue;
        const row = await world.row(run.id);
        if (isFinalRun(row.status) || row.waiting_on?.kind === "decision") run.settledAt = Date.now();
      }
      return runs.every((run) => run.settledAt);
    };

    let worker = await startWorker();
    for (let round = 0; round < ROUNDS; round++) {
      const ids = await Promise.all(Array.from({ length: RUNS_PER_ROUND }, async () => {
        const started = await world.engine.start({ tenantId: world.tenantId, playbookId, input: { vendor: vendorUrl }, actor });
        if ("error" in started) throw new Error(started.error);
        return started.runId;
      }));
      // Somewhere in the middle, however slow the machine: a kill before anything has begun says nothing.
      const before = vendor.received.length;
      for (let waited = 0; vendor.received.length === before && waited < 3_000; waited += 10) await sleep(10);
      await sleep(Math.random() * 350);
      worker.kill("SIGKILL");
      await worker.exited;
      runs.push(...ids.map((id) => ({ id })));
      worker = await startWorker();
      await settled();
    }
    // A run may be hit by several kills, so the time counts from the last one.
    const end = Date.now() + DEADLINE_MS;
    while (!(await settled()) && Date.now() < end) await sleep(100);

    const stuck = runs.filter((run) => !run.settledAt);
    expect(await Promise.all(stuck.map((run) => world.row(run.id)))).toEqual([]);
    let parked = 0;
    for (const { id } of runs) {
      const { steps, waits } = await world.trace(id);
      for (const [node, item, key] of CALLS) {
        const step = steps.find((candidate) => candidate.node_id === node && candidate.item === item);
        expect(callsFor(`${id}-${key}`), `${key} of ${id}`).toBeLessThanOrEqual(1);
        if (step?.status === "success") expect(callsFor(`${id}-${key}`)).toBe(1);
        if (step?.ambiguous) expect(step.waiting_on).toMatchObject({ kind: "decision" });
      }
      parked += waits.length;
      for (const wait of waits) await world.engine.answer({ tenantId: world.tenantId, runId: id, waitId: wait.id, decision: "happened", data: {}, actor });
    }
    console.log(`${runs.length} runs, ${ROUNDS} kills, ${parked} calls that may have happened were asked about`);
    // Every call of a run can have been hit, each by its own kill.
    for (const { id } of runs) {
      for (const _ of CALLS) {
        const row = await world.until(id, (candidate) => isFinalRun(candidate.status) || candidate.waiting_on?.kind === "decision", DEADLINE_MS);
        if (isFinalRun(row.status)) break;
        for (const wait of (await world.trace(id)).waits) await world.engine.answer({ tenantId: world.tenantId, runId: id, waitId: wait.id, decision: "happened", data: {}, actor });
      }
      expect(await world.finished(id, DEADLINE_MS)).toMatchObject({ status: "success" });
      for (const [, , key] of CALLS) expect(callsFor(`${id}-${key}`), `${key} of ${id}`).toBeLessThanOrEqual(1);
    }
    worker.kill("SIGTERM");
    expect(await worker.exited).toBe(0);
  });

  it("a run goes on elsewhere within 15 s of its worker's death", { timeout: 60_000 }, async () => {
    const standby = await startWorker();
    const doomed = await startWorker();
    const { playbookId } = await world.publish("takeover", { nodes: { look: { type: "core.http-request", input: { url: { expr: "`${trigger.vendor}/look?key=x`" } } } }, edges: ["trigger -> look"] });
    vendor.delayMs = 20_000;
    const held = async (worker: Worker) => (await world.pool.query<{ id: string }>("SELECT r.id FROM runs r JOIN workers w ON w.id = r.owner WHERE w.pid = $1", [worker.process.pid])).rows.map((row) => row.id);
    // Whichever worker takes a run, sooner or later the doomed one does.
    await expect.poll(async () => {
      await world.engine.start({ tenantId: world.tenantId, playbookId, input: { vendor: vendorUrl }, actor });
      return held(doomed);
    }, { timeout: 20_000, interval: 200 }).not.toEqual([]);
    const lost = await held(doomed);
    doomed.kill("SIGKILL");
    const killedAt = performance.now();
    vendor.delayMs = 10;
    for (const id of lost) expect(await world.finished(id, DEADLINE_MS)).toMatchObject({ status: "success" });
    console.log(`${lost.length} runs went on after ${((performance.now() - killedAt) / 1000).toFixed(1)} s`);
    expect(performance.now() - killedAt).toBeLessThan(DEADLINE_MS);
    standby.kill("SIGKILL");
  });

  it("a worker that was frozen in the middle of a call cannot advance the run any more, but its receipt counts", { timeout: 90_000 }, async () => {
    vendor.delayMs = 1_500;
    const frozen = await startWorker();
    const id = await world.run("frozen", { nodes: { act: post("act"), after: { type: "core.set", input: { key: { expr: "steps.act.body.key" } } } }, edges: ["trigger -> act", "act -> after"] }, { vendor: vendorUrl });
    await expect.poll(() => callsFor(`${id}-act`), { timeout: 10_000, interval: 5 }).toBe(1);
    frozen.kill("SIGSTOP");
    const second = await startWorker();
    await world.until(id, (row) => row.waiting_on?.kind === "decision", DEADLINE_MS);
    frozen.kill("SIGCONT");
    // The answer was waiting in the socket: it settles the question, and nobody has to be asked.
    expect(await world.finished(id, 15_000)).toMatchObject({ status: "success" });
    expect(callsFor(`${id}-act`)).toBe(1);
    expect(await world.step(id, "act")).toMatchObject({ status: "success", output: { body: { key: `${id}-act` } } });
    expect((await world.trace(id)).waits).toEqual([]);
    expect(await frozen.exited).toBe(75);
    second.kill("SIGTERM");
    expect(await second.exited).toBe(0);
  });

  it("a stopping worker hands its runs on without repeating a call", { timeout: 60_000 }, async () => {
    vendor.delayMs = 600;
    const first = await startWorker();
    const { playbookId } = await world.publish("handed", contain);
    const ids = await Promise.all(Array.from({ length: 5 }, async () => {
      const started = await world.engine.start({ tenantId: world.tenantId, playbookId, input: { vendor: vendorUrl }, actor });
      return "runId" in started ? started.runId : "";
    }));
    await expect.poll(() => callsFor(`${ids[0]}-first`), { timeout: 10_000 }).toBe(1);
    const second = await startWorker();
    first.kill("SIGTERM");
    expect(await first.exited).toBe(0);
    for (const id of ids) {
      expect(await world.finished(id, 15_000)).toMatchObject({ status: "success" });
      for (const [, , key] of CALLS) expect(callsFor(`${id}-${key}`)).toBe(1);
    }
    second.kill("SIGTERM");
    expect(await second.exited).toBe(0);
  });
});
