/** Child processes of the bench: started with a log file, ended by their own id, and asked for their memory. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const READY_MS = 30_000;
const STOP_MS = 30_000;

export interface ProcessOptions {
  name: string;
  /** Node's own flags, then the program, from the project's root. */
  args: string[];
  env: Record<string, string>;
  logFolder: string;
  ready(log: string): boolean | Promise<boolean>;
}

export interface BenchProcess {
  readonly pid: number;
  /** SIGTERM, and SIGKILL when that does not help. */
  stop(): Promise<void>;
}

export async function startProcess({ name, args, env, logFolder, ready }: ProcessOptions): Promise<BenchProcess> {
  const logFile = path.join(logFolder, `${name}.log`);
  const log = openSync(logFile, "a");
  const child = spawn(process.execPath, args, { cwd: ROOT, env: { PATH: process.env["PATH"]!, NODE_ENV: "production", ...env }, stdio: ["ignore", log, log] });
  closeSync(log);
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const isGone = () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  for (const end = Date.now() + READY_MS; !(await ready(readFileSync(logFile, "utf8"))); await sleep(50)) {
    if (!isGone() && Date.now() < end) continue;
    child.kill("SIGKILL");
    throw new Error(`${name} did not start:\n${readFileSync(logFile, "utf8").slice(-2000)}`);
  }
  return { pid: child.pid!, stop: () => stop(child, exited) };
}

async function stop(child: ChildProcess, exited: Promise<void>): Promise<void> {
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await exited;
  clearTimeout(killer);
}

/** Resident memory in MB. @returns null where there is no /proc */
export function residentMb(pid: number): number | null {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readProc(`${pid}/status`))?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) / 1024;
}

/** Of all children together. */
export function childrenMb(parent: number): number | null {
  const children = readdirProc().filter((pid) => Number(/^PPid:\s+(\d+)/m.exec(readProc(`${pid}/status`))?.[1]) === parent);
  return children.length === 0 ? null : children.reduce((sum, pid) => sum + (residentMb(pid) ?? 0), 0);
}

function readProc(name: string): string {
  try {
    return readFileSync(`/proc/${name}`, "utf8");
  } catch {
    // It ended meanwhile, or this is not Linux.
    return "";
  }
}

function readdirProc(): number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}
