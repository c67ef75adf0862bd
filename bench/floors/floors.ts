/** What the machine and PostgreSQL can do without Playgraph: each floor is measured in a process of its own. */
import { fork } from "node:child_process";
import type { InsertOrder } from "./insert.ts";
import type { QueueOrder } from "./queue.ts";

function inOwnProcess(file: string, order: object): Promise<number> {
  const child = fork(new URL(file, import.meta.url), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  return new Promise((resolve, reject) => {
    child.once("message", (perSecond) => resolve(perSecond as number));
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${file} ended with ${code} before its result`)));
    child.send(order);
  });
}

/** @returns transactions per second */
export const measureInserts = (order: InsertOrder): Promise<number> => inOwnProcess("insert.ts", order);
/** @returns jobs per second */
export const measureQueue = (order: QueueOrder): Promise<number> => inOwnProcess("queue.ts", order);
