import { afterEach, beforeEach, describe, expect, it } from "vitest";
import pg from "pg";
import { uuidv7 } from "#engine/ids.ts";
import { addRunJobs } from "#engine/queue.ts";
import { Claims } from "./claim.ts";
import { EngineWorld } from "#tests/support/engine.ts";
import { Probe } from "#tests/support/probe-nodes.ts";

let world: EngineWorld;
let probe: Probe;
beforeEach(async () => {
  probe = new Probe();
  world = await EngineWorld.create(probe.nodes());
});
afterEach(() => world.close());

const graph = { nodes: { act: { type: "probe.contain" }, after: { type: "probe.none" } }, edges: ["trigger -> act", "act -> after"] };
const queue = async (runId: string, epoch: number) => {
  const client = await world.pool.connect();
  await addRunJobs(client, [{ runId, epoch, priority: 0 }]);
  client.release();
};

describe("the lease", () => {
  it("a job of an older epoch does nothing, and every claim raises the epoch", async () => {
    const id = await world.run("stale", graph);
    await world.pool.query("UPDATE runs SET epoch = 5 WHERE id = $1", [id]);
    const owner = uuidv7();
    const claims = new Claims(world.pool, owner);
    expect(await claims.claim(id, 0)).toBeNull();
    expect(await claims.claim(id, 5)).toMatchObject({ id, epoch: 6, was: "pending" });
    expect(await claims.claim(id, 6)).toBeNull();
    expect(await world.row(id)).toMatchObject({ status: "running", owner, epoch: 6 });
  });

  it("two jobs for one run execute it once", async () => {
    probe.script("act", { do: "return", afterMs: 300 });
    const id = await world.run("twice", graph);
    await world.startWorker();
    await world.startWorker();
    for (let at = 0; at < 10; at++) await queue(id, (await world.row(id)).epoch);
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect(probe.callsOf("act")).toHaveLength(1);
  });

  it("a run that lost its job is found and said to be an error", async () => {
    const id = await world.run("orphan", graph);
    await world.pool.query("DELETE FROM graphile_worker._private_jobs");
    await world.startWorker();
    expect(await world.finished(id, 25_000)).toMatchObject({ status: "success" });
    expect(world.errors.join()).toContain("waiting for nothing");
  });

  it("a run of a worker that is gone goes on with the next, its call is not repeated", async () => {
    const id = await world.run("gone", graph);
    const dead = uuidv7();
    await world.pool.query("INSERT INTO workers (id, host, pid, runs, heartbeat_at) VALUES ($1, 'elsewhere', 1, '{}', now() - interval '1 minute')", [dead]);
    await world.pool.query("UPDATE runs SET owner = $2, epoch = 1, status = 'running' WHERE id = $1", [id, dead]);
    await world.startWorker();
    expect(await world.finished(id, 20_000)).toMatchObject({ status: "success", epoch: 3 });
    expect(probe.callsOf("act")).toHaveLength(1);
  });

  it("a run whose node this worker does not know waits for one that does", async () => {
    const id = await world.run("newer", { nodes: { a: { type: "probe.none", version: 7 } }, edges: ["trigger -> a"] });
    // A version that a newer Playgraph published; only the owner may change what is immutable.
    const owner = new pg.Client({ connectionString: world.db.url });
    await owner.connect();
    await owner.query("UPDATE playbook_versions SET document = jsonb_set(document, '{nodes,0,type}', '\"vendor.future-node\"')");
    await owner.end();
    await world.startWorker();
    expect(await world.until(id, (row) => row.waiting_on?.text.includes("vendor.future-node") ?? false)).toMatchObject({ owner: null, waiting_on: { kind: "worker", text: "a worker that has the node vendor.future-node version 7" } });
  });

  it("a database that throws everybody out loses no run and repeats no call", async () => {
    probe.script("act", { do: "return", afterMs: 600, data: { done: 1 } });
    const ids = [];
    for (let at = 0; at < 5; at++) ids.push(await world.run(`outage-${at}`, graph));
    await world.startWorker();
    await expect.poll(() => probe.callsOf("act").length).toBe(5);
    await world.pool.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'playgraph%'");
    for (const id of ids) {
      expect(await world.finished(id, 20_000)).toMatchObject({ status: "success" });
      expect(await world.step(id, "act")).toMatchObject({ status: "success", output: { done: 1 } });
    }
    expect(probe.callsOf("act")).toHaveLength(5);
  });
});

describe("an intent that is taken back", () => {
  it("a worker that is told to stop between intent and call leaves nothing to ask about", async () => {
    // The lock holds up the commit of the intent, so that the stop certainly comes before the call.
    const owner = new pg.Client({ connectionString: world.db.url });
    await owner.connect();
    await owner.query("BEGIN");
    await owner.query("LOCK TABLE steps IN ACCESS EXCLUSIVE MODE");
    const id = await world.run("taken-back", graph);
    const worker = await world.startWorker();
    const blocked = async () => (await world.pool.query("SELECT FROM pg_locks WHERE NOT granted AND relation = 'steps'::regclass")).rowCount;
    await expect.poll(blocked).toBeGreaterThan(0);
    const stopped = worker.stop();
    await owner.query("COMMIT");
    await owner.end();
    await stopped;
    expect(probe.calls).toEqual([]);
    expect(await world.row(id)).toMatchObject({ status: "running", owner: null, waiting_on: { kind: "worker" } });
    await world.startWorker();
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect(probe.callsOf("act")).toHaveLength(1);
  });
});
