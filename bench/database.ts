/** One embedded PostgreSQL for the whole run: durable, with the settings `npm start` uses, in a folder that is removed afterwards. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { startEmbedded } from "../bin/database.ts";
import type { PostgresServer } from "../bin/postgres.ts";

export interface BenchDatabase {
  /** For logs and profiles; gone after close(). */
  folder: string;
  version: string;
  pid: number;
  /** Of the owner. */
  create(name: string): Promise<string>;
  close(): Promise<void>;
}

/** The same disk as a real installation's: /tmp may be memory, where a commit costs nothing. */
function makeFolder(): string {
  const parent = process.getuid?.() === 0 ? "/var/lib/playgraph" : path.resolve(".data");
  mkdirSync(parent, { recursive: true, mode: 0o755 });
  const folder = mkdtempSync(path.join(parent, "bench-"));
  // The server's account must get in.
  chmodSync(folder, 0o755);
  return folder;
}

export async function startDatabase(): Promise<BenchDatabase> {
  const folder = makeFolder();
  let server: PostgresServer;
  try {
    server = await startEmbedded(folder, { secretKey: "", postgresPassword: "bench", webPassword: "", enginePassword: "" });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const admin = new pg.Client({ connectionString: server.url("postgres") });
  admin.on("error", () => undefined);
  await admin.connect();
  const { rows: [row] } = await admin.query<{ server_version: string }>("SHOW server_version");
  return {
    folder,
    version: row!.server_version,
    pid: server.pid,
    create: async (name) => {
      await admin.query(`CREATE DATABASE ${admin.escapeIdentifier(name)}`);
      return server.url(name);
    },
    close: async () => {
      await admin.end();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
