import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { uuidv7 } from "../ids.ts";
import { insertRuns, PRIORITIES } from "../queue.ts";
import { EngineWorld, type ShortPlaybook } from "#tests/support/engine.ts";
import { Probe } from "#tests/support/probe-nodes.ts";
import type { BacktestOptions } from "./policy.ts";
import type { Selection } from "./start.ts";
import type { RunSummary } from "./summary.ts";

const actor = { id: null, name: "alice" };

let world: EngineWorld;
const probe = new Probe();

beforeAll(async () => {
  world = await EngineWorld.create(probe.nodes());
  await world.startWorker();
});
afterEach(() => {
  expect(world.errors).toEqual([]);
});
afterAll(() => world.close());

interface Version { playbookId: string; versionId: string }

async function storedAlert(w = world, title = "Beacon"): Promise<string> {
  const id = uuidv7();
  await w.pool.query("INSERT INTO alerts (id, tenant_id, source, title, severity, tags, techniques, raw_payload, correlation_id, job_id) VALUES ($1, $2, 'x', $3, 'high', '{}', '{}', '{\"n\":7}', $1, $1)", [id, w.tenantId, title]);
  return id;
}

/** A second version of the same playbook, as a draft's snapshot. */
async function draftOf(published: Version, name: string, short: ShortPlaybook, w = world): Promise<string> {
  const { versionId } = await w.publish(`${name}-draft`, short);
  const id = uuidv7();
  await w.pool.query(
    "INSERT INTO playbook_versions (id, tenant_id, playbook_id, document, layout, files, content_hash, bundle, bundle_meta) SELECT $1, tenant_id, $2, document, layout, files, content_hash, bundle, bundle_meta FROM playbook_versions WHERE id = $3",
    [id, published.playbookId, versionId],
  );
  return id;
}

async function live({ playbookId }: Version, alertId: string, w = world): Promise<string> {
  const started = await w.engine.start({ tenantId: w.tenantId, playbookId, alertId, actor });
  if (!("runId" in started)) throw new Error(JSON.stringify(started));
  await w.until(started.runId, ({ status }) => status !== "pending" && status !== "running");
  return started.runId;
}

async function backtested(published: Version, draftVersionId: string, options: Partial<BacktestOptions & { selection: Selection }> = {}, w = world): Promise<string> {
  const started = await w.engine.backtest({ tenantId: w.tenantId, playbookId: published.playbookId, draftVersionId, selection: { last: 10 }, missing: "fail", approvals: "recorded", actor, ...options });
  if ("error" in started) throw new Error(started.error);
  return started.backtestId;
}

interface Row { outcome: string | null; differences: string[]; draft: RunSummary; published: RunSummary; draft_run_id: string; published_run_id: string; alert_id: string }

async function finished(id: string, w = world, ms = 15_000): Promise<Row[]> {
  const end = performance.now() + ms;
  for (;;) {
    const { rows } = await w.pool.query<{ status: string }>("SELECT status FROM backtests WHERE id = $1 AND finished_at IS NOT NULL", [id]);
    const alerts = await w.pool.query<Row>("SELECT * FROM backtest_alerts WHERE backtest_id = $1 ORDER BY position", [id]);
    if (rows.length > 0) return alerts.rows;
    if (performance.now() > end) throw new Error(`the backtest did not end: ${JSON.stringify(alerts.rows)} ${w.errors.join("\n")}`);
    await sleep(20);
  }
}

const triage = (limit: number, read: Record<string, unknown> = {}): ShortPlaybook => ({
  nodes: {
    look: { type: "probe.read", input: { value: { expr: "alert.id" } }, ...read },
    judge: { type: "core.condition", input: { test: { expr: `(steps.look as any).score > ${limit}` } } },
    act: { type: "probe.contain", input: { value: { expr: "`block ${(steps.look as any).score}`" } } },
    note: { type: "probe.write", input: { value: { value: "seen" } } },
  },
  edges: ["trigger -> look", "look -> judge", "judge:true -> act", "judge:false -> note"],
});

describe("a backtest", () => {
  it("answers reads from what was recorded, writes nothing, and says how the versions differ", async () => {
    const published = await world.publish("triage", triage(50));
    const [mild, bad] = [await storedAlert(), await storedAlert()];
    probe.script("look", { do: "return", data: { score: 60 } });
    await live(published, mild);
    probe.script("look", { do: "return", data: { score: 90 } });
    await live(published, bad);
    // What the world says now is not what it said then.
    probe.script("look", { do: "return", data: { score: 1 } });
    const before = probe.calls.length;

    const rows = await finished(await backtested(published, await draftOf(published, "triage", triage(80))));
    expect(probe.calls.slice(before)).toEqual([]);
    expect(rows.map(({ alert_id, outcome }) => [alert_id, outcome])).toEqual([[bad, "same"], [mild, "different"]]);
    expect(rows[0]!.draft).toMatchObject({ status: "success", unrecorded: [], writes: [{ node: "act", effect: "contain", input: { value: "block 90" } }], path: [{ node: "look", port: "out" }, { node: "judge", port: "true" }, { node: "act", status: "held" }] });
    expect(rows[1]!.differences).toEqual(["would also write by note", "would no longer contain by act", "leaves judge by false in place of true"]);
    expect((await world.step(rows[1]!.draft_run_id, "look")).logs).toEqual([{ level: "info", text: expect.stringMatching(/^answered from the recording of run /) }]);
    const { rows: modes } = await world.pool.query("SELECT DISTINCT mode, priority, sequence_id FROM runs WHERE id = ANY($1::uuid[])", [rows.flatMap((row) => [row.draft_run_id, row.published_run_id])]);
    expect(modes).toEqual([{ mode: "backtest", priority: 100, sequence_id: null }]);
  });

  it("does with a read that nothing was recorded of what it was told", async () => {
    const published = await world.publish("missing", { nodes: { note: { type: "probe.write" } }, edges: ["trigger -> note"] });
    const alertId = await storedAlert();
    await live(published, alertId);
    const asking: ShortPlaybook = { nodes: { fresh: { type: "probe.read", input: { value: { value: "who" } } }, note: { type: "probe.write" } }, edges: ["trigger -> fresh", "fresh -> note"] };
    const draft = await draftOf(published, "missing", asking);
    const caught = await draftOf(published, "missing-caught", { ...asking, nodes: { ...asking.nodes, fresh: { ...asking.nodes["fresh"], onFailure: "port" } }, edges: ["trigger -> fresh", "fresh -> note", "fresh:failed -> note"] });
    const once = async (version: string, missing: BacktestOptions["missing"]) => (await finished(await backtested(published, version, { missing, selection: { alert_ids: [alertId] } })))[0]!;
    const before = probe.callsOf("fresh").length;

    expect(await once(draft, "fail")).toMatchObject({ outcome: "unknown", differences: ["the draft failed after a read that nothing was recorded of: fresh"], draft: { status: "failed", error: { kind: "unavailable", node_id: "fresh" } }, published: { status: "success" } });
    expect(await once(caught, "fail")).toMatchObject({ outcome: "same", draft: { status: "success", unrecorded: ["fresh"], path: [{ node: "fresh", port: "failed" }, { node: "note" }] } });
    expect(await once(draft, "simulate")).toMatchObject({ outcome: "same", draft: { path: [{ node: "fresh", status: "held" }, { node: "note" }] } });
    expect(probe.callsOf("fresh")).toHaveLength(before);
    expect(await once(draft, "live")).toMatchObject({ outcome: "same", draft: { path: [{ node: "fresh", status: "success" }, { node: "note" }] } });
    expect(probe.callsOf("fresh")).toHaveLength(before + 1);
  });

  it("answers each round of a loop as that round was answered", async () => {
    const polling: ShortPlaybook = {
      nodes: {
        poll: { type: "core.repeat", config: { limit: 5 }, until: { expr: "(steps.ask as any) === 'done'" } },
        ask: { type: "probe.read", in: "poll", input: { value: { value: "ready?" } } },
      },
      edges: ["trigger -> poll"],
    };
    const published = await world.publish("polling", polling);
    const alertId = await storedAlert();
    probe.script("ask", { do: "return", data: "busy" }, { do: "return", data: "busy" }, { do: "return", data: "done" });
    await world.finished(await live(published, alertId));
    probe.script("ask", { do: "return", data: "now" });
    const [row] = await finished(await backtested(published, await draftOf(published, "polling", polling)));
    expect(row).toMatchObject({ outcome: "same", draft: { status: "success" } });
    expect(row!.draft.path.filter(({ node }) => node === "ask")).toHaveLength(3);
  });

  it("takes a recording of code only for the same code, and lets code of a write request nothing", async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url!);
      response.setHeader("content-type", "application/json").end("{}");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const reading = (path: string): ShortPlaybook => ({
        nodes: { read: { type: "core.code", config: { effect: "read" }, input: { result: { file: "code/read.ts" } } } },
        edges: ["trigger -> read"],
        files: { "code/read.ts": `export default async ({ alert }) => (await fetch("${url}${path}?" + alert?.title)).status;` },
      });
      const published = await world.publish("code-reads", reading("/a"));
      const alertId = await storedAlert(world, "coded");
      await world.finished(await live(published, alertId));
      expect(await finished(await backtested(published, await draftOf(published, "code-reads", reading("/a"))))).toMatchObject([{ outcome: "same", draft: { status: "success", unrecorded: [] } }]);
      expect(await finished(await backtested(published, await draftOf(published, "code-reads-b", reading("/b"))))).toMatchObject([{ outcome: "unknown", draft: { unrecorded: ["read"] }, published: { status: "success" } }]);
      const writing: ShortPlaybook = { nodes: { write: { type: "probe.write", input: { value: { file: "code/value.ts" } } } }, edges: ["trigger -> write"], files: { "code/value.ts": `export default async () => (await fetch("${url}/c")).status;` } };
      expect(await finished(await backtested(published, await draftOf(published, "code-writes", writing)))).toMatchObject([{ outcome: "new-failure", draft: { error: { message: expect.stringContaining("a backtest makes no requests") } } }]);
      expect(asked).toEqual(["/a?coded"]);
    } finally {
      server.close();
    }
  });

  it("replays a read that failed as it failed, without trying again", async () => {
    const published = await world.publish("failed-read", triage(50, { onFailure: "port", retry: { attempts: 3, backoff: "fixed", base: 60, max: 60, jitter: false } }));
    const alertId = await storedAlert();
    probe.script("look", { do: "fail", kind: "rejected", message: "no such host" });
    await live(published, alertId);
    probe.script("look", { do: "return", data: { score: 99 } });
    const rows = await finished(await backtested(published, await draftOf(published, "failed-read", triage(50))));
    expect(rows).toMatchObject([{ outcome: "new-failure", draft: { error: { kind: "rejected", message: "no such host", node_id: "look" } }, published: { status: "success" } }]);
  });

  it("finds what was fixed", async () => {
    const published = await world.publish("broken", { nodes: { end: { type: "core.stop", config: { outcome: "failed" }, input: { message: { value: "oh" } } } }, edges: ["trigger -> end"] });
    const alertId = await storedAlert();
    await live(published, alertId);
    const draft = await draftOf(published, "broken", { nodes: { end: { type: "core.stop", input: { message: { value: "fine" } } } }, edges: ["trigger -> end"] });
    expect(await finished(await backtested(published, draft))).toMatchObject([{ outcome: "fixed", differences: ["succeeds; published, it fails at end: oh"] }]);
  });

  it("passes over delays, takes answers that were given then, and times callbacks out", async () => {
    const gated: ShortPlaybook = {
      nodes: {
        gate: { type: "probe.contain", approval: {}, onFailure: "port" },
        ask: { type: "core.ask", input: { question: { value: "Sure?" } } },
        nap: { type: "core.delay", input: { seconds: { value: 3600 } } },
        call: { type: "core.wait-for-callback" },
        end: { type: "core.set", input: { said: { expr: "steps.ask.answer" } } },
      },
      edges: ["trigger -> ask", "ask:yes -> gate", "ask:no -> gate", "gate -> nap", "gate:failed -> nap", "nap -> call", "call:timeout -> end"],
    };
    const published = await world.publish("gated", gated);
    const alertId = await storedAlert();
    const runId = await live(published, alertId);
    const reply = async (choice: string, reason: string | null) => {
      await world.until(runId, ({ waiting_on }) => waiting_on?.kind === (choice === "no" ? "question" : "approval"));
      const [wait] = (await world.trace(runId)).waits;
      await world.engine.reply({ tenantId: world.tenantId, runId, waitId: wait!.id, role: "admin", value: { choice, values: {}, reason }, actor: { id: null, name: "bob" } });
    };
    await reply("no", null);
    await reply("refuse", "not now");
    await world.until(runId, ({ waiting_on }) => waiting_on?.kind === "timer");

    const draft = await draftOf(published, "gated", gated);
    const portsOf = async (approvals: BacktestOptions["approvals"]) => {
      const [row] = await finished(await backtested(published, draft, { approvals }));
      return { row: row!, ports: Object.fromEntries(row!.draft.path.map(({ node, port }) => [node, port])), gate: (await world.step(row!.draft_run_id, "gate")).logs.map(({ text }) => text) };
    };
    expect(await portsOf("recorded")).toMatchObject({ ports: { ask: "no", gate: "failed", nap: "out", call: "timeout", end: "out" }, gate: ["backtest: bob refused it then"], row: { outcome: "same", draft: { writes: [] } } });
    expect(await portsOf("approve")).toMatchObject({ ports: { ask: "yes", gate: "out" }, gate: ["backtest: every approval is given"], row: { draft: { writes: [{ node: "gate" }] } } });
    expect(await portsOf("refuse")).toMatchObject({ ports: { ask: "no", gate: "failed" }, gate: ["backtest: every approval is refused"] });
    await world.engine.cancel({ tenantId: world.tenantId, runId, actor });
    await world.finished(runId);
  });

  it("runs child playbooks in the same mode, on what their live runs have recorded", async () => {
    await world.publish("child", { nodes: { inner: { type: "probe.read" }, deep: { type: "probe.write", input: { value: { expr: "steps.inner" } } } }, edges: ["trigger -> inner", "inner -> deep"] });
    const parent: ShortPlaybook = { nodes: { run: { type: "core.run-playbook", config: { playbook: "child", withAlert: false } } }, edges: ["trigger -> run"] };
    const published = await world.publish("parent", parent);
    const alertId = await storedAlert();
    probe.script("inner", { do: "return", data: "then" });
    const liveId = await live(published, alertId);
    await world.finished(liveId);
    probe.script("inner", { do: "return", data: "now" });
    const before = probe.calls.length;
    const [row] = await finished(await backtested(published, await draftOf(published, "parent", parent)));
    expect(row).toMatchObject({ outcome: "same", draft: { writes: [{ node: "child: deep", input: { value: "then" } }] } });
    expect(probe.calls.slice(before)).toEqual([]);
  });
});

describe("the runs of a backtest", () => {
  it("let live runs overtake, and are few at a time", async () => {
    const own = await EngineWorld.create(probe.nodes());
    try {
      const published = await own.publish("many", { nodes: { slow: { type: "probe.none" } }, edges: ["trigger -> slow"] });
      for (let at = 0; at < 6; at++) await storedAlert(own);
      probe.script("slow", { do: "return", afterMs: 30 });
      const id = await backtested(published, await draftOf(published, "many", { nodes: { slow: { type: "probe.none" }, b: { type: "probe.none" } }, edges: ["trigger -> slow", "slow -> b"] }, own), {}, own);
      const client = await own.pool.connect();
      const ids = [uuidv7(), uuidv7(), uuidv7()];
      await insertRuns(client, ids.map((runId) => ({ id: runId, tenantId: own.tenantId, ...published, alertId: null, correlationId: runId, mode: "live", priority: PRIORITIES.low, sequence: null, origin: { kind: "manual" }, input: null })));
      client.release();
      let most = 0;
      await own.startWorker({ concurrency: 2 });
      const rows = await (async () => {
        for (;;) {
          const { rows: [open] } = await own.pool.query<{ open: number; over: boolean }>("SELECT (SELECT count(*)::int FROM runs WHERE mode = 'backtest' AND finished_at IS NULL) AS open, (SELECT finished_at IS NOT NULL FROM backtests WHERE id = $1) AS over", [id]);
          most = Math.max(most, open!.open);
          if (open!.over) return finished(id, own);
          await sleep(10);
        }
      })();
      expect(rows.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 6 }, () => "same"));
      expect(most).toBeGreaterThan(0);
      expect(most).toBeLessThanOrEqual(4);
      const { rows: order } = await own.pool.query("SELECT mode FROM runs ORDER BY started_at, id LIMIT 3");
      expect(order).toEqual([{ mode: "live" }, { mode: "live" }, { mode: "live" }]);
      expect(own.errors).toEqual([]);
    } finally {
      await own.close();
    }
  });

  it("are cancelled as a whole", async () => {
    const published = await world.publish("stuck", { nodes: { stuck: { type: "probe.none" } }, edges: ["trigger -> stuck"] });
    for (let at = 0; at < 8; at++) await storedAlert();
    probe.script("stuck", { do: "listen" });
    const draft = await draftOf(published, "stuck", { nodes: { stuck: { type: "probe.none" }, b: { type: "probe.none" } }, edges: ["trigger -> stuck", "stuck -> b"] });
    const id = await backtested(published, draft, { selection: { last: 8 } });
    await expect.poll(() => probe.callsOf("stuck").length).toBe(4);
    const request = { tenantId: world.tenantId, backtestId: id };
    expect(await world.engine.cancelBacktest({ ...request, tenantId: uuidv7() })).toBe("not-found");
    expect(await world.engine.cancelBacktest(request)).toBe("cancelling");
    const rows = await finished(id);
    // Alerts of one millisecond have no order: whichever had begun, the others never did.
    const begun = rows.filter(({ draft_run_id }) => draft_run_id !== null);
    expect(begun.map(({ outcome }) => outcome)).toEqual(["unknown", "unknown"]);
    expect(rows.filter((row) => !begun.includes(row)).every(({ outcome }) => outcome === null)).toBe(true);
    expect((await world.pool.query("SELECT status FROM backtests WHERE id = $1", [id])).rows).toEqual([{ status: "cancelled" }]);
    expect((await world.pool.query("SELECT DISTINCT status FROM runs WHERE backtest_id = $1", [id])).rows).toEqual([{ status: "cancelled" }]);
    expect(await world.engine.cancelBacktest(request)).toBe("already-finished");
    probe.script("stuck", { do: "return" });
  });

  it("go on when the worker is gone in the middle", async () => {
    const own = await EngineWorld.create(probe.nodes());
    try {
      const first = await own.startWorker();
      const short: ShortPlaybook = { nodes: { hold: { type: "probe.none" } }, edges: ["trigger -> hold"] };
      const published = await own.publish("gone", short);
      for (let at = 0; at < 5; at++) await storedAlert(own);
      probe.script("hold", { do: "return" }, { do: "return" }, { do: "return" }, { do: "listen" });
      const id = await backtested(published, await draftOf(published, "gone", { ...short, nodes: { hold: { type: "probe.none" }, b: { type: "probe.none" } }, edges: ["trigger -> hold", "hold -> b"] }, own), {}, own);
      await expect.poll(() => probe.callsOf("hold").length).toBeGreaterThan(5);
      await first.stop();
      // As a kill leaves it: the job of the backtest is nobody's any more.
      await own.pool.query("DELETE FROM graphile_worker._private_jobs j USING graphile_worker._private_tasks t WHERE t.id = j.task_id AND t.identifier = 'backtest'");
      await own.pool.query("INSERT INTO workers (id, pool_id, host, pid, heartbeat_at) VALUES ($1, 'dead', 'x', 1, now() - interval '1 minute')", [uuidv7()]);
      probe.script("hold", { do: "return" });
      await own.startWorker();
      const rows = await finished(id, own, 20_000);
      expect(rows.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 5 }, () => "same"));
      expect(own.errors).toEqual([]);
    } finally {
      await own.close();
    }
  });

  it("are of the tenant's own alerts and playbooks", async () => {
    const published = await world.publish("foreign-backtest", { nodes: { a: { type: "probe.none" } }, edges: ["trigger -> a"] });
    const request = { tenantId: world.tenantId, playbookId: published.playbookId, draftVersionId: published.versionId, selection: { last: 1 }, missing: "fail" as const, approvals: "recorded" as const, actor };
    const stranger = uuidv7();
    expect(await world.engine.backtest({ ...request, tenantId: stranger })).toEqual({ error: "playbook-not-found" });
    expect(await world.engine.backtest({ ...request, draftVersionId: stranger })).toEqual({ error: "playbook-not-found" });
    expect(await world.engine.backtest({ ...request, selection: { alert_ids: [stranger] } })).toEqual({ error: "alert-not-found" });
  });
});
