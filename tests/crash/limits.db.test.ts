/** Kills real workers while a playbook's limit holds runs back. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isFinalRun } from "#engine/status.ts";
import { EngineWorld } from "#tests/support/engine.ts";
import { spawnWorker, Vendor, type Worker } from "./product.ts";

const actor = { id: null, name: "tester" };
let world: EngineWorld;
let vendor: Vendor;
let vendorUrl: string;
let last: Worker | undefined;

beforeAll(async () => {
  world = await EngineWorld.create();
  vendor = new Vendor();
  vendorUrl = await vendor.start();
});
afterAll(async () => {
  last?.kill("SIGKILL");
  await last?.exited;
  await vendor.stop();
  await world.close();
});

const startWorker = async (): Promise<Worker> => (last = await spawnWorker({ DATABASE_ENGINE_URL: world.db.engineUrl, PLAYGRAPH_SECRET_KEY: world.secretKey, PLAYGRAPH_HTTP_ALLOW_PRIVATE: "true", WORKER_CONCURRENCY: "10" }));
const post = (step: string) => ({ type: "core.http-request", config: { method: "POST" }, input: { url: { expr: `\`\${trigger.vendor}/act?key=\${run.id}-${step}\`` } } });
const callsFor = (key: string) => vendor.received.filter((call) => call.key === key).length;

describe("killed workers", () => {
  it("keep no place: runs of a playbook with a limit all get their turn, never more of them than the limit says", { timeout: 90_000 }, async () => {
    vendor.delayMs = 150;
    const { playbookId } = await world.publish("limited", { nodes: { look: { type: "core.http-request", input: { url: { expr: "`${trigger.vendor}/look?key=x`" } } }, act: post("act") }, edges: ["trigger -> look", "look -> act"], concurrency: 2 });
    const ids: string[] = [];
    for (let at = 0; at < 12; at++) {
      const started = await world.engine.start({ tenantId: world.tenantId, playbookId, input: { vendor: vendorUrl }, actor });
      ids.push((started as { runId: string }).runId);
    }
    const held = async () => (await world.pool.query("SELECT FROM runs WHERE playbook_id = $1 AND owner IS NOT NULL AND finished_at IS NULL", [playbookId])).rowCount ?? 0;
    let most = 0;
    let worker = await startWorker();
    for (let kill = 0; kill < 3; kill++) {
      for (const end = Date.now() + 400 + Math.random() * 300; Date.now() < end; await sleep(10)) most = Math.max(most, await held());
      worker.kill("SIGKILL");
      await worker.exited;
      worker = await startWorker();
    }
    const isSettled = async (id: string) => {
      const row = await world.row(id);
      return isFinalRun(row.status) || row.waiting_on?.kind === "decision";
    };
    await expect.poll(async () => {
      most = Math.max(most, await held());
      return (await Promise.all(ids.map(isSettled))).filter(Boolean).length;
    }, { timeout: 60_000, interval: 20 }).toBe(ids.length);
    expect(most).toBe(2);
    for (const id of ids) expect(callsFor(`${id}-act`)).toBeLessThanOrEqual(1);
  });
});
