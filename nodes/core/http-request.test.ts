import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { runNode } from "#sdk/testing.ts";
import { testHttp } from "#tests/simulators/open.ts";
import { type Simulator, startSimulator } from "#tests/simulators/server.ts";
import { httpRequest } from "./http-request.ts";

let server: Simulator;
beforeAll(async () => {
  server = await startSimulator(() => ({ body: { hello: "world" } }));
});
beforeEach(() => server.reset());
afterAll(() => server.close());

const run = (config: object, input: object) => runNode(httpRequest, { config, input: { url: `${server.url}/path?a=1`, ...input }, http: testHttp({ timeout: 0.5 }) });

test("GET gives status, headers and the parsed body", async () => {
  const { data } = await run({}, { query: { b: 2, c: null }, headers: { "X-Team": "soc" } });
  expect(data).toMatchObject({ status: 200, body: { hello: "world" }, headers: { "content-type": "application/json; charset=utf-8" } });
  expect(server.received[0]).toMatchObject({ method: "GET", path: "/path?a=1&b=2", headers: { "x-team": "soc" } });
});

test("POST sends JSON, or a text as it is", async () => {
  await run({ method: "POST" }, { body: { a: 1 } });
  await run({ method: "POST" }, { body: "<xml/>", headers: { "content-type": "text/xml" } });
  expect(server.received.map(({ body, headers }) => [body, headers["content-type"]])).toEqual([['{"a":1}', "application/json; charset=utf-8"], ["<xml/>", "text/xml"]]);
});

test("an expected status is an answer, any other a failure of its kind", async () => {
  server.fail({ status: 404, body: "gone" });
  expect((await run({ expect: ["2xx", "404"] }, {})).data).toMatchObject({ status: 404, body: "gone" });
  server.fail({ status: 404 }, { status: 429, headers: { "retry-after": "7" } }, { status: 500 }, { status: 500 }, { status: 401 });
  await expect(run({}, {})).rejects.toMatchObject({ kind: "rejected" });
  await expect(run({}, {})).rejects.toMatchObject({ kind: "rate-limited", retryAfter: 7 });
  await expect(run({}, {})).rejects.toMatchObject({ kind: "unavailable" });
  await expect(run({ method: "POST" }, {})).rejects.toMatchObject({ kind: "ambiguous" });
  await expect(run({}, {})).rejects.toMatchObject({ kind: "unauthorized" });
  await expect(run({ expect: ["204"] }, {})).rejects.toMatchObject({ kind: "rejected", message: expect.stringContaining("expected 204") });
});

test("a lost answer is ambiguous for a write only", async () => {
  server.fail("reset");
  await expect(run({ method: "DELETE" }, {})).rejects.toMatchObject({ kind: "ambiguous" });
  expect(server.received).toHaveLength(1);
  server.fail("reset", "reset"); // a read on a kept-alive connection is tried once more
  await expect(run({}, {})).rejects.toMatchObject({ kind: "unavailable" });
});

test("json insists, auto does not", async () => {
  server.fail({ headers: { "content-type": "application/json" }, body: "oops" }, { body: "oops" });
  expect((await run({}, {})).data.body).toBe("oops");
  await expect(run({ response: "json" }, {})).rejects.toMatchObject({ kind: "rejected" });
});

test.each([{ url: "ftp://example.com" }, { url: "example.com" }, { body: { a: 1 } }, { headers: { host: "other" } }, { headers: { "bad name": "x" } }])("%j is refused before anything is sent", async (input) => {
  await expect(run({}, input)).rejects.toMatchObject({ kind: "invalid-input" });
  expect(server.received).toEqual([]);
});

test("the method decides the effect", () => {
  const effect = httpRequest.effect as (config: object) => string;
  expect(["GET", "HEAD", "POST", "DELETE"].map((method) => effect({ method }))).toEqual(["read", "read", "write", "write"]);
});
