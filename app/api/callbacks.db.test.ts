/** Callbacks as the outside sends them: no login, any bytes. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLog } from "#app/server/log.ts";
import { BASE_URL, WebWorld } from "#app/server/testing.ts";
import { startWorker, type WorkerHandle } from "#engine/start-worker.ts";
import { resolveNode } from "#nodes";

let world: WebWorld;
let worker: WorkerHandle;

beforeAll(async () => {
  world = await WebWorld.create();
  worker = await startWorker({
    engineUrl: world.database.engineUrl, secretKey: world.secretKey, baseUrl: BASE_URL, concurrency: 4, allowPrivate: true, resolveNode,
    onDeclaredDead: () => undefined, log: createLog("silent"),
  });
  const document = {
    format: 1, name: "called", trigger: { on: "manual" },
    nodes: [{ id: "tell", type: "core.set", input: { url: { expr: "run.callback_urls.wait" } } }, { id: "wait", type: "core.wait-for-callback" }, { id: "end", type: "core.stop", input: { result: { expr: "steps.wait.body" } } }],
    edges: [["trigger", "out", "tell"], ["tell", "out", "wait"], ["wait", "out", "end"]].map(([from, port, to], at) => ({ id: `e${at}`, from, port, to })),
  };
  const published = await world.as("admin", "POST", "/playbooks", { slug: "called", document });
  expect([published.status, published.body.detail]).toEqual([201, undefined]);
});
afterAll(async () => {
  await worker.stop();
  await world.close();
});

const read = async (runId: string) => (await world.as("viewer", "GET", `/runs/${runId}`)).body;

/** A run that waits, and the address it gave away, below /api/v1. */
async function waiting(): Promise<{ runId: string; path: string }> {
  const { body } = await world.as("analyst", "POST", "/playbooks/called/run", {});
  await expect.poll(async () => (await read(body.run_id)).waiting_on?.kind, { timeout: 10_000 }).toBe("callback");
  const { steps } = await read(body.run_id);
  const url: string = steps.find(({ node_id }: { node_id: string }) => node_id === "tell").output.url;
  expect(url.startsWith(`${BASE_URL}/api/v1/callbacks/`)).toBe(true);
  return { runId: body.run_id, path: url.slice(`${BASE_URL}/api/v1`.length) };
}

async function result(runId: string): Promise<unknown> {
  await expect.poll(async () => (await read(runId)).status, { timeout: 10_000 }).toBe("success");
  return (await read(runId)).result.result;
}

describe("a callback", () => {
  it("works without a login and from any site, once", async () => {
    const { runId, path } = await waiting();
    const answer = await world.request("POST", path, { body: { verdict: "clean" }, headers: { origin: "https://scanner.example", "sec-fetch-site": "cross-site" } });
    expect([answer.status, answer.body]).toEqual([202, { status: "accepted", message: "The run goes on with it" }]);
    expect(await result(runId)).toEqual({ verdict: "clean" });
    expect(await world.request("POST", path, { body: {} })).toMatchObject({ status: 409, body: { detail: "This address has been used: each works once" } });
    expect((await read(runId)).waits).toEqual([]);
  });

  it("counts once when it comes many times at once", async () => {
    const { runId, path } = await waiting();
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => world.request("POST", path, { body: { n } })));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array.from({ length: 7 }, () => 409)]);
    expect(await result(runId)).toEqual({ n: answers.findIndex(({ status }) => status === 202) });
  });

  it.each([
    ["text", "text/plain", "all clear", "all clear"],
    ["nothing at all", "text/plain", "", null],
    ["JSON that says it is a form, as curl sends it", "application/x-www-form-urlencoded", '{"a":1}', { a: 1 }],
    ["a form", "application/x-www-form-urlencoded", "a=1&b=2", "a=1&b=2"],
    ["a number of another JSON type", "application/vnd.scan+json", "42", 42],
    ["bytes that are no text", "application/octet-stream", new Uint8Array([0xff, 0xfe, 0x41]), "��A"],
  ])("takes %s", async (_, type, body, expected) => {
    const { runId, path } = await waiting();
    expect((await world.request("POST", path, { body, headers: { "content-type": type } })).status).toBe(202);
    expect(await result(runId)).toEqual(expected);
  });

  it("refuses what it cannot keep, and stays usable", async () => {
    const { runId, path } = await waiting();
    const json = { "content-type": "application/json" };
    for (const [status, body, headers] of [
      [400, "{", json], [422, '{"a":"\\u0000"}', json], [422, '"\\ud800"', json], [422, "1e999", json], [422, `${"[".repeat(5_000)}${"]".repeat(5_000)}`, json],
      [422, "a\0b", { "content-type": "text/plain" }], [413, "x".repeat(1024 * 1024 + 1), json], [413, "{}", { ...json, "content-length": "2000000" }],
    ] as const) expect([(await world.request("POST", path, { body, headers })).status, body.slice(0, 20)]).toEqual([status, body.slice(0, 20)]);
    const largest = JSON.stringify({ a: "x".repeat(1024 * 1024 - 8) });
    expect(largest.length).toBe(1024 * 1024);
    expect((await world.request("POST", path, { body: largest })).status).toBe(202);
    expect(JSON.stringify(await result(runId))).toBe(largest);
  });

  it("has no address but its own", async () => {
    const { path } = await waiting();
    const [run, step, mac] = path.split("/").slice(-3) as [string, string, string];
    const other = await waiting();
    const [otherRun, otherStep] = other.path.split("/").slice(-3) as [string, string];
    for (const [r, s, m] of [
      [otherRun, step, mac], [run, otherStep, mac], [otherRun, otherStep, mac], [run, step, `${mac}A`], [run, step, mac.slice(1)], [run, step, "x"], [run.toUpperCase(), step, mac],
      [randomUUID(), randomUUID(), mac], ["x", "y", "z"], ["%00", "%E0%A4%A", "..%2f"], [run, step, "%F0%9F%98%80"],
    ] as const) expect([(await world.request("POST", `/callbacks/${r}/${s}/${m}`, { body: {} })).status, r, s, m]).toEqual([404, r, s, m]);
    expect((await world.request("GET", path)).status).toBe(404);
    expect((await world.request("POST", path, { body: {} })).status).toBe(202);
  });

  it("says that the run has ended without it", async () => {
    const { runId, path } = await waiting();
    await world.as("analyst", "POST", `/runs/${runId}/cancel`);
    await expect.poll(async () => (await read(runId)).status, { timeout: 10_000 }).toBe("cancelled");
    expect(await world.request("POST", path, { body: {} })).toMatchObject({ status: 410, body: { detail: "The run has ended without it" } });
  });

  it("is limited by address", async () => {
    const path = `/callbacks/${randomUUID()}/${randomUUID()}/x`;
    const statuses = await Promise.all(Array.from({ length: 620 }, async () => (await world.request("POST", path)).status));
    expect(new Set(statuses)).toEqual(new Set([404, 429]));
    const { headers, body } = await world.request("POST", path);
    expect([Number(headers.get("retry-after")) > 0, body.detail]).toEqual([true, "Rate limit exceeded: 600 callbacks per 60 s from one address"]);
  });
});
