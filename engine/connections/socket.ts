/** One TCP connection, from the first packet to the end that the step's own end sets: no rules, and a precise word for what went wrong. */
import { connect, type LookupFunction, type Socket } from "node:net";
import { Cut, wordsFor } from "./network-error.ts";

export interface SocketRequest {
  host: string;
  port: number;
  lookup: LookupFunction;
  /** Milliseconds until it stands. */
  timeoutMs: number;
  signal: AbortSignal;
  /** Milliseconds that a socket which stands lives on after an abort, so that a write which has left gets its answer. */
  graceMs: number;
}

export type SocketOutcome = { kind: "connected"; socket: Socket } | { kind: "lost"; why: string; cause: unknown };

export function openSocket({ host, port, lookup, timeoutMs, signal, graceMs }: SocketRequest): Promise<SocketOutcome> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, lookup });
    const limit = setTimeout(() => socket.destroy(new Cut(`no connection within ${timeoutMs / 1000} s`)), timeoutMs);
    let grace: NodeJS.Timeout | undefined;
    let stands = false;
    const stop = () => {
      if (!stands) socket.destroy(new Cut("the step was stopped"));
      else grace = setTimeout(() => socket.destroy(), graceMs);
    };
    socket.once("connect", () => {
      stands = true;
      clearTimeout(limit);
      resolve({ kind: "connected", socket });
    });
    // Stays for the socket's whole life: an error between two listeners of its user must not end the process.
    socket.on("error", (cause) => resolve({ kind: "lost", why: wordsFor(cause), cause }));
    socket.once("close", () => {
      clearTimeout(limit);
      clearTimeout(grace);
      signal.removeEventListener("abort", stop);
    });
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
