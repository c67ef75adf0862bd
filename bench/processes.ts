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
export const childrenMb = (parent: number): number | null => total(childrenOf(parent).map(residentMb));

/** /proc counts in hundredths of a second on every Linux that Node runs on. */
const MS_PER_TICK = 10;

/** Processor time that a process has used, user and system, in ms. @returns null where there is no /proc */
export function cpuMs(pid: number): number | null {
  const ticks = cpuTicks(pid);
  return ticks && (ticks.own * MS_PER_TICK);
}

export const childrenCpuMs = (parent: number): number | null => total(childrenOf(parent).map(cpuMs));

/** The process, its children, and those of them that have ended. */
export function familyCpuMs(parent: number): number | null {
  const ticks = cpuTicks(parent);
  return ticks && (ticks.own + ticks.ended) * MS_PER_TICK + (childrenCpuMs(parent) ?? 0);
}

function cpuTicks(pid: number): { own: number; ended: number } | null {
  // "pid (name) state ppid …": the name may hold spaces. utime, stime, cutime and cstime are fields 14 to 17.
  const fields = readProc(`${pid}/stat`).split(") ").at(-1)!.split(" ").map(Number);
  return fields.length < 15 ? null : { own: fields[11]! + fields[12]!, ended: fields[13]! + fields[14]! };
}

function childrenOf(parent: number): number[] {
  return readdirProc().filter((pid) => Number(/^PPid:\s+(\d+)/m.exec(readProc(`${pid}/status`))?.[1]) === parent);
}

const total = (values: (number | null)[]): number | null => (values.length === 0 ? null : values.reduce<number>((sum, value) => sum + (value ?? 0), 0));

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
