/** The processes of a start: each in a group of its own, so that Ctrl-C reaches only the starter, which stops them in order. */
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, renameSync, type WriteStream } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StartFailure } from "./failure.ts";
import { dim, red, yellow } from "./progress.mjs";
import { ROOT } from "./settings.ts";

/** sysexits' EX_CONFIG: starting again would end the same way. */
const EXIT_CONFIG = 78;
const WARN = 40;
const ERROR = 50;
/** A process that lived this long starts its back-off anew. */
const STEADY_MS = 60_000;
const LONGEST_WAIT_MS = 30_000;

export interface ServiceOptions {
  name: "web" | "worker";
  entry: string;
  env: NodeJS.ProcessEnv;
  logDir: string;
  /** Shows every line on the terminal, not only warnings. */
  verbose: boolean;
}

/** A long-running process that is started again when it ends unasked. Its log goes to a file; warnings also to the terminal. */
export class Service {
  readonly #options: ServiceOptions;
  readonly #log: WriteStream;
  #child: ChildProcess | undefined;
  #ended: Promise<string> = Promise.resolve("");
  #stopping = false;
  #lastError = "";

  constructor(options: ServiceOptions) {
    this.#options = options;
    mkdirSync(options.logDir, { recursive: true });
    const file = path.join(options.logDir, `${options.name}.log`);
    if (existsSync(file)) renameSync(file, path.join(options.logDir, `${options.name}.1.log`));
    // A full disk must not end the product because its log cannot be written.
    this.#log = createWriteStream(file, { flags: "a" }).on("error", () => undefined);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * Starts it and waits until `isReady`. @throws StartFailure with its last words when it ends before, or after 60 s.
   */
  async start(isReady: () => Promise<boolean>): Promise<void> {
    this.#spawn();
    const ended = this.#ended;
    let gone: string | undefined;
    void ended.then((reason) => (gone = reason));
    for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(100)) {
      if (gone !== undefined) throw new StartFailure(this.#lastError || `The ${this.#options.name} process did not start: ${gone}.`);
      if (await isReady()) {
        void ended.then((reason) => this.#restart(reason, 1_000));
        return;
      }
    }
    throw new StartFailure(`The ${this.#options.name} process is not ready after 60 s. Its log is ${path.join(this.#options.logDir, `${this.#options.name}.log`)}.`);
  }

  /** Asks it to finish what it does, and makes it end after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#child?.kill("SIGTERM");
    const timer = setTimeout(() => this.#child?.kill("SIGKILL"), graceMs);
    await this.#ended;
    clearTimeout(timer);
    this.#log.end();
  }

  #spawn(): void {
    const { name, entry, env } = this.#options;
    // Above its own standard input it hears of our end, however we end.
    const child = spawn(process.execPath, ["--disable-sigusr1", "--import", path.join(ROOT, "bin/end-with-parent.mjs"), path.join(ROOT, entry)], {
      cwd: ROOT, env, detached: true, stdio: ["pipe", "pipe", "pipe"],
    });
    child.stdin.on("error", () => undefined);
    eachLine(child.stdout, (line) => this.#onLine(line, false));
    eachLine(child.stderr, (line) => this.#onLine(line, true));
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      child.once("error", (error) => resolve(error.message));
      // "close" comes after the last line was read.
      child.once("close", (code, signal) => resolve(signal ? `ended by ${signal}` : code === EXIT_CONFIG ? "its configuration is wrong" : `exit code ${String(code)}`));
    });
    if (child.pid === undefined) console.error(`  ${red(name)} cannot be started`);
  }

  async #restart(reason: string, wait: number): Promise<void> {
    if (this.#stopping) return;
    const { name } = this.#options;
    console.log(`  ${yellow(name)} stopped unexpectedly (${reason}); starting it again in ${wait / 1000} s`);
    await sleep(wait);
    if (this.#stopping) return;
    const began = Date.now();
    this.#spawn();
    console.log(`  ${yellow(name)} started again ${dim(`(process ${String(this.pid)})`)}`);
    void this.#ended.then((next) => this.#restart(next, Date.now() - began > STEADY_MS ? 1_000 : Math.min(wait * 2, LONGEST_WAIT_MS)));
  }

  #onLine(line: string, isError: boolean): void {
    this.#log.write(`${line}\n`);
    const { name, verbose } = this.#options;
    const record = parseRecord(line);
    if (isError && !record && line.trim()) this.#lastError ||= line.trim();
    if (this.#stopping && !verbose) return;
    if (verbose) console.log(`${dim(name.padEnd(6))} ${line}`);
    else if (record && record.level >= WARN) console.log(`  ${(record.level >= ERROR ? red : yellow)(name)} ${record.msg}${record.err?.message ? dim(` (${record.err.message})`) : ""}`);
  }
}

interface LogRecord { level: number; msg: string; err?: { message?: string } }

function parseRecord(line: string): LogRecord | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const record = JSON.parse(line) as Partial<LogRecord>;
    return typeof record.level === "number" ? { ...record, level: record.level, msg: record.msg ?? "" } : undefined;
  } catch {
    return undefined;
  }
}

function eachLine(stream: NodeJS.ReadableStream, use: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) use(line);
  });
  stream.on("end", () => rest && use(rest));
}

/** Runs one of our programs to its end. @returns what it printed. @throws StartFailure with what it said on standard error. */
export async function runTask(entry: string, env: NodeJS.ProcessEnv, args: string[] = []): Promise<string> {
  const child = spawn(process.execPath, [path.join(ROOT, entry), ...args], { cwd: ROOT, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const stop = () => child.kill("SIGTERM");
  process.once("exit", stop);
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (errors = (errors + chunk).slice(-8_000)));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve).once("error", () => resolve(-1)));
  process.off("exit", stop);
  if (code !== 0) throw new StartFailure(errors.trim() || output.trim().split("\n").at(-1) || `${entry} ended with exit code ${String(code)}.`);
  return output;
}
