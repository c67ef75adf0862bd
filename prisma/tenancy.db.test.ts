import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { createDb, type Db } from "./client.ts";
import { diffToSchema, knownMigrations } from "./schema-engine.ts";
import { migrate, MigrationRefused, roleUrl } from "./migrate.ts";

const OTHER_TENANT = "01900000-0000-7000-8000-000000000002";
const USER = "01900000-0000-7000-8000-0000000000a1";
const OTHER_USER = "01900000-0000-7000-8000-0000000000a2";

let database: TestDatabase;
let owner: pg.Client;
let web: pg.Client;
let engine: pg.Client;
let db: Db;

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

beforeAll(async () => {
  database = await createTestDatabase();
  [owner, web, engine] = await Promise.all([connect(database.url), connect(database.webUrl), connect(database.engineUrl)]);
  db = createDb({ webUrl: database.webUrl });
  await owner.query("INSERT INTO tenants (id, slug, name) VALUES ($1, 'other', 'Other')", [OTHER_TENANT]);
  await owner.query(
    `INSERT INTO users (id, tenant_id, username, display_name, role) VALUES ($1, $2, 'ada', 'Ada', 'analyst'), ($3, $4, 'bob', 'Bob', 'analyst')`,
    [USER, database.tenantId, OTHER_USER, OTHER_TENANT],
  );
  await owner.query(
    `INSERT INTO sessions (id, tenant_id, user_id, expires_at) VALUES ('hash', $1, $2, now() + interval '1 hour')`, [OTHER_TENANT, OTHER_USER],
  );
});

afterAll(async () => {
  await db.close();
  await Promise.all([owner, web, engine].map((client) => client.end()));
  await database.drop();
});

test("the migrations lead exactly to schema.prisma", async () => {
  expect(await diffToSchema(database.url)).toBe("");
});

test("every table with a tenant is protected for web and open for the engine", async () => {
  const { rows } = await owner.query<{ name: string; secured: boolean; web: string; engine: string }>(`
    SELECT c.relname AS name, c.relrowsecurity AS secured,
      (SELECT string_agg(pg_get_expr(p.polqual, c.oid) || ' / ' || pg_get_expr(p.polwithcheck, c.oid), ', ') FROM pg_policy p
       WHERE p.polrelid = c.oid AND p.polroles = ARRAY['playgraph_web'::regrole::oid] AND p.polcmd = '*' AND p.polpermissive) AS web,
      (SELECT string_agg(pg_get_expr(p.polqual, c.oid) || ' / ' || pg_get_expr(p.polwithcheck, c.oid), ', ') FROM pg_policy p
       WHERE p.polrelid = c.oid AND p.polroles = ARRAY['playgraph_engine'::regrole::oid] AND p.polcmd = '*' AND p.polpermissive) AS engine
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')`);
  expect(rows.length).toBeGreaterThanOrEqual(15);
  for (const table of rows) {
    expect(table, table.name).toMatchObject({
      secured: true,
      web: "(tenant_id = current_tenant()) / (tenant_id = current_tenant())",
      engine: "true / true",
    });
  }
});

test("no policy or grant lets anybody else in", async () => {
  const { rows: policies } = await owner.query(`
    SELECT polrelid::regclass::text AS table, polname FROM pg_policy
    WHERE NOT polroles <@ ARRAY['playgraph_web'::regrole::oid, 'playgraph_engine'::regrole::oid]`);
  expect(policies).toEqual([]);
  const { rows: grants } = await owner.query(`
    SELECT table_name, grantee FROM information_schema.role_table_grants
    WHERE table_schema = 'public' AND grantee NOT IN ('playgraph_web', 'playgraph_engine', current_user)`);
  expect(grants).toEqual([]);
  const { rows: roles } = await owner.query("SELECT rolname FROM pg_roles WHERE rolname LIKE 'playgraph\\_%' AND (rolsuper OR rolbypassrls OR rolcreaterole)");
  expect(roles).toEqual([]);
});

test("without a tenant the web role sees nothing, on a fresh connection and after another tenant's transaction", async () => {
  expect((await web.query("SELECT 1 FROM users")).rowCount).toBe(0);
  await web.query("BEGIN");
  await web.query("SELECT set_config('app.tenant_id', $1, true)", [database.tenantId]);
  expect((await web.query("SELECT username FROM users")).rows).toEqual([{ username: "ada" }]);
  expect((await web.query("SELECT slug FROM tenants")).rows).toEqual([{ slug: "default" }]);
  await web.query("COMMIT");
  expect((await web.query("SELECT 1 FROM users")).rowCount).toBe(0);
  expect((await web.query("SELECT 1 FROM tenants")).rowCount).toBe(0);
});

test("withTenant reads, changes and deletes rows of that tenant only", async () => {
  expect(await db.withTenant(database.tenantId, (tx) => tx.user.findMany({ select: { username: true } }))).toEqual([{ username: "ada" }]);
  expect(await db.withTenant(database.tenantId, (tx) => tx.user.updateMany({ where: { id: OTHER_USER }, data: { role: "admin" } }))).toEqual({ count: 0 });
  expect(await db.withTenant(database.tenantId, (tx) => tx.user.deleteMany({ where: { id: OTHER_USER } }))).toEqual({ count: 0 });
  await expect(db.withTenant(database.tenantId, (tx) => tx.user.create({ data: { id: crypto.randomUUID(), tenant_id: OTHER_TENANT, username: "eve", display_name: "Eve", role: "admin" } })))
    .rejects.toThrow(/row-level security/);
  await expect(db.withTenant(database.tenantId, (tx) => tx.user.update({ where: { id: USER }, data: { tenant_id: OTHER_TENANT } })))
    .rejects.toThrow(/row-level security/);
});

test("who knows a name or hash gets that one row before a tenant is known", async () => {
  expect(await db.authUserByName("bob")).toMatchObject({ id: OTHER_USER, tenant_id: OTHER_TENANT, active: true });
  expect(await db.authUserByName("b%")).toBeNull();
  expect(await db.authUserByName("a\0b")).toBeNull();
  expect(await db.authSession("hash")).toMatchObject({ user_id: OTHER_USER, username: "bob", expires_at: expect.any(Date) });
  expect(await db.authApiKey("nothing")).toBeNull();
});

test("the functions before a tenant are the only way past row-level security", async () => {
  const { rows } = await owner.query<{ name: string; config: string[]; public: boolean; web: boolean }>(`
    SELECT p.proname AS name, p.proconfig AS config, has_function_privilege('public', p.oid, 'EXECUTE') AS public,
           has_function_privilege('playgraph_web', p.oid, 'EXECUTE') AS web
    FROM pg_proc p WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace ORDER BY 1`);
  expect(rows).toEqual(["auth_api_key", "auth_session", "auth_user_by_name"].map((name) => ({
    name, config: ["search_path=pg_catalog, pg_temp"], public: false, web: true,
  })));
});

test.each([
  ["change a run", "UPDATE runs SET status = 'failed'"],
  ["write the journal", "DELETE FROM segments"],
  ["rewrite history", "UPDATE alert_events SET detail = ''"],
  ["see what other tenants' workers run", "SELECT runs FROM workers"],
  ["reach the job queue", "SELECT * FROM graphile_worker._private_jobs"],
  ["change a tenant", "UPDATE tenants SET name = 'x'"],
  ["see the migrations", "SELECT * FROM _prisma_migrations"],
])("the web role may not %s", async (_what, sql) => {
  await expect(web.query(sql)).rejects.toThrow(/permission denied/);
});

test("the engine role works for every tenant, and never sees credentials", async () => {
  expect((await engine.query("SELECT 1 FROM tenants")).rowCount).toBe(2);
  for (const table of ["users", "sessions", "api_keys"]) await expect(engine.query(`SELECT * FROM ${table}`)).rejects.toThrow(/permission denied/);
  expect((await engine.query("SELECT id, tenant_id, username, active FROM users")).rowCount).toBe(2);
  for (const column of ["password_hash", "email", "role"]) await expect(engine.query(`SELECT ${column} FROM users`)).rejects.toThrow(/permission denied/);
  await expect(engine.query("UPDATE users SET active = true")).rejects.toThrow(/permission denied/);
  const add = "SELECT id FROM graphile_worker.add_jobs(ARRAY[json_populate_record(null::graphile_worker.job_spec, '{\"identifier\": \"run\", \"job_key\": \"k\"}')])";
  const { rows: [job] } = await engine.query<{ id: string }>(add);
  expect((await engine.query("SELECT 1 FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id")).rowCount).toBe(1);
  expect((await engine.query("DELETE FROM graphile_worker._private_jobs WHERE id = $1", [job?.id])).rowCount).toBe(1);
});

test("migrating twice and at once changes nothing", async () => {
  const urls = { ownerUrl: database.url, webUrl: roleUrl(database.url, "web", "first"), engineUrl: roleUrl(database.url, "engine", "first") };
  expect(await Promise.all([migrate(urls), migrate(urls)])).toEqual([[], []]);
  const { rowCount } = await owner.query("SELECT 1 FROM _prisma_migrations");
  expect(rowCount).toBe(knownMigrations().length);
});

test("a password that changed is set anew", async () => {
  const webUrl = roleUrl(database.url, "web", "second / word");
  await migrate({ ownerUrl: database.url, webUrl, engineUrl: database.engineUrl });
  await (await connect(webUrl)).end();
});

test("a role that bypasses row-level security is refused for the web process", async () => {
  await expect(migrate({ ownerUrl: database.url, webUrl: database.url, engineUrl: database.engineUrl })).rejects.toThrow(MigrationRefused);
});

test("a migration that was begun and never finished is tried again", async () => {
  const fresh = await createTestDatabase();
  const urls = { ownerUrl: fresh.url, webUrl: fresh.webUrl, engineUrl: fresh.engineUrl };
  const other = await connect(fresh.url);
  // As after a power cut: noted as begun, its transaction rolled back.
  await other.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  await migrate(urls);
  await other.query("DO $$ DECLARE t text; BEGIN FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' LOOP EXECUTE format('DROP TABLE %I CASCADE', t); END LOOP; END $$");
  await other.query("DO $$ DECLARE f regprocedure; BEGIN FOR f IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'public'::regnamespace LOOP EXECUTE format('DROP FUNCTION %s', f); END LOOP; END $$");
  await other.query("UPDATE _prisma_migrations SET finished_at = NULL, applied_steps_count = 0");
  expect(await migrate(urls)).toEqual(knownMigrations());
  await other.end();
  await fresh.drop();
});

test("a database that is somebody else's, or in the way, is refused in one line, and the next try starts clean", async () => {
  const fresh = await createTestDatabase();
  const urls = { ownerUrl: fresh.url, webUrl: fresh.webUrl, engineUrl: fresh.engineUrl };
  const other = await connect(fresh.url);
  await other.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE theirs ()");
  await expect(migrate(urls)).rejects.toThrow("holds tables that are not Playgraph's");
  await other.query("DROP TABLE theirs; CREATE FUNCTION current_tenant() RETURNS uuid RETURN NULL::uuid");
  await expect(migrate(urls)).rejects.toThrow(/^The database could not be migrated: function "current_tenant" already exists with same argument types\.$/);
  await other.query("DROP FUNCTION current_tenant");
  expect(await migrate(urls)).toEqual(knownMigrations());
  await other.end();
  await fresh.drop();
});

test("a newer schema is refused, naming its migration", async () => {
  await owner.query("INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '29990101000000_future', now())");
  await expect(migrate({ ownerUrl: database.url, webUrl: database.webUrl, engineUrl: database.engineUrl })).rejects.toThrow(/newer than this program.*29990101000000_future/);
  await owner.query("DELETE FROM _prisma_migrations WHERE id = 'x'");
});
