/** The second wall: somebody has got out of the isolate, into the host's own process, and does there what he can. */
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import { type Death, HostProcess } from "./process.ts";
import { isolatesProgram } from "./programs.ts";
import type { FromHost } from "./protocol.ts";
import { Relay } from "./relay.ts";

vi.setConfig({ testTimeout: 40_000, maxConcurrency: 5 });

const escaped = fileURLToPath(new URL("./attacks/escaped.ts", import.meta.url));
const ours = process.getuid?.() === 0 ? 60_690 : null;

/** @returns how the process ended, or what it said until it was ended here. */
async function attack(source: string): Promise<{ death: Death; heard: FromHost[] }> {
  const program = isolatesProgram({ memoryMb: 64, isolates: 4 });
  const heard: FromHost[] = [];
  const { promise, resolve } = Promise.withResolvers<Death>();
  const host = new HostProcess({ program: { ...program, entry: [escaped, program.entry[1]!, source] }, rssMb: 300, uid: ours }, {
    // As a slot does with what belongs to no call of its own.
    onMessage: (message) => {
      heard.push(message);
      if (message.t !== "ready") relay.stray();
    },
    onDeath: resolve,
  });
  const relay: Relay = new Relay((message, body) => { host.send(message, body); }, () => false);
  const over = new AbortController();
  void sleep(15_000, undefined, { signal: over.signal }).then(() => { host.kill({ cause: "exit", detail: "still alive" }); }, () => {});
  const death = await promise;
  over.abort();
  await host.exited;
  return { death, heard };
}

const FRAME = `import fs from "node:fs";
const frame = (...messages) => {
  const header = Buffer.from(JSON.stringify(messages)), prefix = Buffer.alloc(8);
  prefix.writeUInt32BE(4 + header.length, 0); prefix.writeUInt32BE(header.length, 4);
  const bytes = Buffer.concat([prefix, header]);
  for (let at = 0; at < bytes.length;) try { at += fs.writeSync(3, bytes, at); } catch (error) { if (error.code !== "EAGAIN") throw error; }
};
`;

describe("what reaches the worker", () => {
  it.concurrent.each([
    ["text on every descriptor", 'import fs from "node:fs"; for (let fd = 0; fd < 64; fd++) try { fs.writeSync(fd, "hello worker ".repeat(9)); } catch {}', "protocol", "over the limit"],
    ["a second ready", `${FRAME}frame({ t: "ready", uid: 0 });`, "protocol", "ready twice"],
    ["an answer that nobody asked for", `${FRAME}frame({ t: "pong" });`, "protocol", "nobody asked"],
    ["a message of the other direction", `${FRAME}frame({ t: "boot", limits: {} });`, "protocol", "unexpected message"],
    ["a log that is no text", `${FRAME}frame({ t: "value", id: 1, logs: [{ level: "info", text: { toString: 1 } }] });`, "protocol", "unexpected message"],
    ["headers that are no text", `${FRAME}frame({ t: "fetch", id: 1, request: 1, url: "https://a.b", method: "GET", headers: { a: {} }, hasBody: false });`, "protocol", "unexpected message"],
    ["a flood of results for calls that are not there", `${FRAME}for (let id = 0; ; id++) frame({ t: "value", id, logs: [] });`, "protocol", "to no avail"],
    ["a frame that does not end", `${FRAME}fs.writeSync(3, Buffer.from([0, 0, 255, 255])); for (;;) try { fs.writeSync(3, Buffer.alloc(65536)); } catch {}`, "protocol", ""],
    ["a flood of its standard error", 'import fs from "node:fs"; for (;;) try { fs.writeSync(2, "x".repeat(65536)); } catch (error) { if (error.code !== "EAGAIN") throw error; }', "exit", ""],
    ["silence", "for (;;);", "hung", "no answer"],
    ["more and more memory", "const all = []; for (;;) all.push(Buffer.alloc(4e6, 1));", "memory", "MB resident"],
    ["its end", "process.exit(3);", "exit", "exit code 3"],
    ["a crash", "process.nextTick(() => { throw new Error('crash'); }); await new Promise(() => {});", "exit", ""],
  ] as const)("%s ends that host only", async (_, source, cause, detail) => {
    expect((await attack(source)).death).toMatchObject({ cause, detail: expect.stringContaining(detail) as string });
  });
});

describe("what he does not get", () => {
  it.concurrent.each([
    ["a signal to the worker", "process.kill(process.ppid, 'SIGKILL')", "is not a function"],
    ["a raw signal", "process._kill(process.ppid, 9)", "is not a function"],
    ["the worker's inspector", "process._debugProcess(process.ppid)", "is not a function"],
    ["the worker's priority", "(await import('node:os')).default.setPriority(process.ppid, 19)", "is not a function"],
    ["an add-on", "process.dlopen({ exports: {} }, '/usr/lib/x.node')", "is not a function"],
    ["internals", "process.binding('process_wrap')", "is not a function"],
    ["a file", "(await import('node:fs')).readFileSync('/etc/passwd')", "restricted"],
    ["the worker's environment", "(await import('node:fs')).readFileSync(`/proc/${process.ppid}/environ`)", "restricted"],
    ["its own program", "(await import('node:fs')).readFileSync(process.argv[1])", "restricted"],
    ["a process", "(await import('node:child_process')).execSync('id')", "restricted"],
    ["a thread", "new (await import('node:worker_threads')).Worker('0', { eval: true })", "restricted"],
    ["an inspector", "(await import('node:inspector')).open(0)", "restricted"],
    ["a server", "(await import('node:net')).createServer().listen(0)", "restricted"],
    ["another user", "process.setuid(0)", "is not a function"],
    ["an environment", "if (Object.keys(process.env).length === 0) throw new Error('it is empty')", "it is empty"],
  ])("%s", async (_, statement, says) => {
    const { death, heard } = await attack(`${statement}; process.stderr.write("it got it");`);
    expect(death).toMatchObject({ cause: "exit", output: expect.stringContaining(says) as string });
    expect(heard.map(({ t }) => t)).toEqual(["ready"]);
  });
});
