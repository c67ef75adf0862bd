/** The child process: who it is, what happens when it dies, and how calls end early. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createCodeHost } from "./index.ts";
import { bundleOf, runner } from "./testing.ts";

const hosts: ReturnType<typeof createCodeHost>[] = [];
function open(options: Parameters<typeof createCodeHost>[0] = {}) {
  const host = createCodeHost({ processes: 1, ...options });
  hosts.push(host);
  return host;
}
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
});

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const SLEEP = "export default async ({ item }: any) => { await new Promise((done) => setTimeout(done, 200)); return item; };";

describe("the child", () => {
  it.runIf(process.platform === "linux")("has no environment, its own user where possible, and dies first when memory is short", async () => {
    const host = open();
    expect(await runner(host, await bundleOf({}, { n: { a: "1" } }))("expr:n")).toMatchObject({ ok: true });
    const [pid] = host.pids;
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    if (process.getuid?.() === 0) {
      expect(status).toMatch(/^Uid:\s+60700\s+60700\s+60700\s+60700$/m);
      expect(status).toMatch(/^Gid:\s+60700\s+60700\s+60700\s+60700$/m);
      expect(status).toMatch(/^CapEff:\s+0+$/m);
    }
    expect(readFileSync(`/proc/${pid}/environ`, "utf8")).toBe("");
    expect(readFileSync(`/proc/${pid}/oom_score_adj`, "utf8").trim()).toBe("1000");
    expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).toContain("--permission");
  });
  it("ends with close, and calls with it", async () => {
    const host = open();
    const run = runner(host, await bundleOf({ sleep: SLEEP }));
    const running = run("sleep");
    await sleep(300);
    const pids = host.pids;
    await host.close();
    expect(pids.some(isAlive)).toBe(false);
    expect(await running).toMatchObject({ ok: expect.any(Boolean) as boolean });
    expect(await run("sleep")).toMatchObject({ ok: false, failure: { reason: "killed" } });
  });
});

describe("when its worker is killed", () => {
  it.each([["idle", "null"], ["in an endless loop", 'host.call({ tenantId: "t", bundle, entry: "file:code/loop.ts", scope: {}, timeoutMs: 60_000 })']])("it ends too, %s", async (_, doing) => {
    const here = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
    const worker = spawn(process.execPath, ["--input-type=module-typescript", "--eval", `
      import { createCodeHost } from ${here("./index.ts")};
      import { bundleOf } from ${here("./testing.ts")};
      const host = createCodeHost({ processes: 1 });
      const bundle = await bundleOf({ loop: "export default () => { for (;;); };", quick: "export default () => 1;" });
      await host.call({ tenantId: "t", bundle, entry: "file:code/quick.ts", scope: {}, timeoutMs: 5000 });
      void ${doing};
      setTimeout(() => console.log(host.pids[0]), 100);
    `], { stdio: ["ignore", "pipe", "inherit"], cwd: process.cwd() });
    const [line] = await once(worker.stdout, "data") as [Buffer];
    const pid = Number(line.toString());
    expect(isAlive(pid)).toBe(true);
    worker.kill("SIGKILL");
    await vi.waitFor(() => { expect(isAlive(pid)).toBe(false); }, 3000);
  }, 20_000);
});

describe("when it is killed", () => {
  it("calls in it run again elsewhere", async () => {
    const host = open();
    const run = runner(host, await bundleOf({ sleep: SLEEP }));
    expect(await run("sleep", { scope: { item: 0 } })).toMatchObject({ ok: true });
    const running = Promise.all([1, 2, 3].map((item) => run("sleep", { scope: { item } })));
    await sleep(50);
    process.kill(host.pids[0]!, "SIGKILL");
    expect((await running).map((result) => result.ok && result.value)).toEqual([1, 2, 3]);
    expect(await run("sleep", { scope: { item: 4 } })).toMatchObject({ ok: true, value: 4 });
  }, 20_000);
  it("a call that made a request is reported, not repeated", async () => {
    const host = open();
    let requests = 0;
    const bundle = await bundleOf({ asks: "export default async () => { await fetch('https://example.com'); await new Promise((done) => setTimeout(done, 500)); return 1; };" });
    const running = runner(host, bundle)("asks", { fetch: async () => { requests++; return { status: 200, headers: {}, body: "" }; } });
    while (requests === 0) await sleep(5);
    process.kill(host.pids[0]!, "SIGKILL");
    expect(await running).toMatchObject({ ok: false, failure: { reason: "killed", message: expect.stringContaining("not run again") as string } });
    expect(requests).toBe(1);
  });
  it("a host that hangs is replaced", async () => {
    const host = open();
    const run = runner(host, await bundleOf({ sleep: SLEEP }));
    expect(await run("sleep", { scope: { item: 0 } })).toMatchObject({ ok: true });
    const [pid] = host.pids;
    process.kill(pid!, "SIGSTOP");
    expect(await run("sleep", { scope: { item: 1 } })).toMatchObject({ ok: true, value: 1 });
    expect(isAlive(pid!)).toBe(false);
  }, 30_000);
});

describe("a call", () => {
  it.each([
    ["that loops", "export default () => { for (;;); };"],
    ["that waits", "export default () => new Promise(() => {});"],
    ["that waits for an answer", "export default () => fetch('https://example.com');"],
  ])("%s ends within 100 ms of its abort", async (_, source) => {
    const host = open();
    const run = runner(host, await bundleOf({ main: source, next: "export default () => 1;" }), { timeoutMs: 30_000, fetch: () => new Promise(() => {}) });
    expect(await run("next")).toMatchObject({ ok: true });
    const controller = new AbortController();
    const running = run("main", { signal: controller.signal });
    await sleep(100);
    const abortedAt = performance.now();
    controller.abort();
    expect(await running).toMatchObject({ ok: false, failure: { reason: "aborted" } });
    expect(performance.now() - abortedAt).toBeLessThan(100);
    expect(await run("next")).toMatchObject({ ok: true });
    expect(await run("main", { signal: controller.signal })).toMatchObject({ ok: false, failure: { reason: "aborted" } });
  });
  it("gets only what its entry mentions, up to a limit", async () => {
    const host = open();
    const run = runner(host, await bundleOf({ keys: "export default ({ alert }: any) => Object.keys(alert);", whole: "export default (scope: any) => Object.keys(scope);" }));
    const huge = "x".repeat(40 * 1024 * 1024);
    expect(await run("keys", { scope: { alert: { a: 1 }, vars: huge } })).toMatchObject({ ok: true, value: ["a"] });
    expect(await run("whole", { scope: { vars: huge } })).toMatchObject({ ok: false, failure: { reason: "too-large" } });
  });
});

describe("the warm isolates", () => {
  it("are replaced by others when there are too many", async () => {
    const host = open({ isolates: 2 });
    const bundles = await Promise.all([1, 2, 3, 4].map((n) => bundleOf({}, { n: { a: String(n) } })));
    for (let round = 0; round < 3; round++) {
      const results = await Promise.all(bundles.map((bundle) => runner(host, bundle)("expr:n")));
      expect(results.map((result) => result.ok && result.value)).toEqual([1, 2, 3, 4].map((a) => ({ a })));
    }
  });
});
