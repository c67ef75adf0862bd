/** Schedules on a real database: nothing twice, nothing lost, whoever looks and whatever was published meanwhile. */
import pino from "pino";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parseDocument } from "#format";
import { EngineWorld } from "#tests/support/engine.ts";
import { Scheduler } from "./scheduler.ts";

let world: EngineWorld;
/** Each has connections of its own, as each worker has. */
let pools: pg.Pool[];
let schedulers: Scheduler[];

beforeAll(async () => {
  world = await EngineWorld.create();
  pools = Array.from({ length: 4 }, () => new pg.Pool({ connectionString: world.db.engineUrl, max: 2 }));
  schedulers = pools.map((pool) => new Scheduler(pool, pino({ level: "silent" })));
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await world.close();
});
beforeEach(() => world.pool.query("DELETE FROM schedules"));

const publish = async (name: string, schedule: object = { cron: "0 * * * *" }, over: object = {}): Promise<string> => {
  const trigger = { on: "schedule", schedule, ...over };
  const { playbookId } = await world.publishDocument(name, parseDocument({ format: 1, name, trigger, nodes: [{ id: "a", type: "core.set", input: { at: { expr: "trigger.scheduled_for" } } }], edges: [{ id: "e", from: "trigger", to: "a" }] }));
  return playbookId;
};
const row = async (id: string) => (await world.pool.query<{ cron: string; timezone: string; since: Date; next_at: Date | null }>("SELECT cron, timezone, since, next_at FROM schedules WHERE playbook_id = $1", [id])).rows[0];
const runsOf = async (id: string) => (await world.pool.query<{ id: string; input: { scheduled_for: string; fired_at: string }; origin: object; priority: number }>("SELECT id, input, origin, priority FROM runs WHERE playbook_id = $1 ORDER BY id", [id])).rows;
const look = (): Promise<number[]> => Promise.all(schedulers.map((scheduler) => scheduler.run()));
const databaseNow = async (): Promise<Date> => (await world.pool.query<{ now: Date }>("SELECT now()")).rows[0]!.now;
/** @param ago an interval: when the schedule would have been due */
const due = (id: string, ago: string) => world.pool.query("UPDATE schedules SET next_at = date_trunc('minute', now()) - $2::interval WHERE playbook_id = $1", [id, ago]);

describe("what is due", () => {
  it("starts once, with its run, its job and the next time, however many look at the same moment", async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, (_, n) => publish(`once-${n}`, { cron: "* * * * *" }, n === 0 ? { priority: "high" } : {})));
    await look();
    await Promise.all(ids.map((id) => due(id, "0 minutes")));
    expect((await Promise.all(Array.from({ length: 5 }, look))).flat().reduce((sum, count) => sum + count)).toBe(30);
    const now = await databaseNow();
    for (const id of ids) {
      const [run, second] = await runsOf(id);
      expect([run?.origin, second]).toEqual([{ kind: "schedule" }, undefined]);
      expect(Date.parse(run!.input.fired_at) - Date.parse(run!.input.scheduled_for)).toBeLessThan(60_000);
      expect((await row(id))!.next_at!.getTime()).toBeGreaterThan(now.getTime() - 60_000);
    }
    expect((await runsOf(ids[0]!))[0]!.priority).toBe(-10);
    expect((await world.pool.query("SELECT FROM graphile_worker._private_jobs WHERE key = ANY($1::text[])", [(await runsOf(ids[0]!)).map((run) => `run:${run.id}`)])).rowCount).toBe(1);
  });

  it("is done once after a night without workers, for the last of its times, or not at all", async () => {
    const [late, left] = [await publish("late"), await publish("left", { cron: "0 * * * *", catchUp: false })];
    await look();
    for (const id of [late, left]) await due(id, "14 hours");
    const now = await databaseNow();
    await look();
    const runs = await runsOf(late);
    expect(runs).toHaveLength(1);
    const hour = new Date(now);
    hour.setUTCMinutes(0, 0, 0);
    expect(runs[0]!.input.scheduled_for).toBe(hour.toISOString());
    // In the first minute of an hour the last time is on time.
    if (now.getUTCMinutes() > 0) expect(await runsOf(left)).toEqual([]);
    expect((await row(left))!.next_at!.getTime()).toBe(hour.getTime() + 3_600_000);
  });

  it("stays due when the commit fails", async () => {
    const id = await publish("again", { cron: "* * * * *" });
    await look();
    await due(id, "0 minutes");
    const owner = new pg.Pool({ connectionString: world.db.url, max: 1 });
    await owner.query("ALTER TABLE runs ADD CONSTRAINT never CHECK (priority <> 0) NOT VALID");
    await expect(schedulers[0]!.run()).rejects.toThrow(/never/);
    expect(await runsOf(id)).toEqual([]);
    await owner.query("ALTER TABLE runs DROP CONSTRAINT never");
    await owner.end();
    await look();
    expect(await runsOf(id)).toHaveLength(1);
  });

  it("is found by workers, and runs", async () => {
    const id = await publish("runs", { cron: "* * * * *" });
    const workers = await Promise.all([world.startWorker(), world.startWorker()]);
    await expect.poll(async () => (await row(id))?.next_at, { timeout: 5_000 }).toBeTruthy();
    await due(id, "1 minute");
    await expect.poll(async () => (await runsOf(id)).length, { timeout: 5_000 }).toBe(1);
    const [run] = await runsOf(id);
    expect((await world.finished(run!.id)).status).toBe("success");
    expect((await world.step(run!.id, "a")).output).toEqual({ at: run!.input.scheduled_for });
    await Promise.all(workers.map((worker) => worker.stop()));
  });
});

describe("publishing, turning on and off", () => {
  it("plans from the moment of the commit", async () => {
    const id = await publish("planned", { cron: "30 6 * * *", timezone: "Europe/Berlin" });
    expect(await row(id)).toMatchObject({ cron: "30 6 * * *", timezone: "Europe/Berlin", next_at: null });
    await look();
    const planned = (await row(id))!.next_at!;
    expect(new Intl.DateTimeFormat("de", { timeZone: "Europe/Berlin", hour: "2-digit", minute: "2-digit" }).format(planned)).toBe("06:30");
    expect(planned.getTime() - Date.now()).toBeLessThan(25 * 3_600_000);
  });

  it("ends and begins in the same commit, and catches nothing up in between", async () => {
    const id = await publish("switch");
    await look();
    await due(id, "3 hours");
    await world.pool.query("UPDATE playbooks SET enabled = false WHERE id = $1", [id]);
    expect(await row(id)).toBeUndefined();
    await world.pool.query("UPDATE playbooks SET enabled = true WHERE id = $1", [id]);
    await look();
    expect((await row(id))!.next_at!.getTime()).toBeGreaterThan(Date.now() - 1000);
    expect(await runsOf(id)).toEqual([]);
  });

  it("goes on as planned with a new version of the same times, and anew with other ones", async () => {
    const id = await publish("versions");
    await look();
    const before = (await row(id))!;
    const version = async (number: number, trigger: object) => {
      const { rows: [{ id: versionId }] } = await world.pool.query(
        `INSERT INTO playbook_versions (id, tenant_id, playbook_id, number, document, layout, content_hash)
         SELECT gen_random_uuid(), tenant_id, playbook_id, $2::int, jsonb_set(document, '{trigger}', $3), layout, $2::text FROM playbook_versions WHERE playbook_id = $1 AND number = 1 RETURNING id`, [id, number, JSON.stringify(trigger)]);
      await world.pool.query("UPDATE playbooks SET published_version_id = $2 WHERE id = $1", [id, versionId]);
    };
    await version(2, { on: "schedule", schedule: { cron: "0 * * * *" }, priority: "low" });
    expect(await row(id)).toEqual(before);
    await version(3, { on: "schedule", schedule: { cron: "5 * * * *" } });
    expect(await row(id)).toMatchObject({ cron: "5 * * * *", next_at: null });
    await version(4, { on: "manual", schedule: { cron: "5 * * * *" } });
    expect(await row(id)).toBeUndefined();
  });

  it("rests while its tenant is not active", async () => {
    const id = await publish("resting");
    await look();
    await due(id, "0 minutes");
    const owner = new pg.Pool({ connectionString: world.db.url, max: 1 });
    await owner.query("UPDATE tenants SET active = false");
    await look();
    expect(await runsOf(id)).toEqual([]);
    await owner.query("UPDATE tenants SET active = true");
    await owner.end();
    await look();
    expect(await runsOf(id)).toHaveLength(1);
  });

  it("is over where there is no other time", async () => {
    const id = await publish("never", { cron: "0 0 30 2 *" });
    await look();
    expect(await row(id)).toBeUndefined();
  });
});
