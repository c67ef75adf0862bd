/**
 * The code host's own process: the second wall. It is started as whoever the worker is and gives that up before it reads a
 * byte of anybody's code, so neither Node's binary nor this file need to be readable by the other user.
 *
 * Arguments: path of isolated-vm's binary, uid to become (or "-"). Frames come on standard input and leave on descriptor 3.
 */
import { hash, randomFillSync } from "node:crypto";
import { createRequire } from "node:module";
import { Socket } from "node:net";
import { disarm } from "../disarm.ts";
import { FrameReader, FrameWriter } from "../frames.ts";
import { type FromHost, MAX_FRAME_TO_HOST, type ToHost } from "../protocol.ts";
import { Scheduler } from "./scheduler.ts";
import type { Ivm } from "./sandbox.ts";
import { urlParts } from "./url-parts.ts";
import { newWork } from "./work.ts";

const [binary, uid] = [process.argv[2]!, process.argv.at(-1)!];
const { ivm } = createRequire(import.meta.url)(binary) as { ivm: Ivm };
if (uid !== "-") {
  process.setgroups!([]);
  process.setgid!(Number(uid));
  process.setuid!(Number(uid));
}
// Everything this process needs is loaded: from here on it can open no file at all.
(process as unknown as { permission: { drop(scope: string): void } }).permission.drop("fs.read");

const die = disarm();

const input = new Socket({ fd: 0, readable: true, writable: false });
const output = new Socket({ fd: 3, readable: false, writable: true });
output.on("error", die);
const writer = new FrameWriter<FromHost>(output);
let scheduler: Scheduler;

function boot(message: Extract<ToHost, { t: "boot" }>, runtime: string): void {
  scheduler = new Scheduler({
    ivm,
    runtime,
    isolates: message.isolates,
    memoryMb: message.memoryMb,
    limits: message.limits,
    bridge: { random: (bytes) => randomFillSync(new Uint8Array(bytes)), url: urlParts },
    onCatastrophe: () => {
      // V8 has lost the isolate and its thread sleeps for ever: only a new process helps.
      writer.send({ t: "fatal" });
      writer.flush();
      setTimeout(die, 20);
    },
    outlet: {
      value: (work, text) => { writer.send({ t: "value", id: work.id, logs: work.logs }, text); },
      fault: (work, fault) => { writer.send({ t: "fault", id: work.id, fault, logs: work.logs }); },
      wedged: (work) => { writer.send({ t: "wedged", id: work.id }); },
      fetch: (work, request, url, method, headers, body) => {
        writer.send({ t: "fetch", id: work.id, request, url, method, headers: JSON.parse(headers) as Record<string, string>, hasBody: body !== undefined }, body ?? "");
      },
      digest: (work, attempt, request, algorithm, bytes) => {
        const digest = hash(algorithm, new Uint8Array(bytes), "buffer");
        scheduler.digested(work.id, attempt, request, new ivm.ExternalCopy(new Uint8Array(digest).buffer).copyInto({ release: true }));
      },
    },
  });
  writer.send({ t: "ready", uid: process.getuid?.() ?? -1 });
}

const reader = new FrameReader(MAX_FRAME_TO_HOST, (raw, body) => {
  const message = raw as ToHost;
  switch (message.t) {
    case "boot": return boot(message, body);
    case "load": return scheduler.load(message.key, body);
    case "unload": return scheduler.unload(message.key);
    case "call": return scheduler.add(message.key, newWork({ ...message, scope: body }));
    case "abort": return scheduler.abort(message.id);
    case "respond": return scheduler.respond(message.id, message.request, message.status, message.url, JSON.stringify(message.headers), body);
    case "refuse": return scheduler.refuse(message.id, message.request, message.message);
    case "ping": return writer.send({ t: "pong" });
    case "furnish": return; // Cells only.
    default: message satisfies never;
  }
});
input.on("data", (chunk: Buffer) => { reader.push(chunk); });
// The worker is gone, however it went.
input.on("close", die);
