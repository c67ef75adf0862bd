/** The measurements of one subject. */
import { setTimeout as sleep } from "node:timers/promises";
import { startLoad } from "./load-client.ts";
import type { LoadResult } from "./load.ts";
import { quantiles, type Quantiles } from "./statistics.ts";
import type { ByProcess, Subject } from "./subject.ts";

/** The gate of the load: enough jobs in the queue that the worker is never idle, and never a backlog that grows. */
const SHUT_ABOVE = 700;
const OPEN_BELOW = 400;
/** Counting jobs takes PostgreSQL a millisecond or two, which the worker then lacks. */
const GATE_MS = 100;
/** For just-in-time compilation and connections of the load generator. */
const WARM_UP_S = 1.5;
const DRAIN_MS = 60_000;

export interface Sustained {
  runsPerSecond: number;
  /** Jobs in the queue when the measured time began and ended. */
  backlog: [number, number];
  /** Processor time per run in µs, by process: says the same on a busy machine as on a quiet one. */
  cpu: ByProcess;
}

let series = 0;
const newSeries = (subject: Subject): string => `${subject.name}-${++series}-`;

function refuseFailures(subject: Subject, { failures }: LoadResult): void {
  if (Object.keys(failures).length > 0) throw new Error(`${subject.name} refused alerts: ${JSON.stringify(failures)}`);
}

/** Every accepted alert must have its finished run. @throws Error when runs are missing after a minute */
export async function drain(subject: Subject): Promise<void> {
  for (const end = Date.now() + DRAIN_MS; (await subject.countJobs()) > 0; await sleep(50)) {
    if (Date.now() > end) throw new Error(`${subject.name}: ${await subject.countJobs()} jobs are still there after ${DRAIN_MS / 1000} s`);
  }
  const [alerts, finished] = [await subject.countAlerts(), await subject.countFinished(0, Date.now() + 60_000)];
  if (alerts !== finished) throw new Error(`${subject.name}: ${alerts} alerts were accepted and ${finished} runs finished with their trace`);
}

/** Runs finished per second while alerts come as fast as they are worked off. */
export async function measureSustained(subject: Subject, { connections, seconds }: { connections: number; seconds: number }): Promise<Sustained> {
  const load = startLoad({ url: subject.url, apiKey: subject.apiKey, series: newSeries(subject), loop: { kind: "closed", connections }, seconds: WARM_UP_S + seconds });
  let jobs = 0;
  const gateUntil = async (end: number): Promise<void> => {
    for (; Date.now() < end; await sleep(GATE_MS)) {
      jobs = await subject.countJobs();
      if (jobs > SHUT_ABOVE) load.gate("shut");
      else if (jobs < OPEN_BELOW) load.gate("open");
    }
  };
  await gateUntil(Date.now() + WARM_UP_S * 1000);
  const [from, before, cpuBefore] = [Date.now(), jobs, subject.cpu()];
  await gateUntil(from + seconds * 1000);
  const [to, after, cpuAfter] = [Date.now(), jobs, subject.cpu()];
  load.stop();
  refuseFailures(subject, await load.result);
  await drain(subject);
  const runs = await subject.countFinished(from, to);
  const cpu = Object.fromEntries(Object.entries(cpuAfter).map(([name, ms]) => [name, ms === null ? null : ((ms - (cpuBefore[name] ?? 0)) * 1000) / runs]));
  return { runsPerSecond: (runs * 1000) / (to - from), backlog: [before, after], cpu };
}

export interface Latency {
  /** Webhook: send → answer, ms. */
  answer: Quantiles;
  /** Send → the time that the run's row names as its end, ms. */
  finished: Quantiles;
  /** Send → the notification that its commit sent arrived here, ms: the commit is on disk then. */
  durable: Quantiles;
}

/** Alerts at a steady pace, far below saturation. */
export async function measureLatency(subject: Subject, { perSecond, seconds }: { perSecond: number; seconds: number }): Promise<Latency> {
  const name = newSeries(subject);
  const heard = new Map<string, number>();
  // The newest notification that names a run is that of its end.
  const stopListening = await subject.listen((runId) => heard.set(runId, performance.timeOrigin + performance.now()));
  const { result } = startLoad({ url: subject.url, apiKey: subject.apiKey, series: name, loop: { kind: "open", perSecond }, seconds });
  const load = await result;
  refuseFailures(subject, load);
  await drain(subject);
  await sleep(100);
  await stopListening();
  // The first second warms up the load generator.
  const answers = load.answers.slice(perSecond);
  const ends = new Map((await subject.finishTimes(name)).map((entry) => [entry.sourceId, entry]));
  return {
    answer: quantiles(answers.map(({ ms }) => ms)),
    finished: quantiles(answers.map(({ id, sentAt }) => ends.get(id)!.finishedAt - sentAt)),
    durable: quantiles(answers.map(({ id, sentAt }) => (heard.get(ends.get(id)!.runId) ?? Number.NaN) - sentAt)),
  };
}

/** Webhooks accepted per second. The worker must be stopped. */
export async function measureAccepts(subject: Subject, { connections, seconds }: { connections: number; seconds: number }): Promise<number> {
  const before = await subject.countAlerts();
  const load = await startLoad({ url: subject.url, apiKey: subject.apiKey, series: newSeries(subject), loop: { kind: "closed", connections }, seconds }).result;
  refuseFailures(subject, load);
  const stored = (await subject.countAlerts()) - before;
  if (stored !== load.accepted) throw new Error(`${subject.name} accepted ${load.accepted} alerts and stored ${stored}`);
  return load.accepted / load.seconds;
}
