import { once } from "node:events";
import { gzipSync } from "node:zlib";
import { createServer } from "node:http";
import type { AddressInfo, LookupFunction } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ConnectRequest, HttpRequest } from "#sdk";
import { type Simulator, startSimulator } from "#tests/simulators/server.ts";
import { createGateway, type EgressEvent, type EgressRules } from "./gateway.ts";
import { createRedactor } from "./redact.ts";
import { retryAfterOf } from "./response.ts";

let server: Simulator;
let other: Simulator;
let answers: Record<string, string | string[]> = {};
let lookups = 0;
const lookup: LookupFunction = (name, options, callback) => {
  lookups++;
  const found = answers[name];
  if (found === undefined) return callback(Object.assign(new Error("not found"), { code: "ENOTFOUND" }), "", 4);
  const list = (Array.isArray(found) ? found : [found]).map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  if (options.all) callback(null, list);
  else callback(null, list[0]!.address, list[0]!.family);
};
const gateway = createGateway({ lookup, maxBytes: 1000 });
let events: EgressEvent[] = [];

beforeAll(async () => {
  server = await startSimulator(({ path }) => ({ body: { path } }));
  other = await startSimulator(({ path }) => ({ body: { other: path } }));
});
beforeEach(() => {
  server.reset();
  other.reset();
  events = [];
  lookups = 0;
  answers = { "vendor.test": "127.0.0.1" };
});
afterAll(async () => {
  gateway.close();
  await Promise.all([server.close(), other.close()]);
});

const send = (request: HttpRequest, rules: Partial<EgressRules> = {}) =>
  gateway.http({ hosts: "any", allowPrivate: true, signal: new AbortController().signal, redactor: createRedactor(["s3cret-key"]), timeout: 0.3, observe: (event) => void events.push(event), ...rules }).request(request);
const port = (simulator: Simulator): string => new URL(simulator.url).port;

describe("where to", () => {
  test.each(["http://127.0.0.1:1/", "http://[::1]/", "http://0x7f.1/", "http://2130706433/", "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest/meta-data", "http://10.1.2.3/"])("%s is refused", async (url) => {
    await expect(send({ url }, { allowPrivate: false })).rejects.toMatchObject({ kind: "invalid-input" });
  });

  test("a name that resolves to a private address is refused, also as one of several", async () => {
    answers = { "rebind.test": "127.0.0.1", "mixed.test": ["8.8.8.8", "10.0.0.1"] };
    for (const name of Object.keys(answers)) {
      await expect(send({ url: `http://${name}:${port(server)}/` }, { allowPrivate: false })).rejects.toMatchObject({ kind: "invalid-input", message: expect.stringContaining("not a public address") });
    }
    expect(server.received).toEqual([]);
  });

  test("metadata services are refused even where private addresses are allowed", async () => {
    answers = { "meta.test": "169.254.169.254" };
    await expect(send({ url: "http://meta.test/" })).rejects.toMatchObject({ kind: "invalid-input" });
  });

  test("the name is resolved once, and that answer is the one that is used", async () => {
    await send({ url: `http://vendor.test:${port(server)}/`, method: "POST" });
    expect(lookups).toBe(1);
    expect(server.received[0]!.headers["host"]).toBe(`vendor.test:${port(server)}`);
  });

  test("a connection reaches its hosts only, port included", async () => {
    const hosts = [`vendor.test:${port(server)}`];
    expect((await send({ url: `http://VENDOR.test:${port(server)}/x` }, { hosts })).status).toBe(200);
    for (const url of [`http://vendor.test:${port(other)}/`, "http://vendor.test/", "http://vendor.test.evil.test/"]) await expect(send({ url }, { hosts })).rejects.toMatchObject({ kind: "invalid-input" });
  });

  test.each(["ftp://vendor.test/", "/relative", "http://user:pass@vendor.test/", "javascript:alert(1)"])("%s is no address", async (url) => {
    await expect(send({ url })).rejects.toMatchObject({ kind: "invalid-input" });
  });

  test("a step that only reads cannot write", async () => {
    await expect(send({ url: server.url, method: "POST" }, { readOnly: true })).rejects.toMatchObject({ kind: "invalid-input" });
    expect(server.received).toEqual([]);
  });
});

describe("redirects", () => {
  const to = (location: string, status = 302) => ({ status, headers: { location } });

  test("lose every credential on the way to another origin", async () => {
    server.fail(to(`${other.url}/b`));
    const response = await send({ url: `${server.url}/a`, headers: { authorization: "Bearer x", "x-apikey": "y", cookie: "z", accept: "application/json" } });
    expect(response.json()).toEqual({ other: "/b" });
    const { authorization, "x-apikey": key, cookie, accept } = other.received[0]!.headers;
    expect([authorization, key, cookie, accept]).toEqual([undefined, undefined, undefined, "application/json"]);
  });

  test("keep them on the same origin", async () => {
    server.fail(to("/b"));
    await send({ url: `${server.url}/a`, headers: { authorization: "Bearer x" } });
    expect(server.received[1]).toMatchObject({ path: "/b", headers: { authorization: "Bearer x" } });
  });

  test("obey the rules at every hop", async () => {
    server.fail(to("http://169.254.169.254/"), to(`${other.url}/`));
    await expect(send({ url: server.url })).rejects.toMatchObject({ kind: "invalid-input" });
    await expect(send({ url: server.url }, { hosts: [new URL(server.url).host] })).rejects.toMatchObject({ kind: "invalid-input" });
    expect(other.received).toEqual([]);
  });

  test("end after five", async () => {
    server.fail(...Array.from({ length: 6 }, () => to("/again")));
    await expect(send({ url: server.url })).rejects.toMatchObject({ kind: "rejected", message: expect.stringContaining("more than 5") });
    expect(server.received).toHaveLength(6);
  });

  test("of a write are followed when they keep the method, else shown to the caller", async () => {
    server.fail(to("/b", 307), { body: { ok: true } }, to("/c", 303));
    expect((await send({ url: server.url, method: "POST", body: { a: 1 } })).json()).toEqual({ ok: true });
    expect(server.received[1]).toMatchObject({ method: "POST", path: "/b", body: '{"a":1}' });
    const moved = await send({ url: server.url, method: "POST" });
    expect(moved.status).toBe(303);
    expect(() => moved.expectOk()).toThrow("moved");
  });
});

describe("how sure we are that nothing happened", () => {
  test.each(["GET", "POST"] as const)("%s that never left is unavailable", async (method) => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const free = (closed.address() as AddressInfo).port;
    await new Promise((resolve) => closed.close(resolve));
    await expect(send({ url: `http://127.0.0.1:${free}/`, method })).rejects.toMatchObject({ kind: "unavailable", message: expect.stringContaining("refused") });
    await expect(send({ url: "http://nowhere.test/", method })).rejects.toMatchObject({ kind: "unavailable", message: expect.stringContaining("does not exist") });
    expect(events).toEqual([]);
  });

  test("a TLS handshake that fails has sent nothing", async () => {
    await expect(send({ url: server.url.replace("http:", "https:"), method: "POST" })).rejects.toMatchObject({ kind: "unavailable" });
    expect(events).toEqual([]);
  });

  test.each(["reset", "hang", "cut"] as const)("%s after sending: a write is ambiguous and sent once", async (fault) => {
    server.fail(fault);
    await expect(send({ url: server.url, method: "POST", body: {} })).rejects.toMatchObject({ kind: "ambiguous" });
    expect(server.received).toHaveLength(1);
    expect(events.map(({ type }) => type)).toEqual(["sent"]);
  });

  test.each(["hang", "cut"] as const)("%s after sending: a read is unavailable", async (fault) => {
    await send({ url: server.url }); // so that the connection is a kept-alive one
    server.fail(fault);
    await expect(send({ url: server.url })).rejects.toMatchObject({ kind: "unavailable" });
    expect(server.received).toHaveLength(2);
  });

  test("a kept-alive connection that breaks is tried once more for a read", async () => {
    await send({ url: server.url });
    server.fail("reset");
    expect((await send({ url: server.url })).status).toBe(200);
    expect(server.received).toHaveLength(3);
  });

  test("an abort stops a read at once, and lets a write that has left get its answer", async () => {
    const controller = new AbortController();
    server.fail({ delayMs: 120 }, { delayMs: 120 });
    const read = send({ url: server.url }, { signal: controller.signal });
    const write = send({ url: server.url, method: "POST" }, { signal: controller.signal });
    setTimeout(() => controller.abort(), 40);
    await expect(read).rejects.toMatchObject({ kind: "unavailable", message: expect.stringContaining("stopped") });
    expect((await write).status).toBe(200);
    await expect(send({ url: server.url, method: "POST" }, { signal: controller.signal })).rejects.toMatchObject({ kind: "unavailable" });
  });
});

describe("the answer", () => {
  test("is limited in size, also after decompression", async () => {
    const bomb = gzipSync("a".repeat(5000)).toString("latin1");
    const zipped = createServer((_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(Buffer.from(bomb, "latin1")));
    await new Promise<void>((resolve) => zipped.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(zipped.address() as AddressInfo).port}`;
    await expect(send({ url })).rejects.toMatchObject({ kind: "rejected", message: expect.stringContaining("larger than") });
    await expect(send({ url, method: "POST" })).rejects.toMatchObject({ kind: "ambiguous" });
    zipped.closeAllConnections();
    await new Promise((resolve) => zipped.close(resolve));
  });

  test.each([
    ["GET", 401, "unauthorized"], ["GET", 403, "unauthorized"], ["GET", 429, "rate-limited"], ["GET", 408, "unavailable"], ["GET", 425, "unavailable"], ["GET", 404, "rejected"],
    ["GET", 500, "unavailable"], ["GET", 503, "unavailable"], ["POST", 503, "ambiguous"], ["POST", 400, "rejected"], ["POST", 429, "rate-limited"],
  ] as const)("%s %i is %s", async (method, status, kind) => {
    server.fail({ status, headers: { "retry-after": "5" }, body: "no" });
    const response = await send({ url: server.url, method });
    expect(() => response.expectOk()).toThrow(expect.objectContaining({ kind, retryAfter: 5, details: { status, body: "no" } }));
  });

  test("shows no secret when it echoes one", async () => {
    server.fail({ status: 400, body: "bad key s3cret-key" });
    const response = await send({ url: `${server.url}/s3cret-key` });
    try {
      response.expectOk();
      expect.unreachable();
    } catch (error) {
      expect(JSON.stringify([error, String(error)])).not.toContain("s3cret-key");
    }
    expect(JSON.stringify(events)).not.toContain("s3cret-key");
  });

  test("is read in its own charset", async () => {
    server.fail({ headers: { "content-type": "text/plain; charset=iso-8859-1" }, body: "ok" }, { headers: { "content-type": "text/plain; charset=klingon" }, body: "né" });
    expect((await send({ url: server.url })).text).toBe("ok");
    expect((await send({ url: server.url })).text).toBe("né");
  });

  test.each([["7", 7], ["0", 0], ["Sun, 01 Mar 2026 12:00:30 GMT", 30], ["Sun, 01 Mar 2026 11:00:00 GMT", 0], ["999999999", 86_400], ["soon", undefined], [undefined, undefined]])("Retry-After %j is %j", (header, seconds) => {
    expect(retryAfterOf(header, Date.parse("2026-03-01T12:00:00Z"))).toBe(seconds);
  });
});

describe("a socket", () => {
  const connect = (request: ConnectRequest, rules: Partial<EgressRules> = {}) =>
    gateway.connect({ hosts: "any", allowPrivate: true, signal: new AbortController().signal, redactor: createRedactor(["s3cret-key"]), timeout: 0.3, observe: (event) => void events.push(event), ...rules })(request);
  const target = () => ({ host: "vendor.test", port: Number(port(server)) });

  test("stands, to the one address that was resolved and checked", async () => {
    const socket = await connect(target(), { hosts: [`vendor.test:${port(server)}`] });
    expect(socket.remoteAddress).toBe("127.0.0.1");
    expect([lookups, events]).toEqual([1, [{ type: "sent", method: "CONNECT", host: `vendor.test:${port(server)}` }]]);
    const closed = once(socket, "close");
    socket.destroy();
    await closed;
  });

  test("obeys the connection's hosts, port included", async () => {
    for (const hosts of [["vendor.test"], [`vendor.test:${port(other)}`], []]) await expect(connect(target(), { hosts })).rejects.toMatchObject({ kind: "invalid-input", message: expect.stringContaining("may not reach") });
    expect(lookups).toBe(0);
  });

  test("never reaches private addresses, by number or behind a name, where they are not allowed", async () => {
    answers = { "rebind.test": "127.0.0.1", "mixed.test": ["8.8.8.8", "10.0.0.1"], "meta.test": "169.254.169.254" };
    for (const host of ["127.0.0.1", "::1", "::ffff:127.0.0.1", "rebind.test", "mixed.test"]) await expect(connect({ host, port: 25 }, { allowPrivate: false })).rejects.toMatchObject({ kind: "invalid-input", message: expect.stringContaining("not a public address") });
    for (const host of ["169.254.169.254", "meta.test"]) await expect(connect({ host, port: 25 })).rejects.toMatchObject({ kind: "invalid-input" });
    expect(events).toEqual([]);
  });

  test("that does not come about is unavailable", async () => {
    await expect(connect({ host: "nowhere.test", port: 25 })).rejects.toMatchObject({ kind: "unavailable", message: "nowhere.test:25 cannot be reached: the name does not exist" });
    await expect(connect({ host: "vendor.test", port: 1 })).rejects.toMatchObject({ kind: "unavailable", message: expect.stringContaining("refused") });
    const silent = createGateway({ lookup: () => undefined });
    await expect(silent.connect({ hosts: "any", allowPrivate: true, signal: new AbortController().signal, redactor: createRedactor([]), timeout: 0.05 })(target())).rejects.toMatchObject({ kind: "unavailable", message: expect.stringContaining("no connection within 0.05 s") });
    await expect(connect(target(), { signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: "unavailable", message: expect.stringContaining("stopped") });
    expect(events).toEqual([]);
  });

  test("is not for steps that only read", async () => {
    await expect(connect(target(), { readOnly: true })).rejects.toMatchObject({ kind: "invalid-input" });
  });

  test("outlives a stop for the moment an answer may take, and not the gateway", async () => {
    const controller = new AbortController();
    const passing = createGateway({ lookup });
    const socket = await passing.connect({ hosts: "any", allowPrivate: true, signal: controller.signal, redactor: createRedactor([]) })(target());
    controller.abort();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(socket.destroyed).toBe(false);
    const closed = once(socket, "close");
    passing.close();
    await closed;
  });
});
