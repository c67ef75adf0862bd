import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { uuidv7 } from "#engine/ids.ts";
import { insertRuns, PRIORITIES } from "#engine/queue.ts";
import { EngineWorld, type ShortPlaybook } from "#tests/support/engine.ts";
import { Probe } from "#tests/support/probe-nodes.ts";

let world: EngineWorld;
let probe: Probe;
beforeEach(async () => {
  probe = new Probe();
  world = await EngineWorld.create(probe.nodes());
});
afterEach(() => world.close());

const limited = (concurrency: number): ShortPlaybook => ({ nodes: { work: { type: "probe.read" } }, edges: ["trigger -> work"], concurrency });

async function start(playbook: { playbookId: string; versionId: string }, count: number, priority: number = PRIORITIES.default): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidv7());
  const client = await world.pool.connect();
  await client.query("BEGIN");
  await insertRuns(client, ids.map((id) => ({ id, tenantId: world.tenantId, ...playbook, alertId: null, correlationId: id, mode: "live", priority, sequence: null, origin: { kind: "alert" }, input: null })));
  await client.query("COMMIT");
  client.release();
  return ids;
}

/** Runs that were at work at the same moment, at most, by the times of their steps. */
async function mostAtOnce(ids: string[]): Promise<number> {
  const times = await Promise.all(ids.map(async (id) => {
    const step = await world.step(id, "work");
    return [Date.parse(step.started_at!), Date.parse(step.finished_at!)] as const;
  }));
  return Math.max(...times.map(([at]) => times.filter(([from, to]) => from <= at && at < to).length));
}

describe("a playbook that limits its runs", () => {
  it("has that many at work, on two workers, and says what the others wait for", async () => {
    probe.script("work", { do: "return", afterMs: 60 });
    const playbook = await world.publish("limited", limited(2));
    const ids = (await Promise.all([start(playbook, 6), start(playbook, 6)])).flat();
    const waiting = await Promise.all(ids.map(async (id) => (await world.row(id)).waiting_on));
    expect(waiting.filter((wait) => wait?.kind === "concurrency")).toHaveLength(10);
    expect(waiting.find((wait) => wait?.kind === "concurrency")?.text).toContain("its playbook limits");
    await world.startWorker();
    await world.startWorker();
    for (const id of ids) expect(await world.finished(id, 15_000)).toMatchObject({ status: "success" });
    expect(await mostAtOnce(ids)).toBe(2);
    expect(world.errors).toEqual([]);
  });

  it("lets in by priority, then in order of arrival", async () => {
    const playbook = await world.publish("ordered", limited(1));
    probe.script("work", { do: "return", afterMs: 30 });
    const first: string[] = [];
    for (let at = 0; at < 3; at++) {
      first.push(...(await start(playbook, 1, PRIORITIES.low)));
      await sleep(2);
    }
    const urgent = await start(playbook, 1, PRIORITIES.high);
    await world.startWorker();
    for (const id of [...first, ...urgent]) await world.finished(id);
    const { rows } = await world.pool.query<{ id: string }>("SELECT id FROM runs ORDER BY started_at");
    // The first had its place already.
    expect(rows.map((row) => row.id)).toEqual([first[0], urgent[0], first[1], first[2]]);
  });

  it("does not wait for people: a run that waits for one gives its place away, and goes on whenever it is answered", async () => {
    const playbook = await world.publish("asks", { nodes: { work: { type: "probe.read" }, act: { type: "probe.write", approval: {} } }, edges: ["trigger -> work", "work -> act"], concurrency: 1 });
    await world.startWorker();
    const [one, two] = await start(playbook, 2);
    for (const id of [one!, two!]) await world.until(id, (row) => row.waiting_on?.kind === "approval");
    const { waits } = await world.trace(one!);
    await world.engine.reply({ tenantId: world.tenantId, runId: one!, waitId: waits[0]!.id, role: "admin", value: { choice: "approve", values: {}, reason: null } as never, actor: { id: null, name: "ann" } });
    expect(await world.finished(one!)).toMatchObject({ status: "success" });
  });

  it("a parent that waits for a run of its own playbook does not wait in a circle", async () => {
    const playbook = await world.publish("itself", { nodes: { sub: { type: "core.run-playbook", config: { playbook: "itself" }, input: { input: { value: {} } } } }, edges: ["trigger -> sub"], concurrency: 1 });
    await world.startWorker();
    const [parent] = await start(playbook, 1);
    const { error } = await world.finished(parent!);
    // Every one of them has had its turn.
    expect(error?.message).toContain("at most 10 deep");
  });

  it("a worker that died keeps no place, and a limit that is lifted lets everybody in", async () => {
    const playbook = await world.publish("orphaned", limited(1));
    const [held, next] = await start(playbook, 2);
    const dead = uuidv7();
    await world.pool.query("INSERT INTO workers (id, host, pid, runs, heartbeat_at) VALUES ($1, 'elsewhere', 1, '{}', now() - interval '1 minute')", [dead]);
    await world.pool.query("UPDATE runs SET owner = $2, epoch = 1, status = 'running', waiting_on = NULL WHERE id = $1", [held, dead]);
    await world.startWorker();
    for (const id of [held!, next!]) expect(await world.finished(id, 15_000)).toMatchObject({ status: "success" });
    probe.script("work", { do: "return", afterMs: 3_000 });
    const slow = await start(playbook, 3);
    await sleep(300);
    const unlimited = await world.publish("orphaned-2", { nodes: { work: { type: "probe.read" } }, edges: ["trigger -> work"] });
    await world.pool.query("UPDATE playbooks SET published_version_id = $2 WHERE id = $1", [playbook.playbookId, unlimited.versionId]);
    await Promise.all(slow.map((id) => world.until(id, (row) => row.owner !== null, 14_000)));
  });

  it("who is cancelled before its turn takes no place, and leaves none behind", async () => {
    const playbook = await world.publish("cancelled", limited(1));
    const [first, second, third] = await start(playbook, 3);
    await world.engine.cancel({ tenantId: world.tenantId, runId: second!, actor: { id: null, name: "ann" } });
    await world.startWorker();
    expect(await world.finished(second!)).toMatchObject({ status: "cancelled" });
    for (const id of [first!, third!]) expect(await world.finished(id)).toMatchObject({ status: "success" });
  });
});
