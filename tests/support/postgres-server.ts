/** Vitest's global set-up: one PostgreSQL for the whole run, with a migrated template that every test file clones. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startPostgres } from "../../bin/postgres.ts";
import { migrate, roleUrl } from "#prisma/migrate.ts";

export interface TemplateDatabase {
  /** Of the superuser, database `postgres`. */
  adminUrl: string;
  webUrl: string;
  engineUrl: string;
  tenantId: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    template: TemplateDatabase;
  }
}

export const TEMPLATE_NAME = "template_playgraph";
const PREFIX = "playgraph-test-";
const TENANT_ID = "01900000-0000-7000-8000-000000000001";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  removeAbandoned();
  // Everybody's own folder and port, so that several test runs on one machine never meet.
  const dataDir = mkdtempSync(path.join(os.tmpdir(), `${PREFIX}${process.pid}-`));
  chmodSync(dataDir, 0o755);
  const server = await startPostgres({
    dataDir,
    ...(process.getuid?.() === 0 && { binariesDir: "/var/lib/playgraph" }),
    password: "test",
    settings: { fsync: "off", full_page_writes: "off", synchronous_commit: "off", shared_buffers: "64MB", autovacuum_naptime: "10min" },
  });
  try {
    project.provide("template", await makeTemplate(server.url));
  } catch (error) {
    await server.stop();
    throw error;
  }
  return async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

async function makeTemplate(url: (database: string) => string): Promise<TemplateDatabase> {
  const adminUrl = url("postgres");
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${TEMPLATE_NAME}`);
  await admin.end();

  const ownerUrl = url(TEMPLATE_NAME);
  const urls = { webUrl: roleUrl(ownerUrl, "web", "test"), engineUrl: roleUrl(ownerUrl, "engine", "test") };
  await migrate({ ownerUrl, ...urls });
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  await owner.query("INSERT INTO tenants (id, slug, name) VALUES ($1, 'default', 'Default')", [TENANT_ID]);
  await owner.end();
  return { adminUrl, ...urls, tenantId: TENANT_ID };
}

/** What a killed test run left behind. */
function removeAbandoned(): void {
  for (const name of readdirSync(os.tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const runner = Number(name.slice(PREFIX.length).split("-")[0]);
    if (existsSync(`/proc/${runner}`) || process.platform !== "linux") continue;
    const folder = path.join(os.tmpdir(), name);
    try {
      const pid = Number(readFileSync(path.join(folder, "postgres/postmaster.pid"), "utf8").split("\n")[0]);
      if (readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(folder)) process.kill(pid, "SIGKILL");
    } catch {
      // It had ended by itself.
    }
    rmSync(folder, { recursive: true, force: true });
  }
}
