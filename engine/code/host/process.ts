/** One child process: started, checked, watched, and killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { FrameError, FrameReader, FrameWriter } from "./frames.ts";
import type { Program } from "./programs.ts";
import { type FromHost, MAX_FRAME_FROM_HOST, readFromHost, type ToHost } from "./protocol.ts";

export interface ProcessOptions {
  program: Program;
  /** Resident memory of the whole process. */
  rssMb: number;
  /** Whom the child becomes; null stays the worker's own user (all that is possible where that is not root). */
  uid: number | null;
}

export interface Death {
  cause: "memory" | "wedged" | "protocol" | "hung" | "exit" | "start";
  /** In a few words: people read it in their step's failure. */
  detail: string;
  /** The end of what it wrote to its standard error, for the log. */
  output?: string;
}

export interface ProcessEvents {
  onMessage(message: FromHost, body: string): void;
  /** Once. */
  onDeath(death: Death): void;
}

const WATCH_MS = 100;
/** Counted in checks, not read off a clock: a worker that was itself held up for long must not blame its hosts. */
const HUNG_CHECKS = 5000 / WATCH_MS;
const PING_CHECKS = 1000 / WATCH_MS;
const START_CHECKS = 20_000 / WATCH_MS;
const STDERR_KEPT = 4000;
/** More than a crash of V8 has to say: somebody is flooding. */
const STDERR_MOST = 1024 * 1024;

export class HostProcess {
  readonly #child: ChildProcess;
  readonly #writer: FrameWriter<ToHost>;
  readonly #events: ProcessEvents;
  readonly #options: ProcessOptions;
  readonly #watch: NodeJS.Timeout;
  /** Checks since anything came from the child. */
  #silence = 0;
  #pings = 0;
  #isReady = false;
  #death: Death | undefined;
  #stderr = "";
  readonly exited: Promise<void>;

  constructor(options: ProcessOptions, events: ProcessEvents) {
    this.#options = options;
    this.#events = events;
    this.#child = spawn(process.execPath, [...options.program.flags, ...options.program.entry, options.uid === null ? "-" : String(options.uid)], {
      cwd: "/",
      env: {} as NodeJS.ProcessEnv,
      stdio: ["pipe", "ignore", "pipe", "pipe"],
      // A process group of its own: a signal to "my group" must not reach the worker.
      detached: true,
    });
    const [input, , errors, frames] = this.#child.stdio as unknown as [Writable, null, Readable, Readable];
    this.#writer = new FrameWriter(input);
    const reader = new FrameReader(MAX_FRAME_FROM_HOST, (message, body) => { this.#receive(readFromHost(message), body); });
    frames.on("data", (chunk: Buffer) => {
      if (this.#death) return;
      try {
        reader.push(chunk);
      } catch (error) {
        if (!(error instanceof FrameError)) throw error;
        this.kill({ cause: "protocol", detail: error.message });
      }
    });
    let said = 0;
    errors.on("data", (chunk: Buffer) => {
      said += chunk.length;
      this.#stderr = (this.#stderr + chunk.toString()).slice(-STDERR_KEPT);
      if (said > STDERR_MOST) errors.destroy();
    });
    // A broken pipe: the exit says why.
    for (const stream of this.#child.stdio) stream?.on("error", () => {});
    this.#watch = setInterval(() => { this.#check(); }, WATCH_MS);
    this.exited = new Promise((resolve) => {
      const end = (detail: string): void => {
        clearInterval(this.#watch);
        this.kill(this.#endOf(detail));
        resolve();
      };
      this.#child.once("error", (error) => { end(error.message); });
      this.#child.once("close", (code, signal) => { end(signal ?? `exit code ${code}`); });
    });
    void options.program.open(input).then(
      ({ message, body }) => { this.#writer.send(message, body); },
      (error: Error) => { this.kill({ cause: "start", detail: error.message }); },
    );
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: ToHost, body?: string): void {
    this.#writer.send(message, body);
  }

  kill(death: Death): void {
    if (this.#death) return;
    this.#death = death;
    this.#child.kill("SIGKILL");
    this.#events.onDeath(death);
  }

  #endOf(detail: string): Death {
    const output = this.#stderr.trim();
    if (!this.#isReady) return { cause: "start", detail: output === "" ? detail : `${detail}: ${output}` };
    // V8 gives up a process of its own accord where one object alone is too large for it.
    const isOutOfMemory = /^FATAL ERROR: .*(?:out of memory|Allocation failed)/m.test(output);
    return { cause: isOutOfMemory ? "memory" : "exit", detail, ...(output === "" ? {} : { output }) };
  }

  #receive(message: FromHost, body: string): void {
    if (this.#death) return;
    this.#silence = 0;
    if (message.t === "fatal") return this.kill({ cause: "memory", detail: "an isolate ran out of memory" });
    if (message.t === "ready") {
      if (this.#isReady) throw new FrameError("ready twice");
      const fault = this.#harden(message.uid);
      if (fault) return this.kill({ cause: "start", detail: fault });
      this.#isReady = true;
    }
    if (message.t !== "pong") return this.#events.onMessage(message, body);
    if (--this.#pings < 0) throw new FrameError("an answer that nobody asked for");
  }

  /** The child's word is not enough: the kernel says who it is. @returns what is wrong. */
  #harden(uid: number): string | undefined {
    if (process.platform !== "linux") return undefined;
    const { pid } = this.#child;
    try {
      writeFileSync(`/proc/${pid}/oom_score_adj`, "1000");
    } catch {
      // A hardened /proc refuses; the resident-memory watchdog still holds.
    }
    if (this.#options.uid === null) return undefined;
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const ids = [...(/^Uid:\s+(.*)$/m.exec(status)?.[1] ?? "").split(/\s+/), ...(/^Gid:\s+(.*)$/m.exec(status)?.[1] ?? "").split(/\s+/)];
    const isDropped = uid === this.#options.uid && ids.length === 8 && ids.every((id) => id === String(this.#options.uid)) && /^CapEff:\s+0+$/m.test(status) && /^Groups:\s*$/m.test(status);
    return isDropped ? undefined : "the child kept privileges";
  }

  #check(): void {
    if (this.#death) return;
    this.#silence++;
    if (!this.#isReady) {
      if (this.#silence > START_CHECKS) this.kill({ cause: "start", detail: `not ready after ${(START_CHECKS * WATCH_MS) / 1000} s` });
      return;
    }
    if (this.#silence > HUNG_CHECKS) return this.kill({ cause: "hung", detail: `no answer for ${(HUNG_CHECKS * WATCH_MS) / 1000} s` });
    if (this.#silence > PING_CHECKS) {
      this.#pings++;
      this.send({ t: "ping" });
    }
    const rss = residentMb(this.#child.pid);
    if (rss > this.#options.rssMb) this.kill({ cause: "memory", detail: `${Math.round(rss)} MB resident` });
  }
}

/** 0 where it cannot be known. */
function residentMb(pid: number | undefined): number {
  if (process.platform !== "linux" || pid === undefined) return 0;
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
