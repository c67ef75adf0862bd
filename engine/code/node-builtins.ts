/** Which of Node's modules code in the Node profile gets. */
import { builtinModules } from "node:module";

/**
 * These would undo a wall, and no package needs them to do its work: they evaluate text with hostile bytecode (vm), load anything
 * (module), or open files behind the permission model's back (`ATTACH DATABASE` of sqlite does on Node 26; tried). Modules such as
 * child_process stay importable, because packages import them without use: what they do is denied when it is done.
 */
const REFUSED = new Set(["cluster", "ffi", "inspector", "inspector/promises", "module", "quic", "repl", "sea", "sqlite", "test", "test/reporters", "trace_events", "vm", "wasi"]);

const BUILTINS = new Set(builtinModules.map((name) => name.replace(/^node:/, "")));

/** @returns the name without `node:`, or undefined where it is no built-in module. `fs` and `node:fs` are; `node:nonsense` counts too. */
export function builtinName(specifier: string): string | undefined {
  if (specifier.startsWith("node:")) return specifier.slice("node:".length);
  return BUILTINS.has(specifier) && !specifier.startsWith("_") ? specifier : undefined;
}

export const isRefused = (name: string): boolean => REFUSED.has(name) || !BUILTINS.has(name) || name.startsWith("_");

export const allowedBuiltins: readonly string[] = [...BUILTINS].filter((name) => !isRefused(name)).sort();
