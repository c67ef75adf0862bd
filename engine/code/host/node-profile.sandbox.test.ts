/** The Node profile for those who mean well: packages, Node's modules, the log, requests, and what a cell is as a process. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { documentSchema } from "#format";
import { compileVersion } from "../compile.ts";
import type { Bundle, CodeCall, CodeHost, CodeResult } from "../types.ts";
import { createCodeHost } from "./index.ts";

let packagesDir: string;
let host: ReturnType<typeof createCodeHost>;

beforeAll(async () => {
  packagesDir = await mkdtemp(join(tmpdir(), "packages-"));
  const put = async (path: string, text: string) => {
    await mkdir(dirname(join(packagesDir, "node_modules", path)), { recursive: true });
    await writeFile(join(packagesDir, "node_modules", path), text);
  };
  await put("hasher/index.js", "const { createHash } = require('crypto'); let used = 0; module.exports = (text) => [createHash('sha256').update(text).digest('base64url').slice(0, 6), ++used];");
  await put("squeezer/package.json", '{"name":"squeezer","type":"module","exports":"./index.mjs"}');
  await put("squeezer/index.mjs", "import { gzipSync, gunzipSync } from 'node:zlib'; import { Readable } from 'stream'; export const round = async (text) => { const parts = []; for await (const part of Readable.from([gunzipSync(gzipSync(text))])) parts.push(part); return Buffer.concat(parts).toString(); };");
  await put("cautious/index.js", "let inspector = null; try { inspector = require('inspector'); } catch (error) { inspector = error.code; } module.exports = inspector;");
  await put("faulty/index.js", "module.exports = () => { throw new TypeError('inside'); };");
  host = createCodeHost({ processes: 1, cells: 2 });
});
afterAll(async () => {
  await host.close();
  await rm(packagesDir, { recursive: true });
});

async function bundleOf(source: string): Promise<Bundle> {
  const document = documentSchema.parse({ format: 1, name: "test", edges: [], nodes: [{ id: "n", type: "core.code", config: { profile: "node" }, input: { result: { file: "code/main.ts" } } }] });
  const result = await compileVersion({ document, files: { "code/main.ts": source }, packagesDir });
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join("\n"));
  return result.bundle;
}

const call = async (source: string, more: Partial<CodeCall> = {}, on: CodeHost = host): Promise<CodeResult> =>
  on.call({ tenantId: "t", bundle: await bundleOf(source), entry: "node:code/main.ts", scope: {}, timeoutMs: 10_000, ...more });

describe("a file", () => {
  it("uses packages that need Node, anew for each call", async () => {
    const source = 'import hash from "hasher";\nimport { round } from "squeezer";\nimport cautious from "cautious";\nexport default async ({ alert }: any) => [hash(alert.title), await round(alert.title), cautious];';
    const scope = { alert: { title: "Löwe" } };
    const [first, second] = [await call(source, { scope }), await call(source, { scope })];
    expect(first).toEqual({ ok: true, value: [[createHash("sha256").update("Löwe").digest("base64url").slice(0, 6), 1], "Löwe", "MODULE_NOT_FOUND"], logs: [] });
    expect(second).toEqual(first);
  });
  it("fails at the author's line, not inside the package", async () => {
    expect(await call('import faulty from "faulty";\nexport default () => {\n  faulty();\n};')).toMatchObject({ ok: false, failure: { reason: "throw", message: "TypeError: inside (code/main.ts line 3)", file: "code/main.ts", line: 3 } });
  });
  it("gets only the parts of the scope that it mentions", async () => {
    expect(await call("export default (scope: any) => Object.keys(scope.alert);", { scope: { alert: { a: 1 }, vars: "x".repeat(40 * 1024 * 1024) } })).toMatchObject({ ok: true, value: ["a"] });
  });
  it("has a log of what it says, up to a limit, also when it is cut off", async () => {
    const result = await call("export default () => {\n  console.warn('a', { b: 1 });\n  process.stdout.write('c\\n');\n  for (;;) console.log('x');\n};", { timeoutMs: 1500 });
    expect(result).toMatchObject({ ok: false, failure: { reason: "timeout", line: 4 } });
    expect(result.logs.slice(0, 3)).toContainEqual({ level: "warn", text: 'a {"b":1}' });
    expect(result.logs.length).toBeLessThanOrEqual(202);
    expect(result.logs.map(({ text }) => text)).toContain("… more lines were dropped");
  });
});

describe("fetch", () => {
  const asks = "export default async () => { const response = await fetch(new Request('https://a.b/c', { method: 'POST', body: JSON.stringify({ x: 1 }), headers: { 'X-A': 'b' } })); return [response.status, response.ok, response.url, response.headers.get('y'), await response.json()]; };";
  it("is answered by the gateway, with Node's own Request and Response", async () => {
    const seen: unknown[] = [];
    const result = await call(asks, { fetch: async (request) => { seen.push(request); return { status: 201, headers: { y: "z" }, body: '{"made":true}' }; } });
    expect(result).toEqual({ ok: true, value: [201, true, "https://a.b/c", "z", { made: true }], logs: [] });
    expect(seen).toEqual([{ url: "https://a.b/c", method: "POST", headers: { "content-type": "text/plain;charset=UTF-8", "x-a": "b" }, body: '{"x":1}' }]);
  });
  it("passes on why it was refused", async () => {
    expect(await call(asks, { fetch: () => Promise.reject(new Error("host not allowed")) })).toMatchObject({ ok: false, failure: { reason: "throw", message: expect.stringContaining("fetch failed: host not allowed") as string } });
  });
});

describe("a cell", () => {
  it.runIf(process.platform === "linux")("has no environment, a user of its own where possible, its own process group, and dies first when memory is short", async () => {
    const running = call("export default () => new Promise(() => {});", { timeoutMs: 3000 });
    await vi.waitFor(() => { expect(host.pids.length).toBe(3); }, 3000);
    await sleep(500);
    const pid = host.pids[1]!;
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const uid = Number(/^Uid:\s+(\d+)/m.exec(status)?.[1]);
    if (process.getuid?.() === 0) {
      expect(uid).toBeGreaterThanOrEqual(60_800);
      expect(status).toMatch(new RegExp(`^Uid:(\\s+${uid}){4}$`, "m"));
      expect(status).toMatch(new RegExp(`^Gid:(\\s+${uid}){4}$`, "m"));
      expect(status).toMatch(/^CapEff:\s+0+$/m);
    }
    expect(readFileSync(`/proc/${pid}/environ`, "utf8")).toBe("");
    expect(readFileSync(`/proc/${pid}/oom_score_adj`, "utf8").trim()).toBe("1000");
    expect(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ")[2]).toBe(String(pid));
    expect(await running).toMatchObject({ ok: false, failure: { reason: "timeout" } });
  });
  it("waits for its turn where others are at it, and its time only starts then", async () => {
    const source = "export default async () => { await new Promise((done) => setTimeout(done, 300)); return 1; };";
    const results = await Promise.all(Array.from({ length: 6 }, () => call(source, { timeoutMs: 2500 })));
    expect(results.map((result) => result.ok)).toEqual(Array(6).fill(true));
  });
  it("goes to whichever tenant has fewest of them", async () => {
    const bundle = await bundleOf("export default async () => { await new Promise((done) => setTimeout(done, 200)); return 1; };");
    const order: string[] = [];
    const ask = async (tenantId: string) => {
      expect(await host.call({ tenantId, bundle, entry: "node:code/main.ts", scope: {}, timeoutMs: 10_000 })).toMatchObject({ ok: true });
      order.push(tenantId);
    };
    await Promise.all([...Array.from({ length: 6 }, () => ask("many")), ask("one")]);
    expect(order.indexOf("one")).toBeLessThanOrEqual(3);
  });
  it.each([["that loops", "export default () => { for (;;); };"], ["that waits", "export default () => new Promise(() => {});"]])("with a call %s ends at its abort", async (_, source) => {
    const bundle = await bundleOf(source);
    const controller = new AbortController();
    const running = host.call({ tenantId: "t", bundle, entry: "node:code/main.ts", scope: {}, timeoutMs: 30_000, signal: controller.signal });
    await sleep(600);
    const pids = host.pids;
    controller.abort();
    expect(await running).toMatchObject({ ok: false, failure: { reason: "aborted" } });
    await vi.waitFor(() => { expect(pids.filter(isAlive).length).toBeLessThan(pids.length); }, 2000);
  });
  it("says so when it is killed, and the call is not repeated", async () => {
    const running = call("export default () => new Promise(() => {});", { timeoutMs: 10_000 });
    await sleep(600);
    process.kill(host.pids[1]!, "SIGKILL");
    expect(await running).toMatchObject({ ok: false, failure: { reason: "killed", message: expect.stringContaining("SIGKILL (code/main.ts line 1)") as string } });
  });
  it.each([["idle", "null"], ["in an endless loop", 'host.call({ ...call, entry: "node:code/loop.ts", timeoutMs: 60_000 })']])("ends with its worker, %s", async (_, doing) => {
    const here = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
    const worker = spawn(process.execPath, ["--input-type=module-typescript", "--eval", `
      import { createCodeHost } from ${here("./index.ts")};
      import { compileVersion } from ${here("../compile.ts")};
      import { documentSchema } from ${here("../../../playbooks/format/index.ts")};
      const host = createCodeHost({ processes: 1 });
      const files = { "code/loop.ts": "export default () => { for (;;); };", "code/quick.ts": "export default () => 1;" };
      const nodes = Object.keys(files).map((file, index) => ({ id: "n" + index, type: "core.code", config: { profile: "node" }, input: { result: { file } } }));
      const { bundle } = await compileVersion({ document: documentSchema.parse({ format: 1, name: "t", edges: [], nodes }), files });
      const call = { tenantId: "t", bundle, scope: {} };
      await host.call({ ...call, entry: "node:code/quick.ts", timeoutMs: 5000 });
      void ${doing};
      setTimeout(() => console.log(host.pids.join()), 500);
    `], { stdio: ["ignore", "pipe", "inherit"], cwd: process.cwd() });
    const [line] = await once(worker.stdout, "data") as [Buffer];
    const pids = line.toString().split(",").map(Number);
    expect(pids.length).toBeGreaterThanOrEqual(2);
    expect(pids.every(isAlive)).toBe(true);
    worker.kill("SIGKILL");
    await vi.waitFor(() => { expect(pids.some(isAlive)).toBe(false); }, 3000);
  }, 20_000);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
