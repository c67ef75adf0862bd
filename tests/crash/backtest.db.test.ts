/** A worker is killed in the middle of a backtest: another one goes on with it, and what is compared is complete. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { uuidv7 } from "#engine/ids.ts";
import { EngineWorld, type ShortPlaybook } from "#tests/support/engine.ts";
import { spawnWorker, Vendor, type Worker } from "./product.ts";

const ALERTS = 12;
/** Up to 15 s for the takeover of what the dead worker held, twice, and the rest for the runs on a busy machine. */
const DEADLINE_MS = 60_000;

it("kill -9 twice in a backtest: each alert is compared once, and nothing was called", { timeout: 120_000 }, async () => {
  const world = await EngineWorld.create();
  const vendor = new Vendor();
  const url = await vendor.start();
  const workers: Worker[] = [];
  const start = async () => {
    workers.push(await spawnWorker({ DATABASE_ENGINE_URL: world.db.engineUrl, PLAYGRAPH_SECRET_KEY: world.secretKey, PLAYGRAPH_HTTP_ALLOW_PRIVATE: "true", WORKER_CONCURRENCY: "10" }));
    return workers.at(-1)!;
  };
  try {
    const slow: ShortPlaybook = {
      nodes: {
        think: { type: "core.code", input: { result: { file: "code/think.ts" } } },
        act: { type: "core.http-request", config: { method: "POST" }, input: { url: { value: `${url}/act?key=backtest` } } },
      },
      edges: ["trigger -> think", "think -> act"],
      files: { "code/think.ts": "export default () => { const until = Date.now() + 150; while (Date.now() < until); return 1; };" },
    };
    const { playbookId, versionId } = await world.publish("killed", slow);
    for (let at = 0; at < ALERTS; at++) {
      await world.pool.query("INSERT INTO alerts (id, tenant_id, source, title, severity, tags, techniques, raw_payload, correlation_id, job_id) VALUES ($1, $2, 'x', 'T', 'high', '{}', '{}', '{}', $1, $1)", [uuidv7(), world.tenantId]);
    }
    const started = await world.engine.backtest({ tenantId: world.tenantId, playbookId, draftVersionId: versionId, selection: { last: ALERTS }, missing: "fail", approvals: "recorded", actor: { id: null, name: "tester" } });
    if ("error" in started) throw new Error(started.error);

    const compared = async () => (await world.pool.query<{ outcome: string }>("SELECT outcome FROM backtest_alerts WHERE backtest_id = $1 AND outcome IS NOT NULL", [started.backtestId])).rows.map(({ outcome }) => outcome);
    const until = async (condition: () => Promise<boolean>) => {
      for (const end = Date.now() + DEADLINE_MS; !(await condition()); await sleep(50)) if (Date.now() > end) throw new Error(`it did not get there: ${JSON.stringify(await compared())}`);
    };
    for (const many of [2, 5]) {
      const worker = await start();
      await until(async () => (await compared()).length >= many);
      worker.kill("SIGKILL");
      await worker.exited;
      expect((await compared()).length).toBeLessThan(ALERTS);
    }
    await start();
    await until(async () => (await world.pool.query("SELECT FROM backtests WHERE id = $1 AND status = 'finished'", [started.backtestId])).rowCount === 1);
    expect(await compared()).toEqual(Array.from({ length: ALERTS }, () => "same"));
    const { rows } = await world.pool.query("SELECT count(*)::int AS runs, count(*) FILTER (WHERE status = 'success')::int AS success FROM runs WHERE backtest_id = $1", [started.backtestId]);
    expect(rows).toEqual([{ runs: 2 * ALERTS, success: 2 * ALERTS }]);
    expect(vendor.received).toEqual([]);
  } finally {
    for (const worker of workers) worker.kill("SIGKILL");
    await Promise.all(workers.map((worker) => worker.exited));
    await vendor.stop();
    await world.close();
  }
});
