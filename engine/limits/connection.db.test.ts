import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { uuidv7 } from "#engine/ids.ts";
import { defineConnection, defineNode, type Json } from "#sdk";
import { EngineWorld } from "#tests/support/engine.ts";

/** How many calls are under way, and what was the most. */
const desk = { now: 0, most: 0, calls: 0, ms: 80 };
const connection = defineConnection({ type: "desk", title: "Desk", description: "A desk", settings: z.object({}), hosts: () => [], open: () => ({}), check: async () => ({ healthy: true, message: "here" }) });
const make = (effect: "read" | "write") => defineNode({
  type: `desk.${effect}`, version: 1, ui: { title: "Ask the desk", category: "control", icon: "x", summary: "" }, connection,
  config: z.object({}), input: z.object({}), outputs: { out: z.unknown() }, effect, timeout: 30,
  simulate: () => ({ port: "out" as const, data: {} }),
  run: async () => {
    desk.calls++;
    desk.most = Math.max(desk.most, ++desk.now);
    await sleep(desk.ms);
    desk.now--;
    return { port: "out" as const, data: { done: true } as Json };
  },
});

let world: EngineWorld;
const connectionId = uuidv7();
beforeEach(async () => {
  Object.assign(desk, { now: 0, most: 0, calls: 0, ms: 80 });
  world = await EngineWorld.create([make("read"), make("write")]);
  await world.pool.query("INSERT INTO connections (id, tenant_id, type, name, max_concurrent) VALUES ($1, $2, 'desk', 'front desk', 2)", [connectionId, world.tenantId]);
});
afterEach(() => world.close());

const asks = (type = "desk.read") => ({ nodes: { ask: { type } }, edges: ["trigger -> ask"] });
const places = async () => (await world.pool.query<{ epoch: number | null }>("SELECT epoch FROM connection_places")).rows;

describe("a connection that limits its steps", () => {
  it("is used by that many at a time, on two workers; who waits holds no worker and says what for", async () => {
    desk.ms = 400;
    const ids: string[] = [];
    for (let at = 0; at < 8; at++) ids.push(await world.run(`asks-${at}`, asks(at % 2 ? "desk.read" : "desk.write")));
    await world.startWorker();
    await world.startWorker();
    await expect.poll(async () => (await Promise.all(ids.map((id) => world.row(id)))).filter((row) => row.waiting_on?.kind === "concurrency" && row.owner === null).length, { timeout: 5_000 }).toBeGreaterThanOrEqual(4);
    const waiting = (await Promise.all(ids.map((id) => world.row(id)))).find((row) => row.waiting_on?.kind === "concurrency");
    expect(waiting?.waiting_on).toMatchObject({ text: 'it waits for a free place at the connection "front desk", which 2 steps use at a time', step_id: expect.any(String) });
    for (const id of ids) expect(await world.finished(id, 15_000)).toMatchObject({ status: "success" });
    expect(desk).toMatchObject({ most: 2, calls: 8 });
    await expect.poll(places, { timeout: 5_000 }).toEqual([]);
    expect(world.errors).toEqual([]);
  });

  it("holds for the steps of one run, too", async () => {
    const id = await world.run("all", { nodes: { all: { type: "core.each", config: { concurrency: 6 }, input: { items: { value: [1, 2, 3, 4, 5, 6] } } }, ask: { type: "desk.write", in: "all" } }, edges: ["trigger -> all"] });
    await world.startWorker();
    expect(await world.finished(id, 15_000)).toMatchObject({ status: "success" });
    expect(desk).toMatchObject({ most: 2, calls: 6 });
  });

  it("the places of a worker that died are free when its runs go on", async () => {
    const dead = uuidv7();
    await world.pool.query("INSERT INTO workers (id, host, pid, runs, heartbeat_at) VALUES ($1, 'elsewhere', 1, '{}', now() - interval '1 minute')", [dead]);
    const [one, two] = [await world.run("dead-one", asks()), await world.run("dead-two", asks())];
    for (const id of [one, two]) {
      await world.pool.query("UPDATE runs SET owner = $2, epoch = 1, status = 'running', waiting_on = NULL WHERE id = $1", [id, dead]);
      await world.pool.query("INSERT INTO connection_places (step_id, tenant_id, connection_id, run_id, epoch, priority) VALUES ($1, $2, $3, $4, 1, 0)", [uuidv7(), world.tenantId, connectionId, id]);
    }
    const next = await world.run("next", asks());
    await world.startWorker();
    for (const id of [one, two, next]) expect(await world.finished(id, 20_000)).toMatchObject({ status: "success" });
  });

  it("who is cancelled while it waits is not waited for", async () => {
    desk.ms = 1_000;
    const ids: string[] = [];
    for (let at = 0; at < 4; at++) ids.push(await world.run(`cancelled-${at}`, asks()));
    await world.startWorker();
    await expect.poll(async () => (await places()).filter((place) => place.epoch === null).length, { timeout: 5_000 }).toBe(2);
    const { rows } = await world.pool.query<{ run_id: string }>("SELECT run_id FROM connection_places WHERE epoch IS NULL ORDER BY priority, asked_at LIMIT 1");
    await world.engine.cancel({ tenantId: world.tenantId, runId: rows[0]!.run_id, actor: { id: null, name: "ann" } });
    for (const id of ids) expect((await world.finished(id)).status).toBe(id === rows[0]!.run_id ? "cancelled" : "success");
  });
});
