/** What every simulated vendor shares: real HTTP on loopback, a record of what came, and faults on demand. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  method: string;
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  /** An object is sent as JSON. */
  body?: unknown;
}

/**
 * What happens to the next requests in place of the vendor's own answer.
 * reset: the request is read, then the connection breaks. hang: no answer at all. cut: half an answer, then a break.
 */
export type Fault = "reset" | "hang" | "cut" | { delayMs: number } | Reply;

export interface Simulator {
  /** http://127.0.0.1:<port> */
  url: string;
  received: Received[];
  /** Queues faults, one per request. */
  fail(...faults: Fault[]): void;
  /** Forgets what came and what was queued. */
  reset(): void;
  close(): Promise<void>;
}

export async function startSimulator(answer: (request: Received) => Reply): Promise<Simulator> {
  const received: Received[] = [];
  const faults: Fault[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const request = await read(incoming);
    received.push(request);
    const send = ({ status = 200, headers = {}, body }: Reply): void => {
      const text = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
      const type = typeof body === "object" ? "application/json; charset=utf-8" : "text/plain; charset=utf-8";
      outgoing.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(text), ...headers }).end(text);
    };
    const fault = faults.shift();
    if (fault === undefined) send(answer(request));
    else if (fault === "reset") incoming.socket.resetAndDestroy();
    else if (fault === "hang") return;
    else if (fault === "cut") {
      outgoing.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      outgoing.write('{"data":', () => incoming.socket.destroy());
    } else if ("delayMs" in fault) setTimeout(() => send(answer(request)), fault.delayMs);
    else send(fault);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    fail: (...more) => void faults.push(...more),
    reset() {
      received.length = 0;
      faults.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(incoming: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  return { method: incoming.method ?? "", path: incoming.url ?? "", headers, body: Buffer.concat(chunks).toString() };
}
