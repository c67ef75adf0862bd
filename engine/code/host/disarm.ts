/**
 * Takes from this thread what could reach other processes of the same user, where the worker is not root and so its children
 * are the same user as itself. Node's permission model has no word for signals and priorities.
 */
import os from "node:os";
import v8 from "node:v8";

const signals = ["kill", "_kill", "_debugProcess", "_debugEnd"];
const code = ["binding", "_linkedBinding", "dlopen", "execve", "getBuiltinModule", "mainModule", "_eval"];
const state = ["abort", "chdir", "umask", "setuid", "setgid", "seteuid", "setegid", "setgroups", "initgroups", "report", "loadEnvFile", "_getActiveHandles", "_getActiveRequests"];

/** @returns how this process ends itself, which nothing else can any more. */
export function disarm(): () => never {
  const { _kill: kill, pid } = process as unknown as { _kill(pid: number, signal: number): number; pid: number };
  for (const name of [...signals, ...code, ...state]) {
    Reflect.deleteProperty(process, name);
    // Some are inherited.
    if (name in process) Object.defineProperty(process, name, { value: undefined, writable: true, configurable: true });
  }
  // Priorities of other processes; flags that take V8's own walls down.
  Reflect.deleteProperty(os, "setPriority");
  for (const name of ["setFlagsFromString", "setHeapSnapshotNearHeapLimit", "startCpuProfile", "startupSnapshot"]) Reflect.deleteProperty(v8, name);
  return () => {
    // process.exit would wait for threads that may never yield.
    kill(pid, 9);
    throw new Error("unreachable");
  };
}
