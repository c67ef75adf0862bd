/**
 * Brings a database up to date: Playgraph's tables and roles, and Graphile Worker's schema. Safe to run twice, and at the
 * same time from several processes. As a program (`npm run migrate`) it takes DATABASE_URL, DATABASE_WEB_URL and
 * DATABASE_ENGINE_URL from the environment.
 */
import { createHash } from "node:crypto";
import { Logger, runMigrations } from "graphile-worker";
import pg from "pg";
import { applyMigrations, knownMigrations } from "./schema-engine.ts";

/** The database cannot be migrated by this program; the message says why and what to do. */
export class MigrationRefused extends Error {
  override readonly name = "MigrationRefused";
}

export interface DatabaseUrls {
  /** May create tables and roles. */
  ownerUrl: string;
  /** The roles in these two are made, or given these passwords, when they cannot sign in yet. */
  webUrl: string;
  engineUrl: string;
}

const GROUPS = { web: "playgraph_web", engine: "playgraph_engine" } as const;
export type DatabaseRole = keyof typeof GROUPS;

/**
 * The address for a role of this installation. Roles belong to the whole server, so the name carries the database's; it is
 * shortened by a hash where PostgreSQL would cut it at 63 bytes.
 */
export function roleUrl(ownerUrl: string, role: DatabaseRole, password: string): string {
  const url = new URL(ownerUrl);
  const database = decodeURIComponent(url.pathname.slice(1)) || decodeURIComponent(url.username);
  const name = `${GROUPS[role]}_${database}`;
  url.username = encodeURIComponent(Buffer.byteLength(name) <= 63 ? name : `${GROUPS[role]}_${createHash("sha256").update(database).digest("hex").slice(0, 16)}`);
  url.password = encodeURIComponent(password);
  return url.href;
}

/** Any number: one migration at a time per database. */
const MIGRATION_LOCK = 7_114_203;

/** @returns the names of the migrations that were applied. @throws MigrationRefused; errors of pg when it cannot connect. */
export async function migrate(urls: DatabaseUrls): Promise<string[]> {
  const owner = new pg.Client({ connectionString: urls.ownerUrl });
  await owner.connect();
  try {
    await owner.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    const applied = await applyMissing(owner, urls.ownerUrl);
    await migrateGraphileWorker(owner, urls.ownerUrl);
    await ensureLogin(owner, urls, "web");
    await ensureLogin(owner, urls, "engine");
    return applied;
  } finally {
    await owner.end();
  }
}

/** An older program must not write into a newer schema. */
async function refuseNewerSchema(owner: pg.Client): Promise<void> {
  const known = knownMigrations();
  const { rows: [newer] } = await owner.query<{ name: string }>(
    "SELECT migration_name AS name FROM public._prisma_migrations WHERE rolled_back_at IS NULL AND migration_name <> ALL ($1) ORDER BY started_at LIMIT 1", [known]);
  if (newer) throw new MigrationRefused(`The database is newer than this program: it has the migration ${newer.name}, which this version does not know. Start the newer version of Playgraph.`);
}

/**
 * A migration is one transaction, so one that was noted as begun and not as finished (a failure, a power cut) left nothing
 * behind and is tried again. Prisma's engine would refuse to go on.
 */
async function forgetUnfinished(owner: pg.Client): Promise<void> {
  await owner.query("UPDATE public._prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL");
}

async function applyMissing(owner: pg.Client, ownerUrl: string): Promise<string[]> {
  const { rows: [history] } = await owner.query<{ exists: boolean }>("SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS exists");
  if (history?.exists) {
    await refuseNewerSchema(owner);
    await forgetUnfinished(owner);
  } else {
    const { rowCount: tables } = await owner.query("SELECT FROM pg_tables WHERE schemaname = 'public' LIMIT 1");
    if (tables) throw new MigrationRefused("The database of DATABASE_URL holds tables that are not Playgraph's. Give it a database of its own.");
  }
  try {
    return await applyMigrations(ownerUrl);
  } catch (error) {
    await forgetUnfinished(owner).catch(() => undefined);
    if (!(error instanceof pg.DatabaseError)) throw error;
    const hint = error.code === "42501" ? " The role of DATABASE_URL must own the database and have CREATEROLE." : "";
    throw new MigrationRefused(`The database could not be migrated: ${error.message}.${hint}`);
  }
}

/** Graphile Worker protects its tables by row-level security without a policy: only their owner gets in until we add one. */
async function migrateGraphileWorker(owner: pg.Client, ownerUrl: string): Promise<void> {
  // A pool that graphile-worker makes itself keeps the process alive for another 10 s.
  const pgPool = new pg.Pool({ connectionString: ownerUrl, max: 2 });
  pgPool.on("error", () => undefined).on("connect", (client) => client.on("error", () => undefined));
  try {
    await runMigrations({ pgPool, logger: new Logger(() => () => undefined) });
  } finally {
    await pgPool.end();
  }
  await owner.query(`
    DO $$
    DECLARE
      worker_table regclass;
    BEGIN
      GRANT USAGE ON SCHEMA graphile_worker TO playgraph_engine;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA graphile_worker TO playgraph_engine;
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA graphile_worker TO playgraph_engine;
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA graphile_worker TO playgraph_engine;
      FOR worker_table IN
        SELECT c.oid FROM pg_class c
        WHERE c.relnamespace = 'graphile_worker'::regnamespace AND c.relrowsecurity
          AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'playgraph_engine')
      LOOP
        EXECUTE format('CREATE POLICY playgraph_engine ON %s TO playgraph_engine USING (true) WITH CHECK (true)', worker_table);
      END LOOP;
    END $$`);
}

/** Makes sure that the role of this address exists, may sign in with its password, and belongs to the group. Touches nothing that fits. */
async function ensureLogin(owner: pg.Client, urls: DatabaseUrls, role: DatabaseRole): Promise<void> {
  const url = role === "web" ? urls.webUrl : urls.engineUrl;
  const parsed = new URL(url);
  const name = decodeURIComponent(parsed.username);
  const { rows: [found] } = await owner.query<{ member: boolean; privileged: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid AND m.roleid = to_regrole($2)) AS member,
            r.rolsuper OR r.rolbypassrls AS privileged
     FROM pg_roles r WHERE r.rolname = $1`, [name, GROUPS[role]]);
  if (found?.privileged) throw new MigrationRefused(`The ${role} process must not use the database role "${name}": it bypasses row-level security.`);
  if (found?.member && (await canSignIn(url))) return;

  const password = decodeURIComponent(parsed.password);
  if (!password) throw new MigrationRefused(`The database address for the ${role} process has no password, and its role "${name}" cannot sign in.`);
  try {
    const secret = owner.escapeLiteral(password);
    const login = owner.escapeIdentifier(name);
    // Another installation's start may make the same role at this moment; then ours only sets the password.
    if (!found) await owner.query(`CREATE ROLE ${login} LOGIN PASSWORD ${secret}`).catch((error: unknown) => {
      if (!(error instanceof pg.DatabaseError) || (error.code !== "42710" && error.code !== "23505")) throw error;
    });
    await owner.query(`ALTER ROLE ${login} LOGIN PASSWORD ${secret}`);
    await owner.query(`GRANT ${GROUPS[role]} TO ${login}`);
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === "42501") {
      throw new MigrationRefused(`The role of DATABASE_URL may not set up the role "${name}" (${error.message}). Have an administrator run: GRANT ${GROUPS[role]} TO "${decodeURIComponent(new URL(urls.ownerUrl).username)}" WITH ADMIN OPTION.`);
    }
    throw error;
  }
}

async function canSignIn(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}

if (import.meta.main) {
  const { DATABASE_URL: ownerUrl, DATABASE_WEB_URL: webUrl, DATABASE_ENGINE_URL: engineUrl } = process.env;
  if (!ownerUrl || !webUrl || !engineUrl) {
    console.error("Set DATABASE_URL, DATABASE_WEB_URL and DATABASE_ENGINE_URL.");
    process.exit(2);
  }
  try {
    const applied = await migrate({ ownerUrl, webUrl, engineUrl });
    console.log(applied.length ? `Applied ${applied.join(", ")}.` : "The database is up to date.");
    // The schema engine leaves a timer of 10 s behind (its wait for a lock).
    process.exit(0);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
