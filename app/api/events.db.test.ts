import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebWorld } from "#app/server/testing.ts";

let world: WebWorld;
let key: string;

beforeAll(async () => {
  world = await WebWorld.create();
  key = await world.addKey();
});
afterAll(() => world.close());

interface Message { event: string; data: { alerts: string[] | "*" | boolean; runs: string[] | "*" | boolean } }

/** A reader of the stream; `next` waits for one message. */
async function watch(token: string) {
  const controller = new AbortController();
  const response = await world.stream("/events", token, controller.signal);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  return {
    response,
    async next(): Promise<Message | undefined> {
      for (;;) {
        const end = buffer.indexOf("\n\n");
        if (end >= 0) {
          const lines = buffer.slice(0, end).split("\n");
          buffer = buffer.slice(end + 2);
          const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
          if (field("event")) return { event: field("event")!, data: JSON.parse(field("data")!) };
          continue;
        }
        const { done, value } = await reader.read();
        if (done) return undefined;
        buffer += value;
      }
    },
    async close() {
      controller.abort();
      await reader.cancel().catch(() => undefined);
    },
  };
}

const deliver = async (apiKey = key): Promise<string> => (await world.request("POST", "/webhooks/alerts", { key: apiKey, body: { title: "live" } })).body.alert_id;

describe("the live stream (R227)", () => {
  it("greets, then tells of each committed change", async () => {
    const { token } = await world.person("viewer");
    const stream = await watch(token);
    expect(stream.response.headers.get("content-type")).toContain("text/event-stream");
    expect(await stream.next()).toMatchObject({ event: "hello" });
    const id = await deliver();
    expect(await stream.next()).toEqual({ event: "change", data: { alerts: [id], runs: [] } });
    await world.as("analyst", "POST", `/alerts/${id}/comments`, { text: "hi" });
    expect(await stream.next()).toEqual({ event: "change", data: { alerts: [id], runs: [] } });
    await stream.close();
  });

  it("never tells of another tenant's rows", async () => {
    const { token } = await world.person("viewer", world.otherTenantId);
    const foreignKey = await world.addKey({}, world.otherTenantId);
    const stream = await watch(token);
    await stream.next();
    const ours = await deliver();
    await world.as("analyst", "PATCH", `/alerts/${ours}`, { severity: "low" });
    await world.as("admin", "POST", "/playbooks", { slug: "live", document: { format: 1, name: "Live", trigger: { on: "manual" }, nodes: [{ id: "a", type: "core.set" }], edges: [{ id: "e", from: "trigger", to: "a" }] } });
    expect((await world.as("analyst", "POST", "/playbooks/live/run", { alert_id: ours })).status).toBe(202);
    const theirs = await deliver(foreignKey);
    expect(await stream.next()).toEqual({ event: "change", data: { alerts: [theirs], runs: [] } });
    await stream.close();
  });

  it("tells each tenant of its own runs only", async () => {
    const streams = await Promise.all([world.tenantId, world.otherTenantId].map(async (tenant) => watch((await world.person("viewer", tenant)).token)));
    for (const stream of streams) await stream.next();
    const { body } = await world.as("analyst", "POST", "/playbooks/live/run", {});
    expect(await streams[0]!.next()).toEqual({ event: "change", data: { alerts: [], runs: [body.run_id] } });
    const theirs = await deliver(await world.addKey({}, world.otherTenantId));
    expect(await streams[1]!.next()).toEqual({ event: "change", data: { alerts: [theirs], runs: [] } });
    for (const stream of streams) await stream.close();
  });

  it("tells nobody of kinds they may not read", async () => {
    const { token } = await world.person("nobody");
    const stream = await watch(token);
    expect(await stream.next()).toEqual({ event: "hello", data: { alerts: false, runs: false } });
    await stream.close();
  });

  it("tells watchers to read everything again after the database connection was lost", async () => {
    const { token } = await world.person("viewer");
    const stream = await watch(token);
    await stream.next();
    const { rowCount } = await world.owner.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'playgraph-web-live' AND datname = current_database()");
    expect(rowCount).toBe(1);
    expect(await stream.next()).toEqual({ event: "change", data: { alerts: "*", runs: "*" } });
    const id = await deliver();
    expect(await stream.next()).toEqual({ event: "change", data: { alerts: [id], runs: [] } });
    await stream.close();
  });

  it("is not fooled by nonsense on the channel", async () => {
    const { token } = await world.person("viewer");
    const stream = await watch(token);
    await stream.next();
    for (const payload of ["", "x", "null", "[]", "5", JSON.stringify({ t: 5 }), JSON.stringify({ t: world.tenantId, a: 7, r: [1] })]) await world.owner.query("SELECT pg_notify('playgraph_changes', $1)", [payload]);
    const id = await deliver();
    expect(await stream.next()).toEqual({ event: "change", data: { alerts: [id], runs: [] } });
    await stream.close();
  });
});
