/** A playbook's own webhook as the outside uses it, and who may give its address away. */
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
    engineUrl: world.database.engineUrl, secretKey: world.secretKey, baseUrl: BASE_URL, concurrency: 8, allowPrivate: true, resolveNode,
    onDeclaredDead: () => undefined, log: createLog("silent"),
  });
});
afterAll(async () => {
  await worker.stop();
  await world.close();
});

type Nodes = { id: string; type: string; config?: object; input?: object }[];
const END = (expr = "trigger"): Nodes => [{ id: "end", type: "core.stop", input: { result: { expr } } }];

/** @returns the path of its webhook, below /api/v1 */
async function hooked(slug: string, { trigger = {}, nodes = END(), role = "admin" as "admin" | "tenant_admin" } = {}): Promise<string> {
  const edges = nodes.map(({ id }, at) => ({ id: `e${at}`, from: nodes[at - 1]?.id ?? "trigger", to: id }));
  const published = await world.as("admin", "POST", "/playbooks", { slug, document: { format: 1, name: slug, trigger: { on: "webhook", ...trigger }, nodes, edges } });
  expect([published.status, published.body.detail]).toEqual([201, undefined]);
  const made = await world.as(role, "POST", `/playbooks/${slug}/hook`);
  expect(made.status).toBe(201);
  expect(made.body.url.startsWith(`${BASE_URL}/api/v1/hooks/`)).toBe(true);
  return made.body.url.slice(`${BASE_URL}/api/v1`.length);
}

const read = async (runId: string) => (await world.as("viewer", "GET", `/runs/${runId}`)).body;
const runsOf = async (slug: string) => (await world.as("viewer", "GET", `/runs?playbook=${slug}`)).body;
const RESULT = { webhook: { respond: "result", within: 20 } };

describe("a delivery", () => {
  it("starts the playbook, without a login and from any site", async () => {
    const path = await hooked("plain");
    const answer = await world.request("POST", path, { body: { verdict: "bad" }, headers: { origin: "https://scanner.example", "sec-fetch-site": "cross-site", cookie: "playgraph_session_3000=nonsense" } });
    expect([answer.status, answer.body]).toEqual([202, { status: "accepted", run_id: expect.any(String), duplicate: false }]);
    expect(answer.headers.get("x-run-id")).toBe(answer.body.run_id);
    await expect.poll(async () => (await read(answer.body.run_id)).status, { timeout: 10_000 }).toBe("success");
    expect(await read(answer.body.run_id)).toMatchObject({ mode: "live", alert_id: null, trigger: { verdict: "bad" }, playbook: { slug: "plain" } });
  });

  it.each<[string, string, string, unknown]>([
    ["JSON", "application/json", '{"a":[1]}', { a: [1] }],
    ["another kind of JSON", "application/cloudevents+json; charset=utf-8", "42", 42],
    ["a form", "application/x-www-form-urlencoded", "a=1&b=x%20y&b=z&__proto__=p", JSON.parse('{"a":"1","b":["x y","z"],"__proto__":"p"}')],
    ["JSON that says it is a form, as curl sends it", "application/x-www-form-urlencoded", '{"a":1}', { a: 1 }],
    ["text", "text/plain", "all clear", "all clear"],
    ["text that says nothing", "", "all clear", "all clear"],
  ])("takes %s", async (kind, type, body, expected) => {
    const path = await hooked(`takes-${kind.replaceAll(/[^a-z]+/gi, "-").toLowerCase()}`.slice(0, 40), { trigger: RESULT });
    const answer = await world.request("POST", path, { body: new TextEncoder().encode(body), headers: { "content-type": type } });
    expect([answer.status, answer.body]).toEqual([200, expected]);
  });

  it("refuses what it cannot keep", async () => {
    const path = await hooked("hostile");
    const json = { "content-type": "application/json" };
    for (const [status, body, headers] of [
      [400, "{", json], [422, '{"a":"\\u0000"}', json], [422, '"\\ud800"', json], [422, "1e999", json], [422, `${"[".repeat(5_000)}${"]".repeat(5_000)}`, json],
      [422, "a\0b", { "content-type": "text/plain" }], [422, "a=%00", { "content-type": "application/x-www-form-urlencoded" }], [415, "--x", { "content-type": "multipart/form-data; boundary=x" }],
      [413, "x".repeat(1024 * 1024 + 1), json], [413, "{}", { ...json, "content-length": "2000000" }], [422, "{}", { ...json, "idempotency-key": "k".repeat(201) }],
    ] as const) expect([(await world.request("POST", path, { body, headers })).status, body.slice(0, 20)]).toEqual([status, body.slice(0, 20)]);
    expect((await runsOf("hostile")).total).toBe(0);
  });

  it("has no address but its own", async () => {
    const path = await hooked("addressed");
    const token = path.split("/").at(-1)!;
    for (const other of [token.slice(1), `${token}A`, token.slice(0, -1), token.toUpperCase(), "x", "%00", "%E0%A4%A", "..%2f", "A".repeat(43), "%F0%9F%98%80"]) {
      expect([(await world.request("POST", `/hooks/${other}`, { body: {} })).status, other]).toEqual([404, other]);
    }
    expect((await world.request("GET", path)).status).toBe(404);
    const { rows } = await world.owner.query("SELECT row_to_json(h)::text AS text FROM playbook_hooks h");
    expect(rows.some(({ text }: { text: string }) => text.includes(token))).toBe(false);
  });

  it("counts once under the same key, also when it comes many times at once", async () => {
    const path = await hooked("once");
    const send = (key: string) => world.request("POST", path, { body: {}, headers: { "idempotency-key": key } });
    const answers = await Promise.all(Array.from({ length: 6 }, () => send("delivery 1")));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.run_id}`)).size).toBe(1);
    expect(answers.filter(({ body }) => !body.duplicate)).toHaveLength(1);
    expect((await send("delivery 2")).body.duplicate).toBe(false);
    expect((await runsOf("once")).total).toBe(2);
    const other = await hooked("once-other");
    expect((await world.request("POST", other, { body: {}, headers: { "idempotency-key": "delivery 1" } })).body.duplicate).toBe(false);
  });
});

describe("the answer of the run", () => {
  it("is what it ends with", async () => {
    const path = await hooked("answers", { trigger: RESULT, nodes: END("({ twice: trigger.n * 2 })") });
    const answer = await world.request("POST", path, { body: { n: 21 } });
    expect([answer.status, answer.body]).toEqual([200, { twice: 42 }]);
    expect((await read(answer.headers.get("x-run-id")!)).status).toBe("success");
  });

  it("says no more than that where it ends with nothing, or fails", async () => {
    const quiet = await hooked("quiet", { trigger: RESULT, nodes: [{ id: "a", type: "core.set", input: { x: { value: 1 } } }] });
    expect(await world.request("POST", quiet, { body: {} })).toMatchObject({ status: 200, body: { status: "success", run_id: expect.any(String) } });
    const fails = await hooked("fails", { trigger: RESULT, nodes: END("trigger.deep.secret") });
    const answer = await world.request("POST", fails, { body: {} });
    expect([answer.status, answer.body]).toEqual([502, { detail: "The run failed", status: "failed", run_id: expect.any(String) }]);
  });

  it("does not keep the sender waiting longer than it says", async () => {
    const path = await hooked("slow", { trigger: { webhook: { respond: "result", within: 1 } }, nodes: [{ id: "wait", type: "core.delay", input: { seconds: { value: 60 } } }] });
    const start = performance.now();
    const answer = await world.request("POST", path, { body: {} });
    expect([answer.status, answer.body.status, performance.now() - start < 5_000]).toEqual([202, "accepted", true]);
  });
});

describe("a playbook that does not take any", () => {
  it.each<[string, () => Promise<unknown>, string]>([
    ["off", () => world.as("admin", "PATCH", "/playbooks/gone-off", { enabled: false }), "switched off"],
    ["other", () => world.as("admin", "POST", "/playbooks", { slug: "gone-other", document: { format: 1, name: "gone-other", trigger: { on: "manual" }, nodes: [], edges: [] } }), "not started by a webhook"],
  ])("says so: %s", async (kind, change, words) => {
    const path = await hooked(`gone-${kind}`);
    await change();
    expect(await world.request("POST", path, { body: {} })).toMatchObject({ status: 409, body: { detail: expect.stringContaining(words) } });
    expect((await runsOf(`gone-${kind}`)).total).toBe(0);
  });

  it("or that was never published", async () => {
    await world.as("admin", "POST", "/playbooks/new", { name: "Fresh", slug: "fresh" });
    const { body } = await world.as("admin", "POST", "/playbooks/fresh/hook");
    expect((await world.request("POST", `/hooks/${body.url.split("/").at(-1)}`, { body: {} })).status).toBe(409);
  });
});

describe("the address", () => {
  it("is shown once, and another one takes its place at once", async () => {
    const path = await hooked("rotated", { role: "tenant_admin" });
    const shown = await world.as("viewer", "GET", "/playbooks/rotated/hook");
    expect(shown.body).toEqual({ hook: { hint: path.slice(-4), created_by: expect.stringMatching(/^tenant_admin/), created_at: expect.any(String) } });
    const { body: next } = await world.as("admin", "POST", "/playbooks/rotated/hook");
    expect((await world.request("POST", path, { body: {} })).status).toBe(404);
    expect((await world.request("POST", `/hooks/${next.url.split("/").at(-1)}`, { body: {} })).status).toBe(202);
    expect((await world.as("admin", "DELETE", "/playbooks/rotated/hook")).body).toEqual({ hook: null });
    expect((await world.as("viewer", "GET", "/playbooks/rotated/hook")).body).toEqual({ hook: null });
    expect((await world.request("POST", `/hooks/${next.url.split("/").at(-1)}`, { body: {} })).status).toBe(404);
    const { body: audit } = await world.as("admin", "GET", "/audit?limit=10");
    const actions = audit.entries.map(({ action }: { action: string }) => action);
    expect(actions.slice(0, 3)).toEqual(["playbook_hook_removed", "playbook_hook_made", "playbook_hook_made"]);
    expect(JSON.stringify(audit)).not.toContain(path.split("/").at(-1));
  });

  it("is the business of those who manage playbooks, and of their tenant", async () => {
    await hooked("guarded");
    for (const role of ["analyst", "viewer", "auditor"] as const) for (const method of ["POST", "DELETE"]) expect((await world.as(role, method, "/playbooks/guarded/hook")).status).toBe(403);
    const { token } = await world.person("admin", world.otherTenantId);
    for (const method of ["GET", "POST", "DELETE"]) expect((await world.request(method, "/playbooks/guarded/hook", { token })).status).toBe(404);
  });

  it("dies with its tenant", async () => {
    const path = await hooked("tenant");
    await world.owner.query("UPDATE tenants SET active = false WHERE id = $1", [world.tenantId]);
    expect((await world.request("POST", path, { body: {} })).status).toBe(404);
    await world.owner.query("UPDATE tenants SET active = true WHERE id = $1", [world.tenantId]);
  });
});

it("is limited by address", async () => {
  const statuses = await Promise.all(Array.from({ length: 620 }, async () => (await world.request("POST", `/hooks/${"A".repeat(43)}`)).status));
  expect(new Set(statuses)).toEqual(new Set([404, 429]));
  const { headers, body } = await world.request("POST", "/hooks/x");
  expect([Number(headers.get("retry-after")) > 0, body.detail]).toEqual([true, "Rate limit exceeded: 600 requests per 60 s"]);
});
