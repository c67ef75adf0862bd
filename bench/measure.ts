/** The order of the measurements. Rivals take turns, so that a ratio compares neighbours in time. */
import type { ByProcess, Subject } from "./subject.ts";
import { measureInserts, measureQueue } from "./floors/floors.ts";
import { type Latency, measureAccepts, measureLatency, measureSustained, type Sustained } from "./phases.ts";
import type { Product } from "./product.ts";
import { measureTraceSize, type TraceSize } from "./trace-size.ts";

export interface Plan {
  rounds: number;
  /** For just-in-time compilation in the servers. */
  warmUpSeconds: number;
  insertSeconds: number;
  sustainedSeconds: number;
  latencySeconds: number;
  acceptSeconds: number;
  queueJobs: number;
}

/** About three minutes. */
export const FULL: Plan = { rounds: 3, warmUpSeconds: 5, insertSeconds: 3, sustainedSeconds: 8, latencySeconds: 8, acceptSeconds: 3, queueJobs: 12_000 };
/** About a minute: for a look while working, not for comparing. */
export const QUICK: Plan = { rounds: 1, warmUpSeconds: 2, insertSeconds: 2, sustainedSeconds: 4, latencySeconds: 4, acceptSeconds: 2, queueJobs: 2_000 };

export const CLIENTS = 8;
export const CONNECTIONS = 32;
export const PER_SECOND = 50;
const QUEUE_CONCURRENCY = 40;
const LOCAL_QUEUE = 500;

/** One entry per round; entries of one round were measured next to each other. */
export interface Results {
  jobs: number[];
  jobsLocalQueue: number[];
  singleRow: number[];
  sixRows: number[];
  bare: SubjectResults;
  product: SubjectResults;
  trace: TraceSize;
}

export interface SubjectResults {
  sustained: Sustained[];
  latency: Latency[];
  accepts: number[];
  /** MB by process after the sustained rounds and the latency rounds, and how many runs that were. */
  memory: ByProcess;
  runs: number;
}

export interface Contenders {
  floorsUrl: string;
  bare: Subject;
  product: Product;
}

export async function measure({ floorsUrl, bare, product }: Contenders, plan: Plan, say: (text: string) => void): Promise<Results> {
  const empty = (): SubjectResults => ({ sustained: [], latency: [], accepts: [], memory: {}, runs: 0 });
  const results: Omit<Results, "trace"> = { jobs: [], jobsLocalQueue: [], singleRow: [], sixRows: [], bare: empty(), product: empty() };
  const subjects = [bare, product];
  const inserts = (rowsPerTransaction: number): Promise<number> => measureInserts({ url: floorsUrl, clients: CLIENTS, rowsPerTransaction, seconds: plan.insertSeconds });

  say("warming up");
  for (const subject of subjects) {
    await measureSustained(subject, { connections: CONNECTIONS, seconds: plan.warmUpSeconds });
    // Statements that were prepared on empty tables scan them from end to end until the next ANALYZE.
    await subject.analyze();
  }
  for (let round = 1; round <= plan.rounds; round++) {
    say(`throughput ${round}/${plan.rounds}`);
    results.sixRows.push(await inserts(6));
    for (const subject of subjects) results[subject.name].sustained.push(await measureSustained(subject, { connections: CONNECTIONS, seconds: plan.sustainedSeconds }));
  }
  for (let round = 1; round <= plan.rounds; round++) {
    say(`latency ${round}/${plan.rounds}`);
    for (const subject of subjects) results[subject.name].latency.push(await measureLatency(subject, { perSecond: PER_SECOND, seconds: plan.latencySeconds }));
  }
  for (const subject of subjects) {
    results[subject.name].memory = subject.memory();
    results[subject.name].runs = await subject.countFinished(0, Date.now() + 60_000);
    await subject.stopWorker();
  }
  const trace = await measureTraceSize(product.databaseUrl);
  for (let round = 1; round <= plan.rounds; round++) {
    say(`accepts ${round}/${plan.rounds}`);
    results.singleRow.push(await inserts(1));
    for (const subject of subjects) results[subject.name].accepts.push(await measureAccepts(subject, { connections: CONNECTIONS, seconds: plan.acceptSeconds }));
  }
  say("queue");
  for (let round = 1; round <= Math.min(2, plan.rounds); round++) {
    // Several times the jobs: it is several times as fast.
    results.jobs.push(await measureQueue({ url: floorsUrl, jobs: plan.queueJobs, concurrency: QUEUE_CONCURRENCY, localQueue: 0 }));
    results.jobsLocalQueue.push(await measureQueue({ url: floorsUrl, jobs: plan.queueJobs * 4, concurrency: QUEUE_CONCURRENCY, localQueue: LOCAL_QUEUE }));
  }
  return { ...results, trace };
}
