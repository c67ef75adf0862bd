/** The real web application on a database of its own, without a socket: people of every role, a second tenant, keys. */
import { randomBytes, randomUUID } from "node:crypto";
import pg from "pg";
import { createApiKey, type NewApiKey } from "#app/models/api-key.server.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { createApplication } from "./application.ts";
import { type Assembled, assemble } from "./assemble.ts";
import type { AppContext, Services } from "./context.ts";
import { createLog } from "./log.ts";
import { hashPassword } from "./password.ts";
import { type Role, ROLES } from "./permissions.ts";
import { createToken } from "./tokens.ts";

export const BASE_URL = "http://soc.test:3000";
export const PASSWORD = "correct horse battery";

/** One hash for all: making it is what costs. */
let passwordHash: Promise<string> | undefined;

export interface Answer {
  status: number;
  headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers freely
  body: any;
}

export interface RequestOptions {
  token?: string;
  key?: string;
  headers?: Record<string, string>;
  /** Sent as JSON; a string or bytes as they are. */
  body?: unknown;
}

export interface Person {
  id: string;
  username: string;
  token: string;
}

export class WebWorld {
  readonly database: TestDatabase;
  readonly services: Services;
  /** Passes row-level security: for arranging and looking. */
  readonly owner: pg.Pool;
  readonly otherTenantId: string;
  /** 32 bytes, base64: for a worker beside it. */
  readonly secretKey = randomBytes(32).toString("base64");
  readonly #assembled: Assembled;
  readonly #application: ReturnType<typeof createApplication>;
  readonly #people = new Map<string, Promise<Person>>();

  private constructor(database: TestDatabase, otherTenantId: string) {
    this.database = database;
    this.otherTenantId = otherTenantId;
    this.owner = new pg.Pool({ connectionString: database.url, max: 2 });
    // Dropping the database ends whatever idles here.
    this.owner.on("error", () => undefined);
    this.#assembled = assemble(
      { DATABASE_WEB_URL: database.webUrl, DATABASE_ENGINE_URL: database.engineUrl, PLAYGRAPH_SECRET_KEY: this.secretKey, BASE_URL },
      createLog(process.env["TEST_LOG_LEVEL"] ?? "silent"),
    );
    this.services = this.#assembled.services;
    this.#application = createApplication({ services: this.services });
  }

  static async create(): Promise<WebWorld> {
    const world = new WebWorld(await createTestDatabase(), randomUUID());
    await world.owner.query("INSERT INTO tenants (id, slug, name) VALUES ($1, 'other', 'Other')", [world.otherTenantId]);
    return world;
  }

  get tenantId(): string {
    return this.database.tenantId;
  }

  async close(): Promise<void> {
    await this.#assembled.close();
    await this.owner.end();
    await this.database.drop();
  }

  /** Somebody of this role, the same one each time, holding a bearer token. */
  person(role: Role | "nobody", tenantId: string = this.tenantId): Promise<Person> {
    const key = `${role}@${tenantId}`;
    let person = this.#people.get(key);
    if (!person) this.#people.set(key, (person = this.addPerson(role, tenantId)));
    return person;
  }

  async addPerson(role: string, tenantId: string = this.tenantId): Promise<Person> {
    const id = randomUUID();
    const username = `${role}-${id.slice(0, 8)}`;
    await this.owner.query("INSERT INTO users (id, tenant_id, username, display_name, role, password_hash) VALUES ($1, $2, $3, $3, $4, $5)", [
      id, tenantId, username, role, await (passwordHash ??= hashPassword(PASSWORD)),
    ]);
    return { id, username, token: await createToken(this.services.db, { id, tenant_id: tenantId }) };
  }

  /** @returns the key as its owner holds it. */
  async addKey(options: Partial<NewApiKey> = {}, tenantId: string = this.tenantId): Promise<string> {
    const { key } = await createApiKey(this.services.db, tenantId, { name: "test", rate_limit: null, ...options }, { kind: "system", id: null, name: null });
    return key;
  }

  /** @param path below /api/v1 unless it starts with "//", which stands for the root. */
  async request(method: string, path: string, { token, key, headers = {}, body }: RequestOptions = {}): Promise<Answer> {
    const isRaw = typeof body === "string" || body instanceof Uint8Array;
    const response = await this.#application.request(new Request(`${BASE_URL}${path.startsWith("//") ? path.slice(1) : `/api/v1${path}`}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(key ? { "x-api-key": key } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isRaw ? (body as BodyInit) : JSON.stringify(body) }),
    }));
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text };
  }

  /** The response itself, for streams. */
  async stream(path: string, token: string, signal: AbortSignal): Promise<Response> {
    return this.#application.request(new Request(`${BASE_URL}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` }, signal }));
  }

  /** What a page's loader or action gets. */
  async pageContext(token?: string): Promise<AppContext> {
    const { user } = await this.services.auth.identify(new Request(BASE_URL, { headers: token ? { authorization: `Bearer ${token}` } : {} }));
    return { ...this.services, user, clientAddress: "192.0.2.1", cspNonce: "nonce" };
  }

  get routes(): { method: string; path: string }[] {
    return this.#application.routes;
  }

  async as(role: Role, method: string, path: string, body?: unknown): Promise<Answer> {
    const { token } = await this.person(role);
    return this.request(method, path, { token, body });
  }
}

export const ALL_ROLES = Object.keys(ROLES) as Role[];
