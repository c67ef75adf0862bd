/** The database of a start: the server that DATABASE_URL names, or the embedded one, and the addresses for the three roles. */
import pg from "pg";
import { roleUrl } from "#prisma/migrate.ts";
import { StartFailure } from "./failure.ts";
import { type PostgresServer, startPostgres } from "./postgres.ts";
import type { Secrets, Settings } from "./settings.ts";

export interface Database {
  ownerUrl: string;
  webUrl: string;
  engineUrl: string;
  /** Only where it runs here. */
  embedded?: PostgresServer;
  /** For the progress line. */
  description: string;
}

const DATABASE_NAME = "playgraph";
const OLDEST_SERVER = 150_000;

export async function openDatabase(settings: Settings, secrets: Secrets): Promise<Database> {
  if (settings.DATABASE_URL) {
    await checkServer(settings.DATABASE_URL);
    const url = new URL(settings.DATABASE_URL);
    return { ...roleUrls(settings.DATABASE_URL, settings, secrets), description: `yours, on ${url.host}` };
  }
  const embedded = await startEmbedded(settings.DATA_DIR, secrets);
  try {
    await createDatabase(embedded.url("postgres"));
  } catch (error) {
    await embedded.stop();
    throw error;
  }
  return { ...roleUrls(embedded.url(DATABASE_NAME), settings, secrets), embedded, description: `started on port ${embedded.port}` };
}

export const startEmbedded = (dataDir: string, secrets: Secrets, port?: number): Promise<PostgresServer> =>
  startPostgres({
    dataDir,
    password: secrets.postgresPassword,
    ...(port !== undefined && { port }),
    // The defaults are for a machine of twenty years ago; these are small still.
    settings: { shared_buffers: "256MB", max_wal_size: "2GB", checkpoint_timeout: "15min", wal_compression: "pglz" },
  });

function roleUrls(ownerUrl: string, settings: Settings, secrets: Secrets) {
  return {
    ownerUrl,
    webUrl: settings.DATABASE_WEB_URL ?? roleUrl(ownerUrl, "web", secrets.webPassword),
    engineUrl: settings.DATABASE_ENGINE_URL ?? roleUrl(ownerUrl, "engine", secrets.enginePassword),
  };
}

async function createDatabase(adminUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const { rowCount } = await admin.query("SELECT 1 FROM pg_database WHERE datname = $1", [DATABASE_NAME]);
    if (!rowCount) await admin.query(`CREATE DATABASE ${DATABASE_NAME}`);
  } finally {
    await admin.end();
  }
}

/** @throws StartFailure with one line that says what is wrong with DATABASE_URL. The password is never part of it. */
async function checkServer(url: string): Promise<void> {
  const { host, username, pathname } = new URL(url);
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows: [server] } = await client.query<{ server_version_num: string }>("SHOW server_version_num");
    if (Number(server?.server_version_num) < OLDEST_SERVER) throw new StartFailure(`The PostgreSQL at ${host} is too old: Playgraph needs 15 or newer.`);
  } catch (error) {
    if (error instanceof StartFailure) throw error;
    throw new StartFailure(`DATABASE_URL: ${explain(error, host, username, pathname.slice(1))}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function explain(error: unknown, host: string, user: string, database: string): string {
  // Several addresses of one name that all fail come as one AggregateError.
  const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const message = cause instanceof Error ? cause.message : String(cause);
  switch (code) {
    case "ECONNREFUSED": return `nothing answers at ${host}. Is PostgreSQL running there?`;
    case "ENOTFOUND": case "EAI_AGAIN": return `the host ${host} is not known.`;
    case "28P01": case "28000": return `PostgreSQL at ${host} refuses the user "${user}": ${message}.`;
    case "3D000": return `PostgreSQL at ${host} has no database "${database}". Create it first.`;
    case "53300": return `PostgreSQL at ${host} has no free connection.`;
    default: return /timeout/i.test(message) ? `${host} does not answer within 10 s.` : `cannot connect to ${host}: ${message}.`;
  }
}
