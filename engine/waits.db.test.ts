/** What a run waits for from outside: questions, approvals, callbacks, other runs. Real engine, real database. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { EngineWorld } from "#tests/support/engine.ts";
import { Probe } from "#tests/support/probe-nodes.ts";

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

const ana = { id: null, name: "ana" };
const openWait = async (runId: string) => (await world.trace(runId)).waits[0]!;
const waitingFor = (runId: string, kind: string) => world.until(runId, ({ status, owner, waiting_on }) => status === "waiting" && owner === null && waiting_on?.kind === kind);

async function reply(runId: string, choice: string, more: { values?: Record<string, unknown>; reason?: string; role?: string } = {}) {
  const { id } = await openWait(runId);
  return world.engine.reply({ tenantId: world.tenantId, runId, waitId: id, role: more.role ?? "analyst", value: { choice, values: (more.values ?? {}) as never, reason: more.reason ?? null }, actor: ana });
}

describe("a question", () => {
  const asking = (config: object = {}) => ({
    nodes: {
      ask: { type: "core.ask", config: { answers: [{ port: "block", label: "Block it" }, { port: "leave", label: "Leave it" }], ...config }, input: { question: { expr: "`Block ${trigger.ip}?`" } } },
      block: { type: "probe.none", input: { value: { expr: "steps.ask" } } }, leave: { type: "probe.none" }, late: { type: "probe.none" },
    },
    edges: ["trigger -> ask", "ask:block -> block", "ask:leave -> leave", "ask:timeout -> late"],
  });

  it("waits without a worker, shows what it asks, and goes on by the answer", async () => {
    const id = await world.run("ask", asking({ fields: [{ name: "hours", label: "For how long?", type: "number", required: true }] }), { ip: "203.0.113.9" });
    const row = await waitingFor(id, "question");
    expect(row.waiting_on).toMatchObject({ text: expect.stringContaining("somebody has to answer") });
    expect(await openWait(id)).toMatchObject({ kind: "question", question: { title: "Block 203.0.113.9?", choices: [{ value: "block" }, { value: "leave" }], fields: [{ name: "hours" }] } });
    expect(await reply(id, "burn")).toEqual({ invalid: [{ field: "choice", message: "choose one of block, leave" }, { field: "hours", message: "this is needed" }] });
    expect(await reply(id, "block", { values: { hours: 4 }, reason: "seen before" })).toBe("answered");
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect(await world.step(id, "block")).toMatchObject({ status: "success", input: { value: { answer: "block", values: { hours: 4 }, reason: "seen before", by: "ana" } } });
    expect(await world.step(id, "leave")).toMatchObject({ status: "skipped" });
  });

  it("goes on by timeout when nobody answers; a late answer is told so", async () => {
    const id = await world.run("ask-late", asking({ timeout: 0.4 }), { ip: "x" });
    await waitingFor(id, "question");
    const { id: waitId } = await openWait(id);
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect(await world.step(id, "late")).toMatchObject({ status: "success" });
    expect(await world.engine.reply({ tenantId: world.tenantId, runId: id, waitId, role: "analyst", value: { choice: "block", values: {}, reason: null }, actor: ana })).toBe("already-answered");
  });

  it("is only for the roles it names, and only the first answer counts", async () => {
    const id = await world.run("ask-roles", asking({ roles: ["lead"] }), { ip: "x" });
    await waitingFor(id, "question");
    const { id: waitId } = await openWait(id);
    expect(await reply(id, "leave")).toBe("not-for-you");
    const answers = await Promise.all(["leave", "block"].map((choice) => world.engine.reply({ tenantId: world.tenantId, runId: id, waitId, role: "lead", value: { choice, values: {}, reason: null }, actor: ana })));
    expect(answers.sort()).toEqual(["already-answered", "answered"]);
    expect(await world.finished(id)).toMatchObject({ status: "success" });
  });

  it("is not of another tenant", async () => {
    const id = await world.run("ask-tenant", asking(), { ip: "x" });
    await waitingFor(id, "question");
    const { id: waitId } = await openWait(id);
    expect(await world.engine.reply({ tenantId: "00000000-0000-4000-8000-000000000000", runId: id, waitId, role: "admin", value: { choice: "leave", values: {}, reason: null }, actor: ana })).toBe("not-found");
    await world.engine.cancel({ tenantId: world.tenantId, runId: id, actor: ana });
    expect(await world.finished(id)).toMatchObject({ status: "cancelled" });
  });

  it("is withdrawn when the run ends without an answer", async () => {
    const id = await world.run("ask-withdrawn", asking(), { ip: "x" });
    await waitingFor(id, "question");
    const { id: waitId } = await openWait(id);
    await world.engine.cancel({ tenantId: world.tenantId, runId: id, actor: ana });
    expect(await world.finished(id)).toMatchObject({ status: "cancelled" });
    expect((await world.trace(id)).waits).toEqual([]);
    expect(await world.engine.reply({ tenantId: world.tenantId, runId: id, waitId, role: "analyst", value: { choice: "block", values: {}, reason: null }, actor: ana })).toBe("already-answered");
  });

  it("may be over before it is stored", async () => {
    probe.script("slow", { do: "return", afterMs: 400 });
    const { nodes, edges } = asking({ timeout: 0.01 });
    const id = await world.run("ask-short", { nodes: { ...nodes, slow: { type: "probe.read" } }, edges: [...edges, "trigger -> slow"] }, { ip: "x" });
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect(await world.step(id, "late")).toMatchObject({ status: "success" });
    expect((await world.trace(id)).waits).toEqual([]);
  });

  it("is asked once per item of a loop, each answered by itself", async () => {
    const id = await world.run("ask-each", {
      nodes: { all: { type: "core.each", config: { concurrency: 2 }, input: { items: { value: ["a", "b"] } } }, ask: { type: "core.ask", in: "all", input: { question: { expr: "item" } } } },
      edges: ["trigger -> all"],
    });
    await waitingFor(id, "question");
    const { waits } = await world.trace(id);
    expect(waits.map(({ question }) => (question as { title: string }).title).sort()).toEqual(["a", "b"]);
    for (const wait of waits) await world.engine.reply({ tenantId: world.tenantId, runId: id, waitId: wait.id, role: "analyst", value: { choice: "yes", values: {}, reason: null }, actor: ana });
    expect(await world.finished(id)).toMatchObject({ status: "success" });
  });
});

describe("an approval", () => {
  const gated = (approval: object, more: object = {}) => ({
    nodes: { contain: { type: "probe.contain", approval, input: { value: { expr: "({ host: trigger.host, at: Math.random() })" } }, ...more }, after: { type: "probe.none" }, refused: { type: "probe.none" } },
    edges: ["trigger -> contain", "contain -> after", ...(Object.hasOwn(more, "onFailure") ? ["contain:failed -> refused"] : [])],
  });

  it("asks with the input as it will be used, and calls with exactly that", async () => {
    const id = await world.run("approve", gated({ text: "Is it a server?" }), { host: "web-1" });
    await waitingFor(id, "approval");
    const wait = await openWait(id);
    expect(wait).toMatchObject({ kind: "approval", question: { effect: "contain", text: "Is it a server?", input: { value: { host: "web-1", at: expect.any(Number) } } } });
    expect(probe.callsOf("contain")).toEqual([]);
    expect(await reply(id, "approve", { reason: "ok" })).toBe("answered");
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect(probe.callsOf("contain").map(({ input }) => input)).toEqual([(wait.question as { input: unknown }).input]);
    expect((await world.step(id, "contain")).logs).toMatchObject([{ text: "ana allowed it: ok" }]);
  });

  it("refused is a failure of the step, which the playbook may catch", async () => {
    const before = probe.callsOf("contain").length;
    const fails = await world.run("refuse", gated({}), { host: "x" });
    await waitingFor(fails, "approval");
    await reply(fails, "refuse", { reason: "not at night" });
    expect(await world.finished(fails)).toMatchObject({ status: "failed", error: { kind: "rejected", message: "ana refused it: not at night", node_id: "contain" } });

    const caught = await world.run("refuse-caught", gated({}, { onFailure: "port" }), { host: "x" });
    await waitingFor(caught, "approval");
    await reply(caught, "refuse");
    expect(await world.finished(caught)).toMatchObject({ status: "success" });
    expect(await world.step(caught, "refused")).toMatchObject({ status: "success" });
    expect(probe.callsOf("contain")).toHaveLength(before);
  });

  it("nobody in time is a refusal", async () => {
    const id = await world.run("approve-late", gated({ timeout: 0.3 }), { host: "x" });
    expect(await world.finished(id)).toMatchObject({ status: "failed", error: { message: "nobody has allowed it in time" } });
  });

  it("holds for every attempt of what was allowed", async () => {
    probe.script("flaky", { do: "fail", kind: "unavailable" }, { do: "return" });
    const id = await world.run("approve-retry", { nodes: { flaky: { type: "probe.write", approval: {}, retry: { attempts: 3, backoff: "fixed", base: 0.05, max: 1, jitter: false } } }, edges: ["trigger -> flaky"] });
    await waitingFor(id, "approval");
    await reply(id, "approve");
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect(probe.callsOf("flaky")).toHaveLength(2);
  });
});

describe("a callback", () => {
  const calling = (config: object = {}) => ({
    nodes: {
      tell: { type: "core.set", input: { url: { expr: "run.callback_urls.wait" } } }, wait: { type: "core.wait-for-callback", config },
      end: { type: "core.stop", input: { result: { expr: "steps.wait.body" } } }, late: { type: "probe.none" },
    },
    edges: ["trigger -> tell", "tell -> wait", "wait:out -> end", "wait:timeout -> late"],
  });
  const address = async (runId: string) => {
    const { url } = (await world.step(runId, "tell")).output as { url: string };
    const [run, step, mac] = url.split("/").slice(-3);
    return { runId: run!, stepId: step!, mac: mac! };
  };

  it("goes on with what was posted to its address, once", async () => {
    const id = await world.run("callback", calling());
    await waitingFor(id, "callback");
    const to = await address(id);
    expect(await world.engine.callback({ ...to, mac: "x".repeat(22), body: {} })).toBe("not-found");
    expect(await world.engine.callback({ ...to, body: { verdict: "clean" } })).toBe("accepted");
    expect(await world.engine.callback({ ...to, body: { verdict: "again" } })).toBe("used");
    expect(await world.finished(id)).toMatchObject({ status: "success", result: { result: { verdict: "clean" } } });
    expect((await world.trace(id)).waits).toEqual([]);
    expect(await world.engine.callback({ ...to, body: {} })).toBe("used");
  });

  it("keeps what comes before the step waits", async () => {
    const id = await world.run("callback-early", { ...calling(), nodes: { ...calling().nodes, tell: { type: "core.set", input: { url: { expr: "run.callback_urls.wait" } } }, pause: { type: "core.delay", input: { seconds: { value: 0.5 } } } }, edges: ["trigger -> tell", "tell -> pause", "pause -> wait", "wait:out -> end"] });
    await waitingFor(id, "timer");
    expect(await world.engine.callback({ ...(await address(id)), body: "early" })).toBe("accepted");
    expect(await world.finished(id)).toMatchObject({ status: "success", result: { result: "early" } });
  });

  it("gives up by the port timeout", async () => {
    const id = await world.run("callback-late", calling({ timeout: 0.3 }));
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect(await world.step(id, "late")).toMatchObject({ status: "success" });
  });
});

describe("another playbook", () => {
  const parent = (playbook: string, more: object = {}) => ({
    nodes: { sub: { type: "core.run-playbook", config: { playbook }, input: { input: { expr: "({ n: trigger.n })" } }, ...more }, end: { type: "core.stop", input: { result: { expr: "steps.sub.result" } } } },
    edges: ["trigger -> sub", "sub:out -> end"],
  });

  it("runs to its end while the parent waits without a worker, and gives its result", async () => {
    await world.publish("child", { nodes: { pause: { type: "core.delay", input: { seconds: { value: 0.4 } } }, end: { type: "core.stop", input: { result: { expr: "trigger.n * 2" } } } }, edges: ["trigger -> pause", "pause -> end"] });
    const id = await world.run("parent", parent("child"), { n: 21 });
    const row = await waitingFor(id, "run");
    const childId = (row.waiting_on as { run_id: string }).run_id;
    await world.until(childId, ({ status }) => status === "waiting");
    expect(await world.finished(id)).toMatchObject({ status: "success", result: { result: { result: 42 } } });
    expect((await world.step(id, "sub")).output).toMatchObject({ run_id: childId });
  });

  it("its failure is the step's failure, and so is that it cannot be started", async () => {
    await world.publish("child-fails", { nodes: { end: { type: "core.stop", config: { outcome: "failed" }, input: { message: { value: "no good" } } } }, edges: ["trigger -> end"] });
    expect(await world.finished(await world.run("parent-fails", parent("child-fails"), { n: 1 }))).toMatchObject({ status: "failed", error: { node_id: "sub", message: "the playbook child-fails failed: no good" } });
    expect(await world.finished(await world.run("parent-missing", parent("no-such"), { n: 1 }))).toMatchObject({ status: "failed", error: { message: 'the playbook no-such failed: there is no playbook "no-such"' } });
  });

  it("a cancel of the parent cancels it", async () => {
    await world.publish("child-long", { nodes: { pause: { type: "core.delay", input: { seconds: { value: 600 } } } }, edges: ["trigger -> pause"] });
    const id = await world.run("parent-cancel", parent("child-long"), { n: 1 });
    const row = await waitingFor(id, "run");
    await world.engine.cancel({ tenantId: world.tenantId, runId: id, actor: ana });
    expect(await world.finished(id)).toMatchObject({ status: "cancelled" });
    expect(await world.finished((row.waiting_on as { run_id: string }).run_id)).toMatchObject({ status: "cancelled" });
  });

  it("a cancel of it is the step's failure", async () => {
    const id = await world.run("parent-loses", parent("child-long"), { n: 1 });
    const row = await waitingFor(id, "run");
    await world.engine.cancel({ tenantId: world.tenantId, runId: (row.waiting_on as { run_id: string }).run_id, actor: ana });
    expect(await world.finished(id)).toMatchObject({ status: "failed", error: { message: expect.stringContaining("was cancelled") } });
  });

  it("a playbook that runs itself ends ten deep", async () => {
    const { playbookId } = await world.publish("itself", parent("itself"));
    const started = await world.engine.start({ tenantId: world.tenantId, playbookId, input: { n: 1 }, actor: ana });
    if ("error" in started) throw new Error(started.error);
    expect(await world.finished(started.runId, 20_000)).toMatchObject({ status: "failed", error: { message: expect.stringContaining("at most 10 deep") } });
  });

  it("runs once per item of a loop, several at a time", async () => {
    await world.publish("child-each", { nodes: { end: { type: "core.stop", input: { result: { expr: "trigger.n + 1" } } } }, edges: ["trigger -> end"] });
    const id = await world.run("parent-each", {
      nodes: { all: { type: "core.each", config: { concurrency: 4 }, input: { items: { value: [1, 2, 3, 4, 5] } } }, sub: { type: "core.run-playbook", in: "all", config: { playbook: "child-each" }, input: { input: { expr: "({ n: item })" } } }, end: { type: "core.stop", input: { result: { expr: "steps.all.items.map((one) => one.result.result.result)" } } } },
      edges: ["trigger -> all", "all -> end"],
    });
    expect(await world.finished(id)).toMatchObject({ status: "success", result: { result: [2, 3, 4, 5, 6] } });
  });
});

describe("a takeover", () => {
  it("keeps what was asked, and what was answered", async () => {
    const worker = await world.startWorker();
    const id = await world.run("takeover-waits", { nodes: { ask: { type: "core.ask", input: { question: { value: "Go on?" } } }, after: { type: "probe.write" } }, edges: ["trigger -> ask", "ask:yes -> after"] });
    await waitingFor(id, "question");
    await worker.stop();
    await reply(id, "yes");
    expect(await world.finished(id)).toMatchObject({ status: "success" });
    expect((await world.trace(id)).waits).toEqual([]);
  });
});
