/**
 * A cell: a process for one call in the Node profile. This, its first thread, speaks with the worker and keeps time; the author's
 * code runs in the second one, which has no permission for anything: files, sockets, processes, threads, add-ons, the inspector.
 *
 * Argument: uid to become, or "-". Frames come on standard input and leave on descriptor 3.
 */
import { Socket } from "node:net";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { disarm } from "../disarm.ts";
import { FrameReader, FrameWriter } from "../frames.ts";
import { type FromHost, type HostFault, MAX_FRAME_TO_HOST, RUNTIME_LIMITS, type ToHost } from "../protocol.ts";
import type { FromThread, Furniture, ToThread } from "./bridge.ts";
import { type Whereabouts, whereIsIt } from "./where.ts";

const uid = process.argv.at(-1)!;
if (uid !== "-") {
  process.setgroups!([]);
  process.setgid!(Number(uid));
  process.setuid!(Number(uid));
}
const identity = process.getuid?.() ?? -1;

/** How often memory is looked at. 20 ms of filling buffers is some 40 MB. */
const WATCH_MS = 20;
/** How long a thread whose time is up may take to say that it is only waiting. */
const ANSWER_MS = 30;
/** Beyond the limit that we look for, so that we see it first and can name the line. */
const HEAP_MARGIN_MB = 128;

const input = new Socket({ fd: 0, readable: true, writable: false });
const output = new Socket({ fd: 3, readable: false, writable: true });
const writer = new FrameWriter<FromHost>(output);
const die = disarm();
output.on("error", die);

let thread: Worker;
let port: MessagePort;
let code = "";
/** 0: none yet. */
let callId = 0;
let memoryMb = 0;
let isOver = false;

function furnish(message: Extract<ToHost, { t: "furnish" }>, script: string): void {
  memoryMb = message.memoryMb;
  const channel = new MessageChannel();
  port = channel.port1;
  thread = new Worker(script, {
    eval: true,
    name: "code",
    env: {},
    argv: [],
    execArgv: ["--permission", "--no-warnings"],
    stdout: true,
    stderr: true,
    workerData: { port: channel.port2, limits: message.limits } satisfies Furniture,
    transferList: [channel.port2],
    resourceLimits: { maxOldGenerationSizeMb: memoryMb + HEAP_MARGIN_MB, maxYoungGenerationSizeMb: 32 },
  });
  (process as unknown as { permission: { drop(scope: string): void } }).permission.drop("worker");
  port.on("message", hear);
  thread.stdout.on("data", (chunk: Buffer) => { log("info", chunk.toString().trimEnd()); });
  thread.stderr.on("data", (chunk: Buffer) => { log("error", chunk.toString().trimEnd()); });
  thread.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "ERR_WORKER_OUT_OF_MEMORY") return void stop({ reason: "memory", message: outOfMemory() });
    fail({ reason: "throw", message: String(error.message), ...(typeof error.stack === "string" ? { stack: error.stack } : {}) });
  });
  thread.on("exit", (status) => { if (!isStopping) fail({ reason: "throw", message: `the code ended its thread (exit code ${status})` }); });
}

function hear([kind, ...rest]: FromThread): void {
  switch (kind) {
    case "ready": return writer.send({ t: "ready", uid: identity });
    case "end": return over(rest[0] as string);
    case "log": return log(rest[0] as "info", rest[1] as string);
    case "fetch": {
      const [request, url, method, headers, body] = rest as [number, string, string, string, string | undefined];
      return writer.send({ t: "fetch", id: callId, request, url, method, headers: JSON.parse(headers) as Record<string, string>, hasBody: body !== undefined }, body ?? "");
    }
    default: // Timers and digests are Node's own here.
  }
}

const log = (level: "info" | "error", text: string): void => { writer.send({ t: "log", id: callId, level, text: text.slice(0, RUNTIME_LIMITS.logLength) }); };

const outOfMemory = (): string => `used more than ${memoryMb} MB of memory`;

function over(text: string): void {
  if (isOver) return;
  if (!text.startsWith("v")) return fail(JSON.parse(text.slice(1)) as HostFault);
  isOver = true;
  writer.send({ t: "value", id: callId, logs: [] }, text.slice(1));
}

function fail(fault: HostFault): void {
  if (isOver) return;
  isOver = true;
  writer.send({ t: "fault", id: callId, fault, logs: [] });
}

function begin({ id, entry, timeoutMs }: Extract<ToHost, { t: "call" }>, scope: string): void {
  callId = id;
  const before = process.memoryUsage.rss();
  tell({ t: "call", code, entry, scope });
  setInterval(() => {
    if (isOver) return;
    const grown = (process.memoryUsage.rss() - before) / 1024 / 1024;
    // While V8 collects garbage in despair, nobody gets an answer any more.
    if (grown > memoryMb / 2) early ??= whereIsIt(thread);
    if (grown > memoryMb) void stop({ reason: "memory", message: outOfMemory() });
  }, WATCH_MS);
  setTimeout(() => {
    // A thread that waits hears this; one that is busy must be asked another way.
    tell({ t: "expire", message: `its promise had not settled after ${timeoutMs} ms` });
    setTimeout(() => { void stop({ reason: "timeout", message: `still running after ${timeoutMs} ms` }); }, ANSWER_MS);
  }, timeoutMs);
}

let isStopping = false;
/** Where the author's code was when it had used half of its memory. */
let early: Promise<Whereabouts> | undefined;

/** With the line where the author's code is at this moment, if that can be found out. */
async function stop(fault: HostFault): Promise<void> {
  if (isOver || isStopping) return;
  isStopping = true;
  const now = await whereIsIt(thread);
  const before = fault.reason === "memory" ? await early : undefined;
  const stack = now.line ?? before?.line ?? now.callee ?? before?.callee;
  fail({ ...fault, ...(stack === undefined ? {} : { stack }) });
}

const tell = (message: ToThread): void => { port.postMessage(message); };

const reader = new FrameReader(MAX_FRAME_TO_HOST, (raw, body) => {
  const message = raw as ToHost;
  switch (message.t) {
    case "furnish": return furnish(message, body);
    case "load": code = body; return;
    case "call": return begin(message, body);
    case "respond": return tell({ t: "respond", request: message.request, status: message.status, url: message.url, headers: message.headers, body });
    case "refuse": return tell({ t: "refuse", request: message.request, message: message.message });
    case "ping": return writer.send({ t: "pong" });
    default: // The rest is for hosts of isolates.
  }
});
input.on("data", (chunk: Buffer) => { reader.push(chunk); });
// The worker is gone, however it went.
input.on("close", die);
