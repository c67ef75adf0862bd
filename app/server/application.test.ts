import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { gunzipSync, gzipSync } from "node:zlib";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApplication } from "./application.ts";
import { type Assembled, assemble } from "./assemble.ts";
import { getContext } from "./context.ts";
import { createLog } from "./log.ts";

const BASE_URL = "http://soc.test:3000";

/** A port that nobody listens on: the database is down. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

let assembled: Assembled;
let folder: string;
let application: ReturnType<typeof createApplication>;

beforeAll(async () => {
  const url = `postgres://x:x@127.0.0.1:${await closedPort()}/x`;
  assembled = assemble({ DATABASE_WEB_URL: url, DATABASE_ENGINE_URL: url, PLAYGRAPH_SECRET_KEY: randomBytes(32).toString("base64"), BASE_URL }, createLog("silent"));
  folder = await mkdtemp(join(tmpdir(), "playgraph-assets-"));
  await mkdir(join(folder, "assets"));
  await writeFile(join(folder, "assets/app-1a2b.js"), "1");
  await writeFile(join(folder, "assets/app-1a2b.js.gz"), gzipSync("1"));
  await writeFile(join(folder, "favicon.svg"), "<svg/>");
  await writeFile(join(folder, "..secret"), "secret");
  application = createApplication({
    services: assembled.services,
    pages: { assetsFolder: folder, handle: async (_request, app) => new Response(`page ${getContext({ app }).cspNonce}`, { headers: { "content-type": "text/html" } }) },
  });
});
afterAll(async () => {
  await assembled.close();
  await rm(folder, { recursive: true });
});

const get = async (path: string, init?: RequestInit) => application.request(new Request(BASE_URL + path, init));

describe("without a database", () => {
  it("health says so, quickly", async () => {
    const response = await get("/health");
    expect([response.status, await response.json()]).toEqual([200, { status: "degraded", database: "unreachable", version: expect.any(String) }]);
  });

  it("a sender is told to come again, and nobody sees a stack", async () => {
    const response = await get("/api/v1/webhooks/alerts", { method: "POST", headers: { "x-api-key": "k" }, body: "{}" });
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await response.json()).toEqual({ detail: "The database is not reachable; try again", error_id: expect.any(String) });
    expect((await get("/api/v1/alerts", { headers: { authorization: "Bearer x" } })).status).toBe(503);
  });
});

describe("pages and files", () => {
  it("a page may run its own inline scripts, and no others", async () => {
    const response = await get("/alerts");
    const nonce = (await response.text()).split(" ")[1];
    expect(response.headers.get("content-security-policy")).toContain(`script-src 'self' 'nonce-${nonce}';`);
    expect((await (await get("/alerts")).text()).split(" ")[1]).not.toBe(nonce);
  });

  it("hashed files are kept for ever, others for an hour, and missing ones are no page", async () => {
    expect((await get("/assets/app-1a2b.js")).headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect((await get("/favicon.svg")).headers.get("cache-control")).toBe("public, max-age=3600");
    expect((await get("/assets/app-old.js")).status).toBe(404);
    const small = await get("/assets/app-1a2b.js", { headers: { "accept-encoding": "gzip" } });
    expect([small.headers.get("content-encoding"), small.headers.get("content-type"), gunzipSync(await small.arrayBuffer()).toString()]).toEqual(["gzip", expect.stringContaining("javascript"), "1"]);
  });

  it.each(["/assets/%2e%2e/..secret", "/assets/..%2f..secret", "/..secret", "/assets/..%5c..secret", "/%2e%2e/%2e%2e/etc/passwd"])("%s leads nowhere", async (path) => {
    const response = await get(path);
    expect(await response.text()).not.toMatch(/secret|root:/);
  });

  it("NUL never reaches a page", async () => {
    expect((await get("/alerts?q=%00")).status).toBe(422);
    expect((await get("/alerts", { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: "text=a%00b" })).status).toBe(422);
  });
});

describe("over a socket", () => {
  it("refuses more than 5 MB however it is sent, and goes on", async () => {
    const server = createServer(getRequestListener(application.fetch));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const large = "x".repeat(6 * 1024 * 1024);
    const chunked = new ReadableStream({
      start(controller) {
        for (let at = 0; at < 6; at++) controller.enqueue(new TextEncoder().encode("x".repeat(1024 * 1024)));
        controller.close();
      },
    });
    const post = (body: BodyInit) => fetch(`${address}/alerts`, { method: "POST", body, ...(typeof body === "string" ? {} : { duplex: "half" }) });
    // A sender that is still writing may see the connection end instead of the answer.
    const status = (body: BodyInit) => post(body).then((response) => response.status, () => 413);
    expect([await status(large), await status(chunked)]).toEqual([413, 413]);
    expect((await fetch(`${address}/health`)).status).toBe(200);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
