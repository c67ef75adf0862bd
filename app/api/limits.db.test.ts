import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLog } from "#app/server/log.ts";
import { BASE_URL, WebWorld } from "#app/server/testing.ts";
import { startWorker, type WorkerHandle } from "#engine/start-worker.ts";
import { resolveNode } from "#nodes";

let world: WebWorld;
let worker: WorkerHandle | undefined;

beforeAll(async () => {
  world = await WebWorld.create();
});
afterAll(async () => {
  await worker?.stop();
  await world.close();
});

const publish = (slug: string, more: object) =>
  world.as("admin", "POST", "/playbooks", { slug, document: { format: 1, name: slug, trigger: { on: "manual" }, nodes: [{ id: "copy", type: "core.set", input: { text: { expr: "trigger.text" } } }], edges: [{ id: "e", from: "trigger", to: "copy" }], ...more } });
const start = async (slug: string, input: object = {}) => (await world.as("analyst", "POST", `/playbooks/${slug}/run`, { input })).body.run_id as string;
const read = async (runId: string) => (await world.as("viewer", "GET", `/runs/${runId}`)).body;

describe("a playbook with a limit", () => {
  it("is published with it, and its runs say that they wait for a place", async () => {
    expect((await publish("one-by-one", { concurrency: 0 })).status).toBe(422);
    expect((await publish("one-by-one", { concurrency: 1 })).status).toBe(201);
    const [first, second] = [await start("one-by-one"), await start("one-by-one")];
    expect(await read(first)).toMatchObject({ status: "pending", waiting_on: { kind: "worker" } });
    expect(await read(second)).toMatchObject({ status: "pending", waiting_on: { kind: "concurrency", text: expect.stringContaining("its playbook limits") } });
    expect((await world.as("viewer", "GET", "/runs?playbook=one-by-one")).body.runs[0]).toMatchObject({ id: second, waiting_on: { kind: "concurrency" } });
  });
});

describe("a connection with a limit", () => {
  it("keeps it, changes it and loses it", async () => {
    const slack = { type: "slack", name: "slow", settings: { bot_token: "xoxb-1", default_channel: "#alerts" }, max_concurrent: 2 };
    const made = await world.as("admin", "POST", "/integrations", slack);
    expect(made).toMatchObject({ status: 201, body: { max_concurrent: 2 } });
    expect((await world.as("admin", "PATCH", `/integrations/${made.body.id}`, { max_concurrent: 0 })).status).toBe(422);
    expect((await world.as("admin", "PATCH", `/integrations/${made.body.id}`, { max_concurrent: null })).body.max_concurrent).toBeNull();
    expect((await world.as("admin", "POST", "/integrations", { ...slack, name: "fast", max_concurrent: undefined })).body.max_concurrent).toBeNull();
  });
});

describe("a large output", () => {
  it("is previewed in the run and given whole at its address, to who may read runs of this tenant", async () => {
    await publish("large", {});
    const text = "x".repeat(300_000);
    const runId = await start("large", { text });
    worker = await startWorker({ engineUrl: world.database.engineUrl, secretKey: world.secretKey, baseUrl: BASE_URL, concurrency: 4, allowPrivate: true, resolveNode, onDeclaredDead: () => undefined, log: createLog("silent") });
    await expect.poll(async () => (await read(runId)).status, { timeout: 10_000 }).toBe("success");
    const [step] = (await read(runId)).steps;
    expect(step.apart.output).toBeGreaterThan(300_000);
    expect(step.output.text).toBe(`${"x".repeat(300)}… (300000 characters)`);
    const address = `/runs/${runId}/steps/${step.id}/payload`;
    expect((await world.as("viewer", "GET", address)).body).toEqual({ text });
    expect((await world.as("viewer", "GET", `${address}?part=input`)).status).toBe(200);
    expect((await world.as("viewer", "GET", `${address}?part=logs`)).status).toBe(422);
    expect((await world.as("viewer", "GET", `/runs/${runId}/steps/${runId}/payload`)).status).toBe(404);
  });
});
