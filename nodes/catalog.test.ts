import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ALERT_STATUSES as LIFECYCLE } from "#engine/alerts/lifecycle.ts";
import { type AnyNode, defineNode } from "#sdk";
import { ALERT_STATUSES } from "./alert/update.ts";
import { catalog, shapeOf } from "./catalog.ts";
import { connections, nodes, resolveConnection, resolveNode, sources } from "./index.ts";

test("types are unique, and resolve by version", () => {
  expect(new Set(nodes.map(({ type, version }) => `${type}@${version}`)).size).toBe(nodes.length);
  expect(new Set(connections.map(({ type }) => type)).size).toBe(connections.length);
  expect(new Set(sources.map(({ id }) => id)).size).toBe(sources.length);
  expect(resolveNode("core.set", 1)?.ui.title).toBe("Set fields");
  expect(resolveNode("core.set", 2)).toBeUndefined();
  expect(resolveConnection("slack")?.title).toBe("Slack");
});

describe.each(nodes.map((node) => [node.type, node] as const))("%s", (_, node: AnyNode) => {
  const described = catalog().nodes.find(({ type, version }) => type === node.type && version === node.version)!;

  test("may be held back when it may change something", () => {
    const effects = [described.effect, ...Object.values(described.effectBy?.effects ?? {})];
    if (!effects.includes("write") && !effects.includes("contain")) return;
    const config = node.config.safeParse({});
    const { port, data } = node.simulate!({ config: config.data ?? {}, input: {} });
    expect((node.outputs as Record<string, z.ZodType>)[port]!.safeParse(data).success).toBe(true);
  });

  test("names only fields it has in its summary", () => {
    const fields = [...Object.keys(node.config.shape), ...Object.keys(node.input.shape)];
    for (const [, field] of node.ui.summary.matchAll(/\{(\w+)\}/g)) expect(fields).toContain(field);
  });

  test("uses a registered connection", () => {
    if (node.connection) expect(resolveConnection(node.connection.type)).toBe(node.connection);
  });

  test("is described in JSON, without code", () => {
    expect(JSON.parse(JSON.stringify(described))).toEqual(described);
  });
});

describe("the catalogue", () => {
  const find = (type: string) => catalog().nodes.find((node) => node.type === type)!;

  test("says which inputs are needed and whether others are taken", () => {
    expect(find("slack.post-message").requiredInputs).toEqual([]);
    expect(find("virustotal.lookup-ip")).toMatchObject({ requiredInputs: ["ip"], connection: "virustotal", effect: "read", anyInput: false });
    expect(find("core.set")).toMatchObject({ anyInput: true, requiredInputs: [] });
  });

  test("gives what the config decides as data", () => {
    expect(find("core.switch")).toMatchObject({ ports: ["default"], portsFrom: { list: "cases", name: "port", always: ["default"] } });
    expect(find("core.http-request").effectBy).toMatchObject({ field: "method", effects: { GET: "read", POST: "write" } });
    expect(find("core.stop")).toMatchObject({ endsRun: true, ports: [] });
  });

  test("names secrets, and marks them in the schema", () => {
    expect(catalog().connections.map(({ type, secrets }) => [type, secrets])).toEqual([["virustotal", ["api_key"]], ["slack", ["bot_token", "webhook_url"]], ["email", ["password"]]]);
    expect(catalog().connections[0]!.settings).toMatchObject({ properties: { api_key: { secret: true } } });
  });
});

describe("shapes", () => {
  test("find what is wrong with a node's settings, unknown ones included", () => {
    const issues = shapeOf("core.http-request", 1)!.configIssues!;
    expect(issues({})).toEqual([]);
    expect(issues({ method: "FETCH", colour: 1 }).map(({ path }) => path)).toEqual(["method", ""]);
  });

  test("are undefined for what is not installed", () => {
    expect(shapeOf("core.nothing", 1)).toBeUndefined();
  });
});

test("a node that writes cannot be defined without a stand-in", () => {
  const base = { type: "x.y", version: 1, ui: { title: "X", category: "web", icon: "x", summary: "x" }, config: z.object({}), input: z.object({}), outputs: { out: z.object({}) } } as const;
  expect(() => defineNode({ ...base, effect: "write", run: async () => ({ port: "out" as const, data: {} }) })).toThrow("simulate");
});

test("alert.update knows the statuses of the alert's life", () => {
  expect(ALERT_STATUSES).toEqual(LIFECYCLE);
});
