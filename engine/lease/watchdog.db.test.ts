import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stuckRuns } from "#engine/metrics.ts";
import { RUN_STATUSES, waitOf, isFinalRun } from "#engine/status.ts";
import { EngineWorld, type RunRow } from "#tests/support/engine.ts";
import { Probe } from "#tests/support/probe-nodes.ts";

let world: EngineWorld;
let probe: Probe;
beforeEach(async () => {
  probe = new Probe();
  world = await EngineWorld.create(probe.nodes());
});
afterEach(() => world.close());

const one = (type: string, more: object = {}) => ({ nodes: { act: { type, ...more } }, edges: ["trigger -> act"] });
const counted = async (why: string) => (await stuckRuns.get()).values.find(({ labels }) => labels["why"] === why)?.value ?? 0;
const waiting = (id: string, kind: string) => world.until(id, (row) => row.status === "waiting" && row.owner === null && row.waiting_on?.kind === kind);

describe("a run that waits for nothing that could still come", () => {
  it("is found when a living worker has lost it, goes on within 15 s, and is an error with its state", async () => {
    const worker = await world.startWorker();
    const id = await world.run("lost", one("probe.none"));
    await world.finished(id);
    const before = await counted("lost-by-its-worker");
    await world.pool.query("UPDATE runs SET status = 'running', owner = $2, waiting_on = NULL, finished_at = NULL WHERE id = $1", [id, worker.id]);
    const since = performance.now();
    expect(await world.finished(id, 20_000)).toMatchObject({ status: "success" });
    expect(performance.now() - since).toBeLessThan(15_000);
    expect(world.errors.join()).toMatch(new RegExp(`lost-by-its-worker.*${id}.*"status":"running"`));
    expect(await counted("lost-by-its-worker")).toBe(before + 1);
  }, 30_000);

  it("is found when its answer or its child's end was not told", async () => {
    await world.publish("child", one("core.wait-for-callback"));
    const parent = await world.run("parent", one("core.run-playbook", { config: { playbook: "child" }, input: { input: { value: {} } } }));
    const asked = await world.run("asked", one("probe.write", { approval: {} }));
    const worker = await world.startWorker();
    await waiting(asked, "approval");
    const { waiting_on } = await waiting(parent, "run");
    await worker.stop();
    await world.pool.query("UPDATE waits SET answered_at = now() - interval '1 minute', answer = '{}' WHERE run_id = $1", [asked]);
    await world.pool.query("UPDATE runs SET status = 'failed', finished_at = now() - interval '1 minute' WHERE id = $1", [(waiting_on as { run_id: string }).run_id]);
    await world.startWorker();
    await expect.poll(() => world.errors.join(), { timeout: 15_000 }).toContain("nothing-to-wait-for");
    expect(world.errors.join()).toContain(asked);
    expect(world.errors.join()).toContain(parent);
  }, 30_000);
});

describe("what a run waits for", () => {
  it("is said in every state but the final ones", () => {
    for (const status of RUN_STATUSES) expect(waitOf({ status, waiting_on: null }) === null).toBe(isFinalRun(status));
    expect(waitOf({ status: "running", waiting_on: null }, [{ id: "s", title: "Look up" }, { id: "t", title: "Ask" }])).toEqual({ kind: "step", text: '"Look up" and 1 more are at work', step_id: "s" });
  });

  it("stands in the row whenever nobody holds the run, through every kind of wait", async () => {
    probe.script("slow", { do: "return", afterMs: 150 });
    probe.script("lost", { do: "fail", kind: "ambiguous" });
    await world.publish("child", one("core.wait-for-callback"));
    const seen = new Set<string>();
    const silent: RunRow[] = [];
    let stopped = false;
    const watching = (async () => {
      while (!stopped) {
        const { rows } = await world.pool.query<RunRow>("SELECT id, status, owner, waiting_on FROM runs");
        for (const row of rows) {
          const wait = waitOf(row);
          if (wait) seen.add(wait.kind);
          if (!isFinalRun(row.status) && (wait === null || (row.owner === null && row.waiting_on === null))) silent.push(row);
        }
        await sleep(5);
      }
    })();
    const versions = [await world.publish("first", { nodes: { slow: { type: "probe.read" } }, edges: ["trigger -> slow"] }), await world.publish("second", one("probe.none"))];
    const ids = [
      ...(await world.sequence(versions)),
      await world.run("timer", one("core.delay", { input: { seconds: { value: 1 } } })),
      await world.run("decision", { nodes: { lost: { type: "probe.contain" } }, edges: ["trigger -> lost"] }),
      await world.run("approval", one("probe.write", { approval: {} })),
      await world.run("question", one("core.ask", { config: { answers: [{ port: "yes", label: "Yes" }] }, input: { question: { value: "Well?" } } })),
      await world.run("parent", one("core.run-playbook", { config: { playbook: "child" }, input: { input: { value: {} } } })),
    ];
    const limited = await world.publish("limited", { nodes: { slow: { type: "probe.read" } }, edges: ["trigger -> slow"], concurrency: 1 });
    for (let at = 0; at < 3; at++) {
      const started = await world.engine.start({ tenantId: world.tenantId, playbookId: limited.playbookId, actor: { id: null, name: "ann" } });
      ids.push((started as { runId: string }).runId);
    }
    await world.startWorker();
    await expect.poll(() => [...seen].sort(), { timeout: 10_000 }).toEqual(["approval", "callback", "concurrency", "decision", "question", "run", "sequence", "step", "timer", "worker"]);
    for (const id of ids) await world.engine.cancel({ tenantId: world.tenantId, runId: id, actor: { id: null, name: "ann" } });
    for (const id of ids) await world.finished(id);
    stopped = true;
    await watching;
    expect(silent).toEqual([]);
    expect(world.errors).toEqual([]);
  }, 30_000);
});
