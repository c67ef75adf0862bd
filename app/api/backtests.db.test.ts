import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLog } from "#app/server/log.ts";
import { BASE_URL, WebWorld } from "#app/server/testing.ts";
import { startWorker, type WorkerHandle } from "#engine/start-worker.ts";
import { resolveNode } from "#nodes";

let world: WebWorld;
let worker: WorkerHandle;
const alerts: string[] = [];

const document = (limit: number) => ({
  format: 1, name: "triage",
  nodes: [
    { id: "risky", type: "core.condition", input: { test: { expr: `(alert?.risk_score ?? 0) >= ${limit}` } } },
    { id: "raise", type: "alert.update", input: { severity: { value: "critical" } } },
    { id: "close", type: "alert.resolve", input: { determination: { value: "benign" } } },
  ],
  edges: [["trigger", "out", "risky"], ["risky", "true", "raise"], ["risky", "false", "close"]].map(([from, port, to], at) => ({ id: `e${at}`, from, port, to })),
});

beforeAll(async () => {
  world = await WebWorld.create();
  worker = await startWorker({
    engineUrl: world.database.engineUrl, secretKey: world.secretKey, baseUrl: BASE_URL, concurrency: 4, allowPrivate: true, resolveNode,
    onDeclaredDead: () => undefined, log: createLog("silent"),
  });
  for (const risk of [10, 50, 90]) {
    const { body } = await world.request("POST", "/webhooks/alerts/generic", { key: await world.addKey(), body: { title: `Risk ${risk}`, severity: "high" } });
    await world.owner.query("UPDATE alerts SET risk_score = $2 WHERE id = $1", [body.alert_id, risk]);
    alerts.unshift(body.alert_id);
  }
  expect((await world.as("admin", "POST", "/playbooks", { slug: "triage", document: document(80) })).status).toBe(201);
  await edit(document(40));
});
afterAll(async () => {
  await worker.stop();
  await world.close();
});

async function edit(content: object): Promise<void> {
  await world.owner.query("INSERT INTO playbook_drafts (playbook_id, tenant_id, document, layout, files) SELECT id, tenant_id, $1, '{}', '{}' FROM playbooks WHERE slug = 'triage' ON CONFLICT (playbook_id) DO UPDATE SET document = $1", [content]);
}

async function finished(id: string) {
  await expect.poll(async () => (await world.as("viewer", "GET", `/backtests/${id}`)).body.status, { timeout: 15_000 }).toMatch(/^(finished|cancelled)$/);
  return (await world.as("viewer", "GET", `/backtests/${id}`)).body;
}

describe("a backtest by the API", () => {
  it("tells per alert what both versions did, with totals, and changes nothing", async () => {
    const started = await world.as("analyst", "POST", "/playbooks/triage/backtests", { last: 10 });
    expect([started.status, started.body]).toEqual([202, { backtest_id: expect.any(String), total: 3 }]);
    const id: string = started.body.backtest_id;
    const body = await finished(id);
    expect(body).toMatchObject({ status: "finished", version: 1, total: 3, matching: 3, selection: { last: 10 }, missing: "fail", approvals: "recorded", counts: { same: 2, different: 1, new_failure: 0, fixed: 0, unknown: 0, pending: 0 }, playbook: { slug: "triage" } });
    expect(body.alerts.map((row: { alert: { id: string; title: string }; outcome: string }) => [row.alert.id, row.alert.title, row.outcome])).toEqual([[alerts[0], "Risk 90", "same"], [alerts[1], "Risk 50", "different"], [alerts[2], "Risk 10", "same"]]);
    expect(body.alerts[1]).toMatchObject({
      differences: expect.arrayContaining(["would also write by raise", "would no longer write by close"]),
      draft: { writes: [{ node: "raise", input: { severity: "critical" } }] }, published: { writes: [{ node: "close", type: "alert.resolve" }] },
    });
    const { rows } = await world.owner.query("SELECT DISTINCT severity, status FROM alerts");
    expect(rows).toEqual([{ severity: "high", status: "new" }]);

    expect((await world.as("viewer", "GET", `/backtests/${id}?outcome=different`)).body).toMatchObject({ matching: 1, alerts: [{ position: 2 }] });
    expect((await world.as("viewer", "GET", `/backtests/${id}?limit=1&page=3`)).body).toMatchObject({ matching: 3, alerts: [{ position: 3 }] });
    expect((await world.as("viewer", "GET", "/playbooks/triage/backtests")).body).toMatchObject({ total: 1, backtests: [{ id, counts: { different: 1 } }] });
    expect((await world.as("admin", "GET", "/audit")).body.entries[0]).toMatchObject({ action: "playbook_backtested", data: { backtest_id: id, alerts: 3 } });
    expect((await world.as("analyst", "POST", `/backtests/${id}/cancel`)).status).toBe(409);
  });

  it("leaves lists of runs, the alert's runs and the playbook's statistics alone", async () => {
    expect((await world.as("viewer", "GET", "/runs")).body.total).toBe(0);
    const { body: listed } = await world.as("viewer", "GET", "/runs?mode=backtest");
    expect(listed.total).toBe(6);
    expect((await world.as("viewer", "GET", `/runs/${listed.runs[0].id}`)).body).toMatchObject({ mode: "backtest", backtest_id: expect.any(String), test: null });
    const text = JSON.stringify((await world.as("viewer", "GET", `/alerts/${alerts[0]}/runs`)).body);
    expect(text).not.toContain("backtest");
    expect((await world.as("viewer", "GET", "/playbooks/triage")).body.runs).toMatchObject({ total: 0 });
  });

  it("takes the alerts it is given, and says what is wrong with a request", async () => {
    const one = await world.as("analyst", "POST", "/playbooks/triage/backtests", { alert_ids: [alerts[1]], approvals: "refuse", missing: "simulate" });
    expect(await finished(one.body.backtest_id)).toMatchObject({ total: 1, selection: { alert_ids: [alerts[1]] }, approvals: "refuse", missing: "simulate" });
    const start = async (body: object, slug = "triage") => (await world.as("analyst", "POST", `/playbooks/${slug}/backtests`, body)).status;
    expect(await start({ alert_ids: [randomUUID()] })).toBe(404);
    expect(await start({ last: 5, alert_ids: [alerts[1]] })).toBe(422);
    expect(await start({ last: 0 })).toBe(422);
    expect(await start({}, "nothing")).toBe(404);
    expect(await start({ since: "2999-01-01T00:00:00Z" })).toBe(422);
    expect((await world.as("viewer", "POST", "/playbooks/triage/backtests", {})).status).toBe(403);
    await edit({ ...document(1), edges: [{ id: "e", from: "trigger", port: "out", to: "nobody" }] });
    expect(await start({})).toBe(422);
    await edit(document(40));
  });
});
