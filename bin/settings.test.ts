import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isDiskFull, StartFailure } from "./failure.ts";
import { takeLock } from "./lock.ts";
import { localAddress, refuseTakenPort } from "./ready.ts";
import { ensureDataDir, loadMemory, loadSecrets, readSettings, saveMemory, saveSecrets } from "./settings.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "playgraph-settings-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const settingsOf = (env: Record<string, string>) => readSettings({ NODE_ENV: "test", ...env });

test("an empty environment gives a start on loopback; an empty variable counts as not set", () => {
  expect(settingsOf({ PORT: "", DATABASE_URL: "" })).toMatchObject({ PORT: 3000, HOST: "127.0.0.1", DATA_DIR: expect.stringMatching(/^\//) });
});

test.each([
  [{ PORT: "web" }, /^PORT is not a port number\.$/],
  [{ PORT: "70000" }, /^PORT is not a port number\.$/],
  [{ DATABASE_URL: "mysql://x/y" }, /^DATABASE_URL is not a postgresql:\/\/ address\.$/],
  [{ PLAYGRAPH_ADMIN_PASSWORD: "short" }, /^PLAYGRAPH_ADMIN_PASSWORD needs at least 10 characters\.$/],
  [{ PLAYGRAPH_API_KEY: "short" }, /^PLAYGRAPH_API_KEY needs at least 20 characters\.$/],
])("%o is refused in one line", (env, message) => {
  expect(() => settingsOf(env)).toThrow(StartFailure);
  expect(() => settingsOf(env)).toThrow(message);
});

test("secrets are made once, kept, and readable by their owner only", () => {
  const first = loadSecrets(folder);
  expect(Buffer.from(first.secretKey, "base64")).toHaveLength(32);
  expect(statSync(path.join(folder, "secrets.json")).mode & 0o777).toBe(0o600);
  saveSecrets(folder, { ...first, apiKey: "soar_x" });
  expect(loadSecrets(folder)).toEqual({ ...first, apiKey: "soar_x" });
  expect(statSync(path.join(folder, "secrets.json")).mode & 0o777).toBe(0o600);
});

test("damaged secrets are never replaced by new ones", () => {
  writeFileSync(path.join(folder, "secrets.json"), "{");
  expect(() => loadSecrets(folder)).toThrow(/damaged/);
  expect(readFileSync(path.join(folder, "secrets.json"), "utf8")).toBe("{");
});

test("what a start remembers is there for the next", () => {
  expect(loadMemory(folder)).toEqual({});
  saveMemory(folder, { firstStart: 1234 });
  expect(loadMemory(folder)).toEqual({ firstStart: 1234 });
});

test("a data folder that cannot be made is refused in words", () => {
  writeFileSync(path.join(folder, "file"), "");
  expect(() => ensureDataDir(path.join(folder, "file"))).toThrow(/^The data folder .* cannot be written \(E\w+\)/);
  if (process.platform === "linux") expect(() => ensureDataDir("/proc/playgraph/data")).toThrow(/cannot be written \(ENOENT\)|EACCES/);
  expect(() => ensureDataDir(path.join(folder, "new/deep"))).not.toThrow();
});

test("a lock left by a process that is gone, or that is something else by now, is taken over", () => {
  writeFileSync(path.join(folder, "lock"), "999999999\n");
  takeLock(folder)();
  writeFileSync(path.join(folder, "lock"), "1\n");
  const unlock = takeLock(folder);
  expect(readFileSync(path.join(folder, "lock"), "utf8")).toBe(`${process.pid}\n`);
  unlock();
  expect(() => readFileSync(path.join(folder, "lock"))).toThrow();
});

test("a full disk is recognised whoever reports it", () => {
  expect(isDiskFull(Object.assign(new Error("x"), { code: "ENOSPC" }))).toBe(true);
  expect(isDiskFull(Object.assign(new Error("could not extend file"), { code: "53100" }))).toBe(true);
  expect(isDiskFull('FATAL: could not write "x": wrote only 4096 of 8192 bytes\nHINT: Check free disk space.')).toBe(true);
  expect(isDiskFull(new Error("other"))).toBe(false);
});

test("a taken port is named, with one that can be tried", async () => {
  const { createServer } = await import("node:net");
  const server = createServer();
  const port = await new Promise<number>((resolve) => server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port)));
  await expect(refuseTakenPort({ PORT: port, HOST: "127.0.0.1" })).rejects.toThrow(`Port ${port} is in use on 127.0.0.1. Choose another one: PORT=`);
  await new Promise((resolve) => server.close(resolve));
  await expect(refuseTakenPort({ PORT: port, HOST: "127.0.0.1" })).resolves.toBeUndefined();
});

test.each([
  ["127.0.0.1", "http://127.0.0.1:3000"], ["0.0.0.0", "http://127.0.0.1:3000"], ["::", "http://[::1]:3000"], ["play.example.net", "http://play.example.net:3000"],
])("listening on %s is reached at %s", (HOST, address) => {
  expect(localAddress({ HOST, PORT: 3000 })).toBe(address);
});
