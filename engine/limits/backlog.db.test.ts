import pino from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acceptedAnswer } from "#app/api/webhooks.ts";
import { createIngest, type Ingest } from "#engine/alerts/index.ts";
import { serveMetrics } from "#engine/metrics.ts";
import { parseDocument } from "#format";
import { EngineWorld } from "#tests/support/engine.ts";

let world: EngineWorld;
let ingest: Ingest;
const lines: string[] = [];
const log = pino({ level: "info" }, { write: (line: string) => void lines.push(line) });
beforeEach(async () => {
  lines.length = 0;
  world = await EngineWorld.create();
  ingest = createIngest({ pool: world.pool, sources: [], pendingLimit: 20, log });
});
afterEach(() => world.close());

const publish = (name: string, priority: string) =>
  world.publishDocument(name, parseDocument({ format: 1, name, trigger: { on: "alert", priority, conditions: { field: "title", op: "contains", value: name } }, nodes: [], edges: [] }));
const accept = (title: string) => ingest.accept({ tenantId: world.tenantId, raw: Buffer.from(JSON.stringify({ title })), sourceHint: null, actor: { kind: "api_key", id: "key", name: "siem" } });

describe("more alerts than the workers can take", () => {
  it("are stored, their runs wait at low priority and say why; urgent playbooks stay urgent; below the limit it is as before", async () => {
    await publish("plain", "default");
    await publish("urgent", "high");
    const first = await Promise.all(Array.from({ length: 21 }, (_, at) => accept(`plain ${at}`)));
    expect(first.filter((answer) => answer.deferred !== undefined)).toEqual([]);
    const late = await accept("plain late");
    expect(late).toMatchObject({ playbooks_triggered: ["plain"], deferred: "more than 20 runs are pending" });
    expect(acceptedAnswer(late).message).toBe("Alert ingested. 1 playbook triggered. Queued at low priority: more than 20 runs are pending.");
    expect((await accept("urgent")).deferred).toBeUndefined();
    expect((await accept("nothing")).deferred).toBeUndefined();
    const { rows } = await world.pool.query("SELECT r.priority, r.waiting_on FROM runs r JOIN alerts a ON a.id = r.alert_id WHERE a.title IN ('plain late', 'urgent') ORDER BY a.title");
    expect(rows).toEqual([
      { priority: 10, waiting_on: { kind: "worker", text: "a free worker, at low priority: more than 20 runs are pending" } },
      { priority: -10, waiting_on: { kind: "worker", text: "a free worker" } },
    ]);
    expect(lines.filter((line) => line.includes("too many runs are pending"))).toHaveLength(1);
    const server = await serveMetrics(0, "127.0.0.1", log);
    const { port } = server.address() as { port: number };
    expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toMatch(/playgraph_deferred_runs_total [1-9]/);
    server.close();

    await world.startWorker();
    await expect.poll(async () => (await world.pool.query("SELECT FROM runs WHERE status <> 'success'")).rowCount, { timeout: 10_000 }).toBe(0);
    await expect.poll(async () => (await accept("plain again")).deferred, { interval: 300, timeout: 5_000 }).toBeUndefined();
  });
});
