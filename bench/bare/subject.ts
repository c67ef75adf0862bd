/** Starts the bare path's two processes. */
import pg from "pg";
import { freePort } from "../../bin/postgres.ts";
import type { BenchDatabase } from "../database.ts";
import { listen } from "../listen.ts";
import { childrenCpuMs, childrenMb, cpuMs, familyCpuMs, residentMb, startProcess } from "../processes.ts";
import type { Subject } from "../subject.ts";
import { createBareTables, FINISHED_CHANNEL } from "./schema.ts";

export async function startBare(database: BenchDatabase, cleanup: AsyncDisposableStack): Promise<Subject> {
  const databaseUrl = await database.create("bench_bare");
  await createBareTables(databaseUrl);
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  // What breaks an idle connection also fails the query after it, which says so.
  pool.on("error", () => undefined);
  cleanup.defer(() => pool.end());
  const port = await freePort();
  const settings = { logFolder: database.folder, ready: (log: string) => log.includes("ready") };
  const web = await startProcess({ ...settings, name: "bare-web", args: ["bench/bare/web.ts"], env: { DATABASE_URL: databaseUrl, PORT: String(port) } });
  cleanup.defer(() => web.stop());
  const worker = await startProcess({ ...settings, name: "bare-worker", args: ["bench/bare/worker.ts"], env: { DATABASE_URL: databaseUrl } });
  cleanup.defer(() => worker.stop());
  const count = async (sql: string, values: unknown[] = []): Promise<number> => Number((await pool.query<{ count: string }>(sql, values)).rows[0]!.count);

  return {
    name: "bare",
    url: `http://127.0.0.1:${port}/`,
    apiKey: "none",
    countFinished: (from, to) => count("SELECT count(*) FROM segments WHERE finished_at >= $1 AND finished_at < $2", [new Date(from), new Date(to)]),
    countJobs: () => count("SELECT count(*) FROM graphile_worker._private_jobs"),
    countAlerts: () => count("SELECT count(*) FROM alerts"),
    finishTimes: async (series) => {
      const { rows } = await pool.query<{ id: string; source_id: string; finished_at: Date }>(
        "SELECT a.id, a.source_id, s.finished_at FROM alerts a JOIN segments s ON s.run_id = a.id WHERE starts_with(a.source_id, $1)", [series]);
      return rows.map((row) => ({ sourceId: row.source_id, runId: row.id, finishedAt: row.finished_at.getTime() }));
    },
    listen: (onRun) => listen(databaseUrl, FINISHED_CHANNEL, (payload) => payload.split(",").forEach(onRun)),
    analyze: () => pool.query("ANALYZE alerts, segments, graphile_worker._private_jobs"),
    memory: () => ({ web: residentMb(web.pid), worker: residentMb(worker.pid), "code host": childrenMb(worker.pid) }),
    cpu: () => ({ web: cpuMs(web.pid), worker: cpuMs(worker.pid), "code host": childrenCpuMs(worker.pid), PostgreSQL: familyCpuMs(database.pid) }),
    stopWorker: () => worker.stop(),
  };
}
