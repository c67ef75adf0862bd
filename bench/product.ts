/** Starts the product as `npm start` does: migrated database, one tenant, one key, the reference playbook, web and one worker. */
import { randomBytes, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { hashApiKey } from "#app/models/api-key.server.ts";
import { publishFolder } from "#app/models/publish-playbook.server.ts";
import { CHANGES_CHANNEL } from "#engine/events.ts";
import { createDb } from "#prisma";
import { migrate, roleUrl } from "#prisma/migrate.ts";
import { buildPages } from "../bin/pages.ts";
import { freePort } from "../bin/postgres.ts";
import type { BenchDatabase } from "./database.ts";
import { listen } from "./listen.ts";
import { childrenCpuMs, childrenMb, cpuMs, familyCpuMs, residentMb, startProcess } from "./processes.ts";
import type { Subject } from "./subject.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PLAYBOOK = path.join(ROOT, "playbooks/bench-triage");

export interface Product extends Subject {
  databaseUrl: string;
}

interface Urls {
  ownerUrl: string;
  webUrl: string;
  engineUrl: string;
}

/** @param profileFolder where each process leaves a CPU profile at its end */
export async function startProduct(database: BenchDatabase, cleanup: AsyncDisposableStack, profileFolder?: string): Promise<Product> {
  // The web process wants its pages; which ones makes no difference here.
  if (!existsSync(path.join(ROOT, "build/server/index.js"))) await buildPages();
  const ownerUrl = await database.create("bench_product");
  const urls = { ownerUrl, webUrl: roleUrl(ownerUrl, "web", "bench"), engineUrl: roleUrl(ownerUrl, "engine", "bench") };
  await migrate(urls);
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 2 });
  // What breaks an idle connection also fails the query after it, which says so.
  owner.on("error", () => undefined);
  cleanup.defer(() => owner.end());
  const apiKey = await fill(owner, urls);

  const port = await freePort();
  const env = { DATABASE_WEB_URL: urls.webUrl, DATABASE_ENGINE_URL: urls.engineUrl, PLAYGRAPH_SECRET_KEY: randomBytes(32).toString("base64"), BASE_URL: `http://127.0.0.1:${port}` };
  const flags = (name: string): string[] => ["--disable-sigusr1", ...(profileFolder === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`, `--cpu-prof-name=${name}.cpuprofile`])];
  const isUp = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/health`).catch(() => null))?.ok ?? false;
  const web = await startProcess({ name: "web", args: [...flags("web"), "app/server/main.ts"], env: { ...env, PORT: String(port) }, logFolder: database.folder, ready: isUp });
  cleanup.defer(() => web.stop());
  const worker = await startProcess({ name: "worker", args: [...flags("worker"), "engine/worker.ts"], env, logFolder: database.folder, ready: (log) => log.includes("worker ready") });
  cleanup.defer(() => worker.stop());
  const count = async (sql: string, values: unknown[] = []): Promise<number> => Number((await owner.query<{ count: string }>(sql, values)).rows[0]!.count);

  return {
    name: "product",
    databaseUrl: ownerUrl,
    url: `http://127.0.0.1:${port}/api/v1/webhooks/alerts`,
    apiKey,
    countFinished: (from, to) => count(
      `SELECT count(*) FROM runs r WHERE status = 'success' AND finished_at >= $1 AND finished_at < $2 AND EXISTS (SELECT FROM segments s WHERE s.run_id = r.id)`,
      [new Date(from), new Date(to)]),
    countJobs: () => count("SELECT count(*) FROM graphile_worker._private_jobs"),
    countAlerts: () => count("SELECT count(*) FROM alerts"),
    finishTimes: async (series) => {
      const { rows } = await owner.query<{ id: string; source_id: string; finished_at: Date }>(
        "SELECT r.id, a.source_id, r.finished_at FROM alerts a JOIN runs r ON r.alert_id = a.id WHERE starts_with(a.source_id, $1)", [series]);
      return rows.map((row) => ({ sourceId: row.source_id, runId: row.id, finishedAt: row.finished_at.getTime() }));
    },
    listen: (onRun) => listen(ownerUrl, CHANGES_CHANNEL, (payload) => {
      const { r: runs } = JSON.parse(payload) as { r?: string[] | "*" };
      if (Array.isArray(runs)) runs.forEach(onRun);
    }),
    analyze: () => owner.query("ANALYZE alerts, alert_events, runs, segments, graphile_worker._private_jobs"),
    memory: () => ({ web: residentMb(web.pid), worker: residentMb(worker.pid), "code host": childrenMb(worker.pid) }),
    cpu: () => ({ web: cpuMs(web.pid), worker: cpuMs(worker.pid), "code host": childrenCpuMs(worker.pid), PostgreSQL: familyCpuMs(database.pid) }),
    stopWorker: () => worker.stop(),
  };
}

/** @returns the key, which has no rate limit */
async function fill(owner: pg.Pool, { webUrl }: Urls): Promise<string> {
  const tenantId = randomUUID();
  const apiKey = `pg_${randomBytes(24).toString("base64url")}`;
  await owner.query("INSERT INTO tenants (id, slug, name) VALUES ($1, 'default', 'Default')", [tenantId]);
  await owner.query("INSERT INTO api_keys (id, tenant_id, name, prefix, hash, scopes, rate_limit) VALUES ($1, $2, 'bench', $3, $4, '{}', NULL)", [randomUUID(), tenantId, apiKey.slice(0, 12), hashApiKey(apiKey)]);
  const db = createDb({ webUrl });
  try {
    await publishFolder(db, { tenantId, folder: PLAYBOOK, actor: { kind: "system", id: null, name: "bench" } });
  } finally {
    await db.close();
  }
  return apiKey;
}
