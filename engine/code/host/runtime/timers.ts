import type { Call } from "./call.ts";

const MAX_DELAY = 2 ** 31 - 1;

export function timersOf(call: Call): Record<"setTimeout" | "clearTimeout" | "setInterval" | "clearInterval", unknown> {
  const set = (repeats: boolean) => (callback: unknown, delay?: unknown, ...values: unknown[]): number => {
    if (typeof callback !== "function") throw new TypeError("a timer needs a function");
    const milliseconds = Math.min(Math.max(Number(delay) || 0, 1), MAX_DELAY);
    const id = call.nextId();
    call.timers.set(id, { run: () => { callback(...values); }, repeatMs: repeats ? milliseconds : null });
    call.post("timer", id, milliseconds);
    return id;
  };
  const clear = (id: unknown): void => {
    if (typeof id === "number" && call.timers.delete(id)) call.post("clear", id);
  };
  return { setTimeout: set(false), setInterval: set(true), clearTimeout: clear, clearInterval: clear };
}
