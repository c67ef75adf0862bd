/** A worker process: takes runs from Graphile Worker and advances them. Start more of them to go faster. */
import "./jitless.ts";
import { EventEmitter } from "node:events";
import { Logger as GraphileLogger, run as runGraphile, type Runner, type WorkerEvents } from "graphile-worker";
import pg from "pg";
import pino, { type Logger } from "pino";
import { resolveNode } from "#nodes";
import { toAlertView } from "./alerts/index.ts";
import { createCodeHost } from "./code/host/index.ts";
import { createGateway, createVault, parseSecretKey } from "./connections/index.ts";
import { readWorkerEnv, type WorkerEnv } from "./env.ts";
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
import { createServices } from "./services.ts";
import { RunTask } from "./tasks/run.ts";
import { Versions } from "./versions.ts";

const SWEEP_MS = 2_000;

async function main(env: WorkerEnv): Promise<void> {
  const log = pino({ level: env.LOG_LEVEL, base: { process: "worker", pid: process.pid } });
  const workerId = uuidv7();
  const pool = new pg.Pool({ connectionString: env.DATABASE_ENGINE_URL, max: 10, application_name: "playgraph-worker" });
  pool.on("error", (error) => log.warn({ err: error }, "a database connection broke"));
  const code = createCodeHost({});
  const gateway = createGateway();
  const outside = {
    pool, code, gateway,
    vault: createVault(parseSecretKey(env.PLAYGRAPH_SECRET_KEY)),
    baseUrl: env.BASE_URL,
    allowPrivate: env.PLAYGRAPH_HTTP_ALLOW_PRIVATE,
    now: Date.now,
  };
  const journal = new JournalWriter(pool, workerId);
  const task = new RunTask({
    pool, workerId, log, toAlertView, resolveNode,
    claims: new Claims(pool, workerId),
    versions: new Versions(pool),
    commit: (commit) => journal.commit(commit),
    readInbox: (runId, seen) => readInbox(pool, runId, seen),
    lateReceipts: (runId) => loadLateReceipts(pool, runId),
    keepReceipt: (tenantId, runId, stepId, receipt) => persistently(() => storeLateReceipt(pool, tenantId, runId, stepId, receipt), log),
    services: (run, playbookName) => createServices(outside, run, playbookName),
    now: Date.now,
    random: Math.random,
  });

  const heartbeat = new Heartbeat({ pool, workerId, log, held: () => task.held, onInbox: (runId) => task.wake(runId), onDeclaredDead: () => void stop(75, "this worker was declared dead and starts anew") });
  await heartbeat.start();
  const inbox = listen(env.DATABASE_DIRECT_URL ?? env.DATABASE_ENGINE_URL, INBOX_CHANNEL, (runId) => task.wake(runId), log);
  const runner = await startGraphile(env, pool, task, heartbeat, log);
  const sweep = new Sweep(pool, log);
  const sweeper = setInterval(() => {
    if (heartbeat.steady) void sweep.run().catch((error: unknown) => log.warn({ err: error }, "the sweep failed and is tried again"));
  }, SWEEP_MS);
  log.info({ worker_id: workerId, concurrency: env.WORKER_CONCURRENCY }, "worker ready");

  let stopping = false;
  async function stop(exitCode: number, why: string): Promise<void> {
    if (stopping) return;
    stopping = true;
    log.info({ held: task.held.length }, why);
    clearInterval(sweeper);
    if (exitCode === 0) task.drain();
    else task.fence();
    await runner.stop().catch((error: unknown) => log.warn({ err: error }, "the queue did not stop cleanly"));
    await inbox.close();
    await code.close();
    gateway.close();
    await heartbeat.stop().catch(() => undefined);
    await pool.end().catch(() => undefined);
    process.exit(exitCode);
  }
  process.once("SIGTERM", () => void stop(0, "stopping: runs go back to the queue"));
  process.once("SIGINT", () => void stop(0, "stopping: runs go back to the queue"));
}

async function startGraphile(env: WorkerEnv, pool: pg.Pool, task: RunTask, heartbeat: Heartbeat, log: Logger): Promise<Runner> {
  const events: WorkerEvents = new EventEmitter();
  events.on("pool:create", ({ workerPool }) => void heartbeat.setPool(workerPool.id).catch((error: unknown) => log.warn({ err: error }, "the pool's name could not be stored")));
  return runGraphile({
    pgPool: pool,
    events,
    noHandleSignals: true,
    noPreparedStatements: false,
    taskList: { [RUN_TASK]: (payload) => task.handle(payload as { run_id: string; epoch: number }) },
    logger: new GraphileLogger(() => (level, message, meta) => log[level === "warning" ? "warn" : level === "error" ? "error" : "debug"]({ ...meta, source: "graphile" }, message)),
    preset: {
      worker: {
        concurrentJobs: env.WORKER_CONCURRENCY,
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

let env: WorkerEnv;
try {
  env = readWorkerEnv(process.env);
} catch (error) {
  console.error(`The worker cannot start:\n${(error as Error).message}`);
  process.exit(78);
}
await main(env);
