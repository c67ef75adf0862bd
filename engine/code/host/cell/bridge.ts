/** What passes between the two threads of a cell: ours, and the one in which the author's code runs. */
import type { Limits, PostKind } from "../runtime/bridge.ts";

/** Given to the thread when it starts. */
export interface Furniture {
  port: import("node:worker_threads").MessagePort;
  limits: Limits;
}

export type ToThread =
  | { t: "call"; code: string; entry: string; scope: string }
  | { t: "respond"; request: number; status: number; url: string; headers: Record<string, string>; body: string }
  | { t: "refuse"; request: number; message: string }
  /** Time is up: if you hear this, you are waiting. */
  | { t: "expire"; message: string };

/** The first comes once, when the thread is ready; then as an isolate's posts (runtime/bridge.ts), with `end` as there. */
export type FromThread = ["ready"] | [PostKind, ...(string | number | undefined)[]];
