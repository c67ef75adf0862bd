import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WebWorld } from "#app/server/testing.ts";

let world: WebWorld;
let key: string;

beforeAll(async () => {
  world = await WebWorld.create();
  key = await world.addKey();
});
afterAll(() => world.close());

const publish = async (slug: string, name: string, trigger: object, enabled = true) => {
  const answer = await world.as("playbook_author", "POST", "/playbooks", { slug, enabled, document: { format: 1, name, trigger, nodes: [], edges: [] } });
  expect(answer.status).toBe(201);
};

it("says for an alert what it starts, in which order, and why not the rest; with a draft's trigger, what publishing it would change", async () => {
  const source = `s${randomUUID().slice(0, 8)}`;
  await publish("explain-late", "Explain, late", { source, order: 20 });
  await publish("explain-first", "Explain, first", { source, order: 10 });
  await publish("explain-off", "Explain, off", { source }, false);
  await publish("explain-enriched", "Explain, enriched", { source, moment: "enriched" });
  await publish("explain-draft", "Explain, draft", { on: "manual" });
  const { body: alert } = await world.request("POST", "/webhooks/alerts", { key, body: { title: "x", source, severity: "low" } });
  const explain = async (body: object = {}) => {
    const answer = await world.as("viewer", "POST", "/playbooks/explain", { alert_id: alert.alert_id, ...body });
    return Object.fromEntries((answer.body.playbooks as { slug: string }[]).filter(({ slug }) => slug.startsWith("explain-")).map((each) => [each.slug, each])) as Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
  };
  const failing = ({ reasons }: { reasons: { holds: boolean; text: string }[] }) => reasons.filter(({ holds }) => !holds).map(({ text }) => text);

  const now = await explain();
  expect(Object.keys(now)).toEqual(["explain-first", "explain-late", "explain-draft", "explain-enriched", "explain-off"]);
  expect(now["explain-late"].position - now["explain-first"].position).toBe(1);
  expect(now["explain-enriched"]).toMatchObject({ matches: true, moment: "enriched" });
  expect([failing(now["explain-off"]), failing(now["explain-draft"])]).toEqual([["disabled"], ["not started by alerts: it starts by hand only"]]);
  expect([now["explain-off"].position, now["explain-draft"].by_draft]).toEqual([null, false]);

  const drafted = await explain({ playbook_id: "explain-draft", trigger: { source, order: 15, conditions: { any: [{ match: { severity: ["low"] } }, { not: { field: "title", op: "exists" } }] } } });
  expect(Object.keys(drafted).slice(0, 3)).toEqual(["explain-first", "explain-draft", "explain-late"]);
  expect(drafted["explain-draft"]).toMatchObject({ by_draft: true, matches: true, order: 15, reasons: expect.arrayContaining([{ holds: true, text: "any of", parts: [expect.objectContaining({ holds: true }), { holds: false, text: "not", parts: [expect.anything()] }] }]) });
  expect(drafted["explain-draft"].position - drafted["explain-first"].position).toBe(1);
});

it.each([
  ["no alert", {}, 422], ["an alert that is not one", { alert_id: "x" }, 422], ["an unknown alert", { alert_id: randomUUID() }, 404],
  ["a trigger of nobody", { alert_id: randomUUID(), trigger: {} }, 422], ["a playbook without a trigger", { alert_id: randomUUID(), playbook_id: "p" }, 422],
  ["a trigger that is none", { alert_id: randomUUID(), playbook_id: "p", trigger: { on: "full moon" } }, 422], ["a condition that is none", { alert_id: randomUUID(), playbook_id: "p", trigger: { conditions: { field: "" } } }, 422],
  ["an unknown playbook", { alert_id: randomUUID(), playbook_id: "nosuch", trigger: {} }, 404],
])("refuses %s", async (_, body, status) => {
  const answer = await world.as("viewer", "POST", "/playbooks/explain", body);
  expect(answer.status).toBe(status);
  expect(answer.body.detail.length).toBeGreaterThan(0);
});

it("tells nothing of another tenant", async () => {
  const { body: alert } = await world.request("POST", "/webhooks/alerts", { key, body: { title: "x", source: "ours" } });
  const theirKey = await world.addKey({}, world.otherTenantId);
  const { body: theirs } = await world.request("POST", "/webhooks/alerts", { key: theirKey, body: { title: "x", source: "theirs" } });
  const { token } = await world.person("viewer", world.otherTenantId);
  const ask = (body: object) => world.request("POST", "/playbooks/explain", { token, body });
  expect((await ask({ alert_id: alert.alert_id })).status).toBe(404);
  expect((await ask({ alert_id: theirs.alert_id })).body).toEqual({ alert_id: theirs.alert_id, playbooks: [] });
  expect((await ask({ alert_id: theirs.alert_id, playbook_id: "explain-first", trigger: {} })).status).toBe(404);
});
