/** The real processes on a real database, for tests that kill them: one or more workers and a vendor on loopback. */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface Worker {
  process: ChildProcess;
  kill(signal: NodeJS.Signals): void;
  exited: Promise<number | null>;
  output(): string;
}

/** Starts `engine/worker.ts` as `npm run worker` does. Resolves when it says that it is ready. */
export async function spawnWorker(env: Record<string, string>): Promise<Worker> {
  const child = spawn(process.execPath, ["engine/worker.ts"], { cwd: ROOT, env: { PATH: process.env["PATH"], LOG_LEVEL: "info", ...env } as unknown as NodeJS.ProcessEnv, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const ready = new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("worker ready")) resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => reject(new Error(`the worker ended with ${code} before it was ready:\n${output}`)));
  });
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  await ready;
  return { process: child, kill: (signal) => void child.kill(signal), exited, output: () => output };
}

export interface Received {
  key: string;
  at: number;
}

/**
 * A vendor with an action that must not happen twice: it remembers every call by the key that it was sent, and answers
 * after a short while, so that kills land before, within and after the call.
 */
export class Vendor {
  readonly received: Received[] = [];
  readonly #server: Server;
  delayMs = 40;

  constructor() {
    this.#server = createServer((request, response) => {
      const key = new URL(request.url!, "http://vendor").searchParams.get("key")!;
      if (request.method === "POST") this.received.push({ key, at: Date.now() });
      request.resume();
      setTimeout(() => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ key, at: Date.now() })), this.delayMs);
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
