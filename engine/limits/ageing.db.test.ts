import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { uuidv7 } from "#engine/ids.ts";
import { insertRuns, PRIORITIES } from "#engine/queue.ts";
import { EngineWorld } from "#tests/support/engine.ts";
import { Probe } from "#tests/support/probe-nodes.ts";
import { Ageing } from "./ageing.ts";

let world: EngineWorld;
let probe: Probe;
let playbook: { playbookId: string; versionId: string };
beforeEach(async () => {
  probe = new Probe();
  world = await EngineWorld.create(probe.nodes());
  playbook = await world.publish("one-step", { nodes: { work: { type: "probe.none" } }, edges: ["trigger -> work"] });
});
afterEach(() => world.close());

async function start(count: number, priority: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidv7());
  const client = await world.pool.connect();
  await client.query("BEGIN");
  await insertRuns(client, ids.map((id) => ({ id, tenantId: world.tenantId, ...playbook, alertId: null, correlationId: id, mode: "live", priority, sequence: null, origin: { kind: "alert" }, input: null })));
  await client.query("COMMIT");
  client.release();
  return ids;
}
const begun = async (priority: number) => Number((await world.pool.query<{ count: string }>("SELECT count(*) FROM runs WHERE priority = $1 AND started_at IS NOT NULL", [priority])).rows[0]!.count);

describe("priorities", () => {
  it("a flood of 5,000 low runs delays a high one by one batch of the queue at most", async () => {
    await start(5_000, PRIORITIES.low);
    await world.startWorker();
    await expect.poll(() => begun(PRIORITIES.low), { timeout: 10_000, interval: 5 }).toBeGreaterThan(0);
    const [urgent] = await start(1, PRIORITIES.high);
    const before = await begun(PRIORITIES.low);
    await world.finished(urgent!, 30_000);
    const { rows } = await world.pool.query<{ count: string }>("SELECT count(*) FROM runs, (SELECT started_at FROM runs WHERE id = $1) AS urgent WHERE runs.priority = $2 AND runs.started_at < urgent.started_at", [urgent, PRIORITIES.low]);
    // What a worker has fetched (200) goes first, and what it was at work on.
    expect(Number(rows[0]!.count) - before).toBeLessThan(400);
  }, 60_000);

  it("low runs go on under a steady stream of high ones", async () => {
    await start(20, PRIORITIES.low);
    await world.pool.query("UPDATE graphile_worker._private_jobs SET run_at = now() - interval '1 minute'");
    probe.script("work", { do: "return", afterMs: 20 });
    let stopped = false;
    const stream = (async () => {
      // More than the worker can do: its queue always holds a high one.
      while (!stopped) {
        const { rows } = await world.pool.query<{ count: string }>("SELECT count(*) FROM graphile_worker._private_jobs WHERE priority = $1 AND is_available = true", [PRIORITIES.high]);
        if (Number(rows[0]!.count) < 1_000) await start(500, PRIORITIES.high);
      }
    })();
    await expect.poll(() => world.pool.query("SELECT FROM graphile_worker._private_jobs").then(({ rowCount }) => rowCount), { timeout: 15_000 }).toBeGreaterThan(1_000);
    await world.startWorker({ concurrency: 4 });
    await expect.poll(() => begun(PRIORITIES.low), { timeout: 40_000 }).toBeGreaterThanOrEqual(5);
    stopped = true;
    await stream;
  }, 60_000);

  it("of an old flood only a few overtake, until others have had their share", async () => {
    await start(1_000, PRIORITIES.low);
    await world.pool.query("UPDATE graphile_worker._private_jobs SET run_at = now() - interval '1 hour'");
    const ageing = new Ageing(world.pool);
    expect(await ageing.run(0)).toBe(5);
    // They have not been taken yet.
    expect(await ageing.run(2_000)).toBe(0);
    await world.pool.query("DELETE FROM graphile_worker._private_jobs WHERE priority = -20");
    expect(await ageing.run(10_000)).toBe(0);
    expect(await ageing.run(39_000)).toBe(0);
    expect(await ageing.run(41_000)).toBe(5);
  });
});
