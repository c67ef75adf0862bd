/** Floor: how many jobs that do nothing Graphile Worker gets through in a second. Forked by floors.ts. */
import { Logger, run as runGraphile, runMigrations } from "graphile-worker";
import pg from "pg";

export interface QueueOrder {
  url: string;
  jobs: number;
  concurrency: number;
  /** 0: Graphile's defaults. Else the size of the local queue, with batched completion. */
  localQueue: number;
}

const silent = new Logger(() => () => undefined);
const ADD_JOBS = `SELECT count(*) FROM graphile_worker.add_jobs(ARRAY(
  SELECT json_populate_record(null::graphile_worker.job_spec, '{"identifier":"nothing","payload":{}}') FROM generate_series(1, $1::int)))`;

async function measure({ url, jobs, concurrency, localQueue }: QueueOrder): Promise<number> {
  await runMigrations({ connectionString: url, logger: silent });
  const pool = new pg.Pool({ connectionString: url, max: 12 });
  // Graphile asks for these; whatever breaks fails the measurement by itself.
  pool.on("error", () => undefined).on("connect", (client) => client.on("error", () => undefined));
  for (let added = 0; added < jobs; added += 1000) await pool.query(ADD_JOBS, [Math.min(1000, jobs - added)]);

  const done = Promise.withResolvers<number>();
  let started = 0;
  let finished = 0;
  const nothing = (): void => {
    started ||= performance.now();
    if (++finished === jobs) done.resolve(performance.now());
  };
  const runner = await runGraphile({
    pgPool: pool, noHandleSignals: true, logger: silent, taskList: { nothing },
    preset: { worker: { concurrentJobs: concurrency, ...(localQueue > 0 && { localQueue: { size: localQueue }, completeJobBatchDelay: 0 }) } },
  });
  const ended = await done.promise;
  await runner.stop();
  await pool.end();
  return (jobs * 1000) / (ended - started);
}

process.once("message", (order: QueueOrder) => void measure(order).then((perSecond) => process.send!(perSecond, () => process.disconnect!())));
