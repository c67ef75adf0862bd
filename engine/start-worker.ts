/** Puts a worker together: database, code host, gateway, queue, heartbeat and sweep. worker.ts is the process around it; tests start it in theirs. */
import { EventEmitter } from "node:events";
import { Logger as GraphileLogger, run as runGraphile, type Runner, type TaskList, type WorkerEvents } from "graphile-worker";
import pg from "pg";
import type { Logger } from "pino";
import type { AnyNode } from "#sdk";
import { toAlertView } from "./alerts/index.ts";
import { advanceBacktest } from "./backtest/advance.ts";
import { BACKTEST_TASK } from "./backtest/queue.ts";
import { Callbacks } from "./callbacks.ts";
import { createCodeHost } from "./code/host/index.ts";
import { createGateway, createVault, parseSecretKey } from "./connections/index.ts";
import { INBOX_CHANNEL } from "./events.ts";
import { uuidv7 } from "./ids.ts";
import { readInbox, storeLateReceipt } from "./journal/inbox.ts";
import { loadLateReceipts } from "./journal/load.ts";
import { JournalWriter } from "./journal/writer.ts";
import { Claims } from "./lease/claim.ts";
import { Heartbeat } from "./lease/heartbeat.ts";
import { Sweep } from "./lease/sweep.ts";
import { listen } from "./listen.ts";
import { persistently } from "./persistently.ts";
import { RUN_TASK } from "./queue.ts";
import { Scheduler, SCHEDULER_MS } from "./schedules/scheduler.ts";
import { createServices } from "./services.ts";
import { RunTask } from "./tasks/run.ts";
import { Versions } from "./versions.ts";

const SWEEP_MS = 2_000;

export interface WorkerOptions {
  engineUrl: string;
  /** For LISTEN, where the other is a transaction pooler. */
  listenUrl?: string;
  /** 32 bytes, base64. */
  secretKey: string;
  baseUrl: string;
  /** Runs advanced at a time. */
  concurrency: number;
  /** See WorkerEnv. */
  allowPrivate: boolean;
  resolveNode(type: string, version: number): AnyNode | undefined;
  /** Another worker declared this one dead: it has been fenced and must be stopped. */
  onDeclaredDead(): void;
  log: Logger;
}

export interface WorkerHandle {
  id: string;
  /** Hands every run on at its next step boundary, then closes everything. */
  stop(): Promise<void>;
}

export async function startWorker(options: WorkerOptions): Promise<WorkerHandle> {
  const { engineUrl, log } = options;
  const id = uuidv7();
  const pool = openPool(engineUrl, 10, log);
  // The queue's own: it sizes itself by its concurrency, but fetches and completes in batches, over a connection or two.
  const queuePool = openPool(engineUrl, options.concurrency, log);
  const code = createCodeHost({ onDeath: (death) => log.warn({ death }, "a code host died and was replaced") });
  const gateway = createGateway();
  const outside = { pool, code, gateway, vault: createVault(parseSecretKey(options.secretKey)), baseUrl: options.baseUrl, allowPrivate: options.allowPrivate, now: Date.now, log };
  const callbacks = new Callbacks(options.secretKey, options.baseUrl);
  const journal = new JournalWriter(pool, id);
  const task = new RunTask({
    pool, workerId: id, log, toAlertView,
    resolveNode: options.resolveNode,
    callbackUrl: (runId, stepId) => callbacks.url(runId, stepId),
    claims: new Claims(pool, id),
    versions: new Versions(pool),
    commit: (commit) => journal.commit(commit),
    readInbox: (runId, seen) => readInbox(pool, runId, seen),
    lateReceipts: (runId) => loadLateReceipts(pool, runId),
    keepReceipt: (tenantId, runId, stepId, receipt) => persistently(() => storeLateReceipt(pool, tenantId, runId, stepId, receipt), log),
    services: (run, playbookName) => createServices(outside, run, playbookName),
    now: Date.now,
    random: Math.random,
  });

  const heartbeat = new Heartbeat({
    pool, workerId: id, log,
    held: () => task.held,
    onInbox: (runId) => task.wake(runId),
    onDeclaredDead: () => {
      task.fence();
      options.onDeclaredDead();
    },
  });
  await heartbeat.start();
  // Whatever was said while the channel was down is found by asking every held run.
  const inbox = listen(options.listenUrl ?? engineUrl, INBOX_CHANNEL, (runId) => task.wake(runId), log, () => task.held.forEach((runId) => task.wake(runId)));
  const tasks: TaskList = {
    [RUN_TASK]: (payload) => task.handle(payload as { run_id: string; epoch: number }),
    [BACKTEST_TASK]: (payload) => advanceBacktest(pool, (payload as { backtest_id: string }).backtest_id),
  };
  const runner = await startGraphile(queuePool, options.concurrency, tasks, heartbeat, log);
  const sweep = new Sweep(pool, log);
  const sweepOnce = () => {
    if (heartbeat.steady) void sweep.run().catch((error: unknown) => log.warn({ err: error }, "the sweep failed and is tried again"));
  };
  // At once too: a worker often starts because another one died.
  sweepOnce();
  const sweeper = setInterval(sweepOnce, SWEEP_MS);
  const scheduler = new Scheduler(pool, log);
  const clock = setInterval(() => void scheduler.run().catch((error: unknown) => log.warn({ err: error }, "schedules are looked at again in a second")), SCHEDULER_MS);
  log.info({ worker_id: id, concurrency: options.concurrency }, "worker ready");

  return {
    id,
    async stop() {
      log.info({ held: task.held.length }, "stopping: runs go back to the queue");
      clearInterval(sweeper);
      clearInterval(clock);
      task.drain();
      await runner.stop().catch((error: unknown) => log.warn({ err: error }, "the queue did not stop cleanly"));
      await inbox.close();
      await code.close();
      gateway.close();
      await heartbeat.stop().catch(() => undefined);
      await queuePool.end();
      await pool.end();
    },
  };
}

function openPool(connectionString: string, max: number, log: Logger): pg.Pool {
  const pool = new pg.Pool({ connectionString, max, application_name: "playgraph-worker" });
  pool.on("error", (error) => log.warn({ err: error }, "a database connection broke"));
  // Graphile Worker asks for this one too: a client that breaks while it is checked out.
  pool.on("connect", (client) => client.on("error", (error) => log.warn({ err: error }, "a database connection broke")));
  return pool;
}

async function startGraphile(pool: pg.Pool, concurrency: number, tasks: TaskList, heartbeat: Heartbeat, log: Logger): Promise<Runner> {
  const events: WorkerEvents = new EventEmitter();
  events.on("pool:create", ({ workerPool }) => void heartbeat.setPool(workerPool.id).catch((error: unknown) => log.warn({ err: error }, "the pool's name could not be stored")));
  return runGraphile({
    pgPool: pool,
    events,
    noHandleSignals: true,
    taskList: tasks,
    logger: new GraphileLogger(() => (level, message, meta) => log[level === "warning" ? "warn" : level === "error" ? "error" : "debug"]({ ...meta, source: "graphile" }, message)),
    preset: {
      worker: {
        concurrentJobs: concurrency,
        // Default is 2 s; a lost notification or a due timer should not take that long.
        pollInterval: 500,
        // Measured in DESIGN 5.6: batches of jobs and of completions are worth a factor of nine.
        localQueue: { size: 200 },
        completeJobBatchDelay: 0,
        gracefulShutdownAbortTimeout: 30_000,
      },
    },
  });
}
