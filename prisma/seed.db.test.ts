import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hashApiKey } from "#app/models/api-key.server.ts";
import { publishFolder } from "#app/models/playbook.server.ts";
import { verifyPassword } from "#app/server/password.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { createDb, type Db } from "./client.ts";
import { seed } from "./seed.ts";

const SHIPPED = path.resolve(import.meta.dirname, "../playbooks");
let database: TestDatabase;
let db: Db;
let playbooks: string;

beforeAll(async () => {
  database = await createTestDatabase();
  db = createDb({ webUrl: database.webUrl });
  playbooks = mkdtempSync(path.join(os.tmpdir(), "playgraph-seed-"));
  cpSync(path.join(SHIPPED, "first-look"), path.join(playbooks, "first-look"), { recursive: true });
});
afterAll(async () => {
  await db.close();
  await database.drop();
  rmSync(playbooks, { recursive: true });
});

const seedAgain = (options: { adminPassword?: string; apiKey?: string; resetAdmin?: boolean } = {}) =>
  seed({ ownerUrl: database.url, webUrl: database.webUrl, playbooks, ...options });

function changeShipped(name: string): void {
  const file = path.join(playbooks, "first-look/playbook.json");
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, "utf8")) as object), name }));
}

test("the first time makes a user, a key without limit and the playbooks; the second changes nothing", async () => {
  const first = await seedAgain();
  expect(first).toEqual({
    tenantId: database.tenantId,
    admin: { username: "admin", password: expect.stringMatching(/^[a-z2-9]{6}(-[a-z2-9]{6}){3}$/), generated: true },
    apiKey: expect.stringMatching(/^soar_[\w-]{43}$/),
    published: ["first-look"],
  });
  const user = await db.authUserByName("admin");
  expect(user).toMatchObject({ role: "admin", active: true });
  expect(await verifyPassword(user?.password_hash ?? null, first.admin?.password ?? "")).toBe(true);
  expect(await db.authApiKey(hashApiKey(first.apiKey ?? ""))).toMatchObject({ rate_limit: null, scopes: [] });
  expect(await seedAgain({ adminPassword: "ignored-now-1", apiKey: "ignored-now-too-123456" })).toEqual({ tenantId: database.tenantId, published: [] });
});

test("a reset sets the given password and ends the sessions", async () => {
  const user = await db.authUserByName("admin");
  await db.withTenant(database.tenantId, (tx) => tx.session.create({ data: { id: "s", tenant_id: database.tenantId, user_id: user?.id ?? "", expires_at: new Date(Date.now() + 60_000) } }));
  expect((await seedAgain({ resetAdmin: true, adminPassword: "a-new-password" })).admin).toEqual({ username: "admin", password: "a-new-password", generated: false });
  expect(await verifyPassword((await db.authUserByName("admin"))?.password_hash ?? null, "a-new-password")).toBe(true);
  expect(await db.authSession("s")).toBeNull();
});

test("a newer program replaces what it shipped, and never what a person published", async () => {
  changeShipped("Second look");
  expect((await seedAgain()).published).toEqual(["first-look"]);
  changeShipped("A person's look");
  await publishFolder(db, { tenantId: database.tenantId, folder: path.join(playbooks, "first-look"), actor: { kind: "user", id: null, name: "ada" } });
  changeShipped("Third look");
  expect((await seedAgain()).published).toEqual([]);
});
