import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { defineNode } from "#sdk";
import { TEST_ALERT } from "#sdk/testing.ts";
import { EngineWorld, type ShortPlaybook } from "#tests/support/engine.ts";
import { Probe } from "#tests/support/probe-nodes.ts";
import type { TestOptions } from "./test-options.ts";

const actor = { id: null, name: "alice" };

let world: EngineWorld;
let server: Server;
let url: string;
/** Requests that arrived outside, as "METHOD /path". */
const arrived: string[] = [];
const probe = new Probe();

/** Says that it only reads, and comments all the same. */
const sly = defineNode({
  type: "probe.sly", version: 1, ui: { title: "Sly", category: "control", icon: "x", summary: "" },
  config: z.object({}), input: z.object({}), outputs: { out: z.unknown() }, effect: "read",
  run: async ({ records }) => ({ port: "out", data: await records.comment(undefined, "I was here") }),
});
const illShaped = defineNode({
  type: "probe.ill-shaped", version: 1, ui: { title: "Ill-shaped", category: "control", icon: "x", summary: "" },
  config: z.object({ how: z.enum(["port", "shape", "throws"]) }), input: z.object({}), outputs: { out: z.object({ id: z.string() }) }, effect: "write",
  simulate: ({ config }) => {
    if (config.how === "throws") throw new TypeError("no idea");
    return { port: (config.how === "port" ? "elsewhere" : "out") as "out", data: { id: 1 } };
  },
  run: async () => ({ port: "out" as const, data: { id: "1" } }),
});

beforeAll(async () => {
  world = await EngineWorld.create([...probe.nodes(), sly, illShaped]);
  await world.startWorker();
  server = createServer((request, response) => {
    arrived.push(`${request.method} ${request.url}`);
    response.setHeader("content-type", "application/json").end(JSON.stringify({ path: request.url }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  expect(world.errors).toEqual([]);
});
afterAll(async () => {
  server.close();
  await world.close();
});

/** Publishes (any version can be tested) and tests it. */
async function tested(name: string, short: ShortPlaybook, options: Partial<TestOptions> = {}, trigger: { input?: unknown; alertId?: string } = {}): Promise<string> {
  const started = await world.engine.test({ tenantId: world.tenantId, ...(await world.publish(name, short)), ...trigger, options: { pins: {}, by: "alice", ...options }, actor });
  if ("error" in started) throw new Error(started.error);
  return started.runId;
}

const statuses = async (id: string) => Object.fromEntries((await world.trace(id)).steps.map((step) => [step.node_id, step.status]));

async function storedAlert(): Promise<string> {
  const id = crypto.randomUUID();
  await world.pool.query("INSERT INTO alerts (id, tenant_id, source, title, severity, tags, techniques, raw_payload, correlation_id, job_id) VALUES ($1, $2, 'x', 'Stored', 'high', '{}', '{}', '{\"n\":7}', $1, $1)", [id, world.tenantId]);
  return id;
}

describe("a test", () => {
  it("holds every write and containment back and goes on with what they would have given", async () => {
    const id = await tested("holds", {
      nodes: {
        read: { type: "probe.read", input: { value: { value: "seen" } } },
        write: { type: "probe.write", input: { value: { expr: "steps.read.value + '!'" } } },
        contain: { type: "probe.contain", connection: "nowhere" },
        after: { type: "probe.none", input: { value: { expr: "[steps.write, steps.contain]" } } },
      },
      edges: ["trigger -> read", "read -> write", "write -> contain", "contain -> after"],
    });
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect(await statuses(id)).toEqual({ read: "success", write: "held", contain: "held", after: "success" });
    expect(probe.callsOf("read")).toHaveLength(1);
    expect([...probe.callsOf("write"), ...probe.callsOf("contain")]).toEqual([]);
    expect(await world.step(id, "write")).toMatchObject({ effect: "write", input: { value: "seen!" }, port: "out", output: {}, error: null, attempts: [{ number: 1, outcome: "held" }] });
    expect(await world.step(id, "after")).toMatchObject({ output: { value: [{}, {}] } });
    const { rows } = await world.pool.query("SELECT node_id FROM steps WHERE run_id = $1", [id]);
    expect(rows).toEqual([]);
  });

  it("asks the settings for the effect: a GET is read live, a POST and code that writes are held", async () => {
    const fetching = (method: string) => `export default async () => { console.log("ran"); return (await fetch("${url}/code", { method: "${method}" })).status; };`;
    const id = await tested("by-settings", {
      nodes: {
        get: { type: "core.http-request", input: { url: { value: `${url}/get` } } },
        post: { type: "core.http-request", config: { method: "POST" }, input: { url: { expr: `\`${url}/post?\${steps.get.status}\`` }, body: { value: { a: 1 } } } },
        reads: { type: "core.code", config: { effect: "read" }, input: { result: { file: "code/reads.ts" } } },
        writes: { type: "core.code", config: { effect: "write" }, input: { result: { file: "code/writes.ts" } } },
        end: { type: "core.set", input: { posted: { expr: "steps.post.status" }, read: { expr: "steps.reads" }, wrote: { expr: "steps.writes ?? null" } } },
      },
      edges: ["trigger -> get", "get -> post", "post -> reads", "reads -> writes", "writes -> end"],
      files: { "code/reads.ts": fetching("GET"), "code/writes.ts": fetching("PUT") },
    });
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect(await statuses(id)).toEqual({ get: "success", post: "held", reads: "success", writes: "held", end: "success" });
    expect(arrived).toEqual(["GET /get", "GET /code"]);
    expect(await world.step(id, "post")).toMatchObject({ effect: "write", input: { url: `${url}/post?200`, body: { a: 1 } }, output: { status: 200 } });
    expect(await world.step(id, "writes")).toMatchObject({ logs: [], output: null });
    expect(await world.step(id, "end")).toMatchObject({ output: { posted: 200, read: 200, wrote: null } });
  });

  it("runs code that computes a field of a write, but lets it only read", async () => {
    const short = (method: string): ShortPlaybook => ({
      nodes: { write: { type: "probe.write", onFailure: "port", input: { value: { file: "code/text.ts" } } } }, edges: ["trigger -> write"],
      files: { "code/text.ts": `export default async () => (await fetch("${url}/text", { method: "${method}" })).status;` },
    });
    const reading = await tested("field-reads", short("GET"));
    await world.finished(reading);
    expect(await world.step(reading, "write")).toMatchObject({ status: "held" });
    const writing = await tested("field-writes", short("POST"));
    await world.finished(writing);
    expect(await world.step(writing, "write")).toMatchObject({ status: "failed", error: { kind: "rejected" } });
    expect(arrived).toContain("GET /text");
    expect(arrived).not.toContain("POST /text");
  });

  it("leaves the alert and its history as they were, whatever a node says of itself", async () => {
    const alertId = await storedAlert();
    const id = await tested("leaves-alert", {
      nodes: { update: { type: "alert.update", input: { severity: { value: "low" } } }, comment: { type: "alert.comment", input: { text: { value: "hello" } } }, sly: { type: "probe.sly", onFailure: "port" }, look: { type: "alert.get" } },
      edges: ["trigger -> update", "update -> comment", "comment -> sly", "sly:failed -> look"],
    }, {}, { alertId });
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect(await statuses(id)).toEqual({ update: "held", comment: "held", sly: "failed", look: "success" });
    expect(await world.step(id, "update")).toMatchObject({ output: { alert_id: alertId, severity: "low", status: "new", changed: ["severity"] } });
    expect(await world.step(id, "look")).toMatchObject({ output: { id: alertId, severity: "high" } });
    expect((await world.trace(id)).trigger).toEqual({ n: 7 });
    expect((await world.pool.query("SELECT 1 FROM alert_events WHERE alert_id = $1", [alertId])).rowCount).toBe(0);
    expect((await world.pool.query("SELECT severity, updated_at = created_at AS untouched FROM alerts WHERE id = $1", [alertId])).rows).toEqual([{ severity: "high", untouched: true }]);
  });

  it("does not sleep", async () => {
    const id = await tested("no-sleep", { nodes: { wait: { type: "core.delay", input: { seconds: { value: 3600 } } }, after: { type: "core.set", input: { at: { expr: "steps.wait.resumed_at" } } } }, edges: ["trigger -> wait", "wait -> after"] });
    const started = Date.now();
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    const { output, logs } = await world.step(id, "wait");
    expect(logs).toEqual([{ level: "info", text: "a test does not wait 3600 s" }]);
    expect(Date.parse((output as { resumed_at: string }).resumed_at)).toBeGreaterThan(started + 3_590_000);
    expect(await world.step(id, "after")).toMatchObject({ output: { at: (output as { resumed_at: string }).resumed_at } });
  });

  it("fails a step whose stand-in is none, and never asks a person about it", async () => {
    for (const [how, message] of [["port", /port it does not have/], ["shape", /something else than it promised/], ["throws", /could not say .*no idea/]] as const) {
      const id = await tested(`ill-${how}`, { nodes: { bad: { type: "probe.ill-shaped", config: { how } } }, edges: ["trigger -> bad"] });
      expect(await world.finished(id)).toMatchObject({ status: "failed", error: { kind: "rejected", node_id: "bad", message: expect.stringMatching(message) } });
      expect((await world.trace(id)).waits).toEqual([]);
    }
  });

  it("ends at a stop node, and can be cancelled", async () => {
    const stopped = await tested("stops", { nodes: { end: { type: "core.stop", input: { message: { value: "done" } } } }, edges: ["trigger -> end"] });
    expect(await world.finished(stopped)).toMatchObject({ status: "success", result: { message: "done" } });
    probe.script("stuck", { do: "hang" });
    const id = await tested("cancelled", { nodes: { stuck: { type: "probe.read" } }, edges: ["trigger -> stuck"] });
    await world.until(id, (row) => row.status === "running");
    expect(await world.engine.cancel({ tenantId: world.tenantId, runId: id, actor })).toBe("cancelling");
    expect(await world.finished(id)).toMatchObject({ status: "cancelled" });
  });

  it("is not started on another tenant's version or alert", async () => {
    const published = await world.publish("foreign", { nodes: { a: { type: "probe.none" } }, edges: ["trigger -> a"] });
    const request = { tenantId: world.tenantId, ...published, options: { pins: {}, by: "alice" }, actor };
    const stranger = "00000000-0000-7000-8000-000000000000";
    expect(await world.engine.test({ ...request, tenantId: stranger })).toEqual({ error: "version-not-found" });
    expect(await world.engine.test({ ...request, playbookId: stranger })).toEqual({ error: "version-not-found" });
    expect(await world.engine.test({ ...request, alertId: stranger })).toEqual({ error: "alert-not-found" });
  });
});

const chain: ShortPlaybook = {
  nodes: {
    look: { type: "probe.read" },
    test: { type: "core.condition", input: { test: { expr: "(steps.look as any)?.score > 50" } } },
    act: { type: "probe.contain" },
    sum: { type: "probe.none", join: "all", input: { value: { expr: "({ look: steps.look ?? 'absent', act: steps.act ?? 'absent' })" } } },
    after: { type: "probe.none" },
  },
  edges: ["trigger -> look", "look -> test", "test:true -> act", "act -> sum", "look -> sum", "sum -> after"],
};

describe("a part of a playbook", () => {
  it("goes up to a node and no further", async () => {
    probe.script("look", { do: "return", data: { score: 80 } });
    const before = probe.calls.length;
    const id = await tested("upto", chain, { upto: "act" });
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect(await statuses(id)).toEqual({ look: "success", test: "success", act: "held" });
    expect(probe.calls.slice(before).map(({ node }) => node)).toEqual(["look"]);
  });

  it("is one node with its pinned steps, and what is not pinned is absent", async () => {
    const before = probe.calls.length;
    const id = await tested("only", chain, { only: "sum", pins: { look: { port: "out", data: { score: 9 } }, after: { port: "out", data: "ignored" } } });
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect(await statuses(id)).toEqual({ look: "success", sum: "success" });
    expect(await world.step(id, "look")).toMatchObject({ pinned: true, port: "out", output: { score: 9 }, input: null, attempts: [] });
    expect(await world.step(id, "sum")).toMatchObject({ pinned: false, output: { value: { look: { score: 9 }, act: "absent" } } });
    expect(probe.calls.slice(before).map(({ node }) => node)).toEqual(["sum"]);
  });

  it("is the whole with pinned nodes not executed, where the run gets to them", async () => {
    const id = await tested("pins", chain, { pins: { look: { port: "out", data: { score: 1 } }, act: { port: "out", data: "never reached" } } });
    expect(await world.finished(id)).toMatchObject({ status: "failed", error: { node_id: "sum" } });
    expect(await statuses(id)).toEqual({ look: "success", test: "success", act: "skipped", sum: "failed" });
    const other = await tested("pins-reached", chain, { pins: { look: { port: "out", data: { score: 99 } }, act: { port: "out", data: "pinned" } } });
    expect(await world.finished(other)).toMatchObject({ status: "success" });
    expect(await world.step(other, "sum")).toMatchObject({ output: { value: { look: { score: 99 }, act: "pinned" } } });
  });

  it("ends when everything in it is pinned", async () => {
    const id = await tested("all-pinned", { nodes: { a: { type: "probe.none" }, b: { type: "probe.gone" } }, edges: ["trigger -> a", "a -> b"] }, { pins: { a: { port: "out", data: 1 }, b: { port: "out", data: 2 } } });
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect(await statuses(id)).toEqual({ a: "success", b: "success" });
  });
});

describe("a pasted payload", () => {
  it("is the run's alert for expressions and for nodes, and is stored nowhere", async () => {
    const alertId = await storedAlert();
    const id = await tested("pasted", {
      nodes: { look: { type: "alert.get" }, other: { type: "alert.get", input: { alert_id: { value: alertId } } }, end: { type: "core.set", input: { text: { expr: "`${alert.title} ${trigger.raw}`" } } } },
      edges: ["trigger -> look", "look -> other", "other -> end"],
    }, { alert: TEST_ALERT }, { input: { raw: 1 } });
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect(await world.step(id, "look")).toMatchObject({ output: TEST_ALERT });
    expect(await world.step(id, "other")).toMatchObject({ output: { id: alertId, title: "Stored" } });
    expect(await world.step(id, "end")).toMatchObject({ output: { text: `${TEST_ALERT.title} 1` } });
    const { rows } = await world.pool.query("SELECT alert_id, correlation_id FROM runs WHERE id = $1", [id]);
    expect(rows).toEqual([{ alert_id: null, correlation_id: TEST_ALERT.correlation_id }]);
    expect((await world.pool.query("SELECT 1 FROM alerts WHERE id = $1", [TEST_ALERT.id])).rowCount).toBe(0);
  });
});

describe("a test that is repeated or taken over", () => {
  it("is the same test again, never a live run", async () => {
    const id = await tested("again", chain, { upto: "act", pins: { look: { port: "out", data: { score: 70 } } } });
    await world.finished(id);
    const again = await world.engine.rerun({ tenantId: world.tenantId, runId: id, actor: { id: null, name: "bob" } });
    const runId = "runId" in again ? again.runId : "";
    expect(await world.finished(runId)).toMatchObject({ status: "success" });
    expect(await statuses(runId)).toEqual({ look: "success", test: "success", act: "held" });
    const { rows } = await world.pool.query("SELECT mode, test, origin FROM runs WHERE id = $1", [runId]);
    expect(rows).toEqual([{ mode: "test", test: { upto: "act", pins: { look: { port: "out", data: { score: 70 } } }, by: "bob" }, origin: { kind: "rerun", by: "bob", of: id } }]);
  });

  it("goes on elsewhere when its worker stops, without calling a write", async () => {
    const own = await EngineWorld.create(probe.nodes());
    try {
      const first = await own.startWorker();
      probe.script("slow", { do: "listen" });
      const published = await own.publish("taken-over", { nodes: { before: { type: "probe.write" }, slow: { type: "probe.read" }, later: { type: "probe.contain" } }, edges: ["trigger -> before", "before -> slow", "slow -> later"] });
      const started = await own.engine.test({ tenantId: own.tenantId, ...published, options: { pins: {}, by: "alice" }, actor });
      const id = "runId" in started ? started.runId : "";
      await expect.poll(() => probe.callsOf("slow").length).toBe(1);
      await sleep(150);
      await first.stop();
      probe.script("slow", { do: "return", data: {} });
      await own.startWorker();
      expect(await own.finished(id, 15_000)).toMatchObject({ status: "success" });
      expect((await own.trace(id)).steps.map(({ node_id, status }) => [node_id, status])).toEqual([["before", "held"], ["slow", "success"], ["later", "held"]]);
      expect([...probe.callsOf("before"), ...probe.callsOf("later")]).toEqual([]);
    } finally {
      await own.close();
    }
  });
});
