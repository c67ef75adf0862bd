/**
 * First data: the tenant "default", the user "admin", one API key, the playbooks that come with Playgraph. Safe to run again: it
 * adds what is missing and changes nothing that people may have changed. As a program it takes DATABASE_URL (owner),
 * DATABASE_WEB_URL, PLAYGRAPH_ADMIN_PASSWORD and PLAYGRAPH_API_KEY from the environment and prints what it did as JSON.
 */
import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { hashApiKey } from "#app/models/api-key.server.ts";
import { publishFolder } from "#app/models/playbook.server.ts";
import { hashPassword, newPasswordSchema } from "#app/server/password.ts";
import { createDb, type Db } from "./client.ts";

export interface SeedOptions {
  ownerUrl: string;
  webUrl: string;
  /** Used when the user "admin" is made, or reset; generated when absent. */
  adminPassword?: string | undefined;
  /** Used when the tenant has no key yet; generated when absent. */
  apiKey?: string | undefined;
  /** Gives the user "admin" a new password and ends its sessions. */
  resetAdmin?: boolean;
  /** Folder with one folder per playbook. */
  playbooks: string;
}

export interface Seeded {
  tenantId: string;
  /** Present when the password was set now. */
  admin?: { username: string; password: string; generated: boolean };
  /** Present when the key was made now. */
  apiKey?: string;
  /** Slugs that were published now. */
  published: string[];
}

const ADMIN = "admin";
/** Marks versions that came with the program; the next program replaces those, and never one that a person published. */
/** The reference job of the bench, which publishes it for itself; to anybody else it would be clutter. */
const BENCH = "bench-triage";
const PUBLISHER = "Playgraph";
const MIN_KEY_LENGTH = 20;
/** What lists show of a key: never more than a third of it. */
const shownPrefix = (key: string): string => key.slice(0, Math.min(12, Math.floor(key.length / 3)));

export async function seed(options: SeedOptions): Promise<Seeded> {
  const tenantId = await ensureTenant(options.ownerUrl);
  const db = createDb({ webUrl: options.webUrl, poolSize: 2 });
  try {
    const admin = await ensureAdmin(db, tenantId, options);
    const apiKey = await ensureApiKey(db, tenantId, options.apiKey);
    return { tenantId, ...(admin && { admin }), ...(apiKey !== undefined && { apiKey }), published: await publishShipped(db, tenantId, options.playbooks) };
  } finally {
    await db.close();
  }
}

/** Tenants are made by the owner: the web role may only read its own. */
async function ensureTenant(ownerUrl: string): Promise<string> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await owner.query("INSERT INTO tenants (id, slug, name) VALUES ($1, 'default', 'Default') ON CONFLICT (slug) DO NOTHING", [randomUUID()]);
    const { rows: [tenant] } = await owner.query<{ id: string }>("SELECT id FROM tenants WHERE slug = 'default'");
    if (!tenant) throw new Error("the tenant that was just written is not there");
    return tenant.id;
  } finally {
    await owner.end();
  }
}

async function ensureAdmin(db: Db, tenantId: string, { adminPassword, resetAdmin }: SeedOptions): Promise<Seeded["admin"]> {
  const known = await db.authUserByName(ADMIN);
  if (known && !resetAdmin) return undefined;
  const password = newPasswordSchema.parse(adminPassword ?? generatePassword());
  const password_hash = await hashPassword(password);
  await db.withTenant(tenantId, async (tx) => {
    if (known) {
      await tx.user.update({ where: { id: known.id }, data: { password_hash, active: true }, select: { id: true } });
      await tx.session.deleteMany({ where: { user_id: known.id } });
    } else {
      await tx.user.create({ data: { id: randomUUID(), tenant_id: tenantId, username: ADMIN, display_name: "Administrator", role: "admin", password_hash }, select: { id: true } });
    }
  });
  return { username: ADMIN, password, generated: adminPassword === undefined };
}

/** Letters and digits that cannot be mistaken for one another; 118 bits. */
function generatePassword(): string {
  const alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
  return Array.from({ length: 4 }, () => Array.from({ length: 6 }, () => alphabet[randomInt(alphabet.length)]).join("")).join("-");
}

/** The first key has no rate limit: it is the one for trying out and for measuring. */
async function ensureApiKey(db: Db, tenantId: string, given: string | undefined): Promise<string | undefined> {
  const key = given ?? `soar_${randomBytes(32).toString("base64url")}`;
  if (key.length < MIN_KEY_LENGTH) throw new Error(`PLAYGRAPH_API_KEY needs at least ${MIN_KEY_LENGTH} characters.`);
  return db.withTenant(tenantId, async (tx) => {
    if (await tx.apiKey.findFirst({ where: { tenant_id: tenantId }, select: { id: true } })) return undefined;
    await tx.apiKey.create({
      data: { id: randomUUID(), tenant_id: tenantId, name: "First key", prefix: shownPrefix(key), hash: hashApiKey(key), scopes: [], rate_limit: null },
      select: { id: true },
    });
    return key;
  });
}

async function publishShipped(db: Db, tenantId: string, folder: string): Promise<string[]> {
  const shipped = readdirSync(folder).filter((slug) => slug !== BENCH && existsSync(path.join(folder, slug, "playbook.json"))).sort();
  const present = await db.withTenant(tenantId, (tx) => tx.playbook.findMany({ where: { tenant_id: tenantId, slug: { in: shipped } }, select: { slug: true, versions: { where: { number: { not: null } }, orderBy: { number: "desc" }, take: 1, select: { published_by: true } } } }));
  const changedByPeople = new Set(present.filter(({ versions: [newest] }) => newest && newest.published_by !== PUBLISHER).map(({ slug }) => slug));
  const published: string[] = [];
  for (const slug of shipped.filter((name) => !changedByPeople.has(name))) {
    const result = await publishFolder(db, { tenantId, folder: path.join(folder, slug), actor: { kind: "system", id: null, name: PUBLISHER } });
    if (!result.unchanged) published.push(slug);
  }
  return published;
}

if (import.meta.main) {
  const { DATABASE_URL: ownerUrl, DATABASE_WEB_URL: webUrl, PLAYGRAPH_ADMIN_PASSWORD, PLAYGRAPH_API_KEY } = process.env;
  if (!ownerUrl || !webUrl) {
    console.error("Set DATABASE_URL and DATABASE_WEB_URL.");
    process.exit(2);
  }
  try {
    console.log(JSON.stringify(await seed({
      ownerUrl,
      webUrl,
      adminPassword: PLAYGRAPH_ADMIN_PASSWORD || undefined,
      apiKey: PLAYGRAPH_API_KEY || undefined,
      resetAdmin: process.argv.includes("--reset-admin"),
      playbooks: path.join(import.meta.dirname, "../playbooks"),
    })));
  } catch (error) {
    console.error(`The first data cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}
