/**
 * The load generator: a process of its own, so that its work is never mistaken for the server's. Forked by load-client.ts,
 * which sends the order, may hold the gate shut meanwhile, and gets one result.
 */
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { alertBody, alertId } from "./alert.ts";

export interface LoadOrder {
  url: string;
  apiKey: string;
  /** See alertId. */
  series: string;
  /** closed: each connection sends its next alert when the last is answered. open: alerts leave at their times, answered or not. */
  loop: { kind: "closed"; connections: number } | { kind: "open"; perSecond: number };
  seconds: number;
}

/** While the gate is shut, connections of a closed loop pause before their next alert. */
export type LoadMessage = { order: LoadOrder } | { gate: "open" | "shut" } | { stop: true };

export interface LoadResult {
  accepted: number;
  /** Count by what came instead of a 202. */
  failures: Record<string, number>;
  /** From the first send to the last answer. */
  seconds: number;
  /** Milliseconds from send to answer; of an open loop only, with the send's time since the epoch. */
  answers: { id: string; sentAt: number; ms: number }[];
}

/** More precise than Date.now(), and by the same clock as PostgreSQL's now(). */
const clock = (): number => performance.timeOrigin + performance.now();

/** Resolved while the gate is open. */
let gate = Promise.withResolvers<void>();
let isShut = false;
let isStopped = false;

function setGate(state: "open" | "shut"): void {
  if (state === "open") gate.resolve();
  else if (!isShut) gate = Promise.withResolvers();
  isShut = state === "shut";
}

function post(order: LoadOrder, agent: Agent, body: string): Promise<string> {
  return new Promise((resolve) => {
    const sent = request(order.url, {
      method: "POST", agent,
      headers: { "content-type": "application/json", "content-length": body.length, "x-api-key": order.apiKey },
    }, (response) => {
      response.resume();
      response.once("end", () => resolve(String(response.statusCode)));
    });
    sent.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    sent.end(body);
  });
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const { loop, series } = order;
  const agent = new Agent({ keepAlive: true, maxSockets: loop.kind === "closed" ? loop.connections : 200 });
  const result: LoadResult = { accepted: 0, failures: {}, seconds: 0, answers: [] };
  const started = clock();
  const end = started + order.seconds * 1000;
  let number = 0;

  const send = async (): Promise<void> => {
    const at = number++;
    const id = alertId(series, at);
    const body = alertBody(id, at);
    const sentAt = clock();
    const outcome = await post(order, agent, body);
    if (outcome === "202") result.accepted++;
    else result.failures[outcome] = (result.failures[outcome] ?? 0) + 1;
    if (loop.kind === "open") result.answers.push({ id, sentAt, ms: clock() - sentAt });
  };

  if (loop.kind === "closed") {
    await Promise.all(Array.from({ length: loop.connections }, async () => {
      while (!isStopped && clock() < end) {
        await gate.promise;
        await send();
      }
    }));
  } else {
    const underway: Promise<void>[] = [];
    for (let due = started; due < end && !isStopped; due += 1000 / loop.perSecond) {
      await sleep(Math.max(0, due - clock()));
      underway.push(send());
    }
    await Promise.all(underway);
  }
  result.seconds = (clock() - started) / 1000;
  agent.destroy();
  return result;
}

gate.resolve();
process.on("message", (message: LoadMessage) => {
  if ("gate" in message) setGate(message.gate);
  else if ("stop" in message) {
    isStopped = true;
    setGate("open");
  } else {
    void run(message.order).then((result) => process.send!(result, () => process.disconnect!()));
  }
});
// The bench has ended, however it did.
process.on("disconnect", () => process.exit());
