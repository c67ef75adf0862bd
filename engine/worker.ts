/** The worker process: takes runs from the queue and advances them. Start more of them to go faster. */
import "./jitless.ts";
import pino from "pino";
import { resolveNode } from "#nodes";
import { readWorkerEnv, type WorkerEnv } from "./env.ts";
import { serveMetrics } from "./metrics.ts";
import { startWorker } from "./start-worker.ts";

/** EX_TEMPFAIL of sysexits.h: start me again. */
const EXIT_DECLARED_DEAD = 75;
/** EX_CONFIG. */
const EXIT_CONFIG = 78;

async function main(env: WorkerEnv): Promise<void> {
  const log = pino({ level: env.LOG_LEVEL, base: { process: "worker", pid: process.pid } });
  let stopping = false;
  const stop = async (exitCode: number) => {
    if (stopping) return;
    stopping = true;
    await worker.stop();
    process.exit(exitCode);
  };
  const worker = await startWorker({
    engineUrl: env.DATABASE_ENGINE_URL,
    ...(env.DATABASE_DIRECT_URL ? { listenUrl: env.DATABASE_DIRECT_URL } : {}),
    secretKey: env.PLAYGRAPH_SECRET_KEY,
    baseUrl: env.BASE_URL,
    concurrency: env.WORKER_CONCURRENCY,
    allowPrivate: env.PLAYGRAPH_HTTP_ALLOW_PRIVATE,
    resolveNode,
    onDeclaredDead: () => {
      log.error("this worker was silent for too long and was declared dead: it stops, and starts anew where something restarts it");
      void stop(EXIT_DECLARED_DEAD);
    },
    log,
  });
  if (env.WORKER_METRICS_PORT !== undefined) await serveMetrics(env.WORKER_METRICS_PORT, env.WORKER_METRICS_HOST, log);
  process.once("SIGTERM", () => void stop(0));
  process.once("SIGINT", () => void stop(0));
}

try {
  await main(readWorkerEnv(process.env));
} catch (error) {
  process.stderr.write(`The worker cannot start: ${(error as Error).message}\n`);
  process.exit(EXIT_CONFIG);
}
