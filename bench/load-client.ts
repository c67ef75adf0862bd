/** Runs the load generator in its process. */
import { fork } from "node:child_process";
import type { LoadMessage, LoadOrder, LoadResult } from "./load.ts";

export interface Load {
  gate(state: "open" | "shut"): void;
  /** Ends it before its time; `result` follows. */
  stop(): void;
  result: Promise<LoadResult>;
}

export function startLoad(order: LoadOrder): Load {
  const child = fork(new URL("load.ts", import.meta.url), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  // It may have ended by itself a moment ago: then there is nothing to tell, and its result is on the way.
  const tell = (message: LoadMessage): void => void (child.connected && child.send(message, () => undefined));
  const result = new Promise<LoadResult>((resolve, reject) => {
    child.once("message", (message) => resolve(message as LoadResult));
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the load generator ended with ${code} before its result`)));
  });
  tell({ order });
  return { gate: (state) => tell({ gate: state }), stop: () => tell({ stop: true }), result };
}
