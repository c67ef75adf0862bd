/** The web process's database: everyday queries as the tenant they are for, and the three reads before a tenant is known. */
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { type Prisma, PrismaClient } from "./generated/client.ts";

export type { Prisma } from "./generated/client.ts";

/** What `fn` of withTenant gets: Prisma's client inside the transaction that carries the tenant. */
export type TenantTx = Prisma.TransactionClient;

export interface AuthUser {
  id: string;
  tenant_id: string;
  username: string;
  display_name: string;
  email: string | null;
  password_hash: string | null;
  role: string;
  /** The user and the tenant both. */
  active: boolean;
}

export interface AuthSession {
  /** SHA-256 of the token, hex. */
  id: string;
  tenant_id: string;
  user_id: string;
  kind: string;
  expires_at: Date;
  created_at: Date;
  username: string;
  display_name: string;
  email: string | null;
  role: string;
  active: boolean;
}

export interface AuthApiKey {
  id: string;
  tenant_id: string;
  name: string;
  prefix: string;
  scopes: string[];
  /** Requests per 60 s; null is no limit. */
  rate_limit: number | null;
  signature_required: boolean;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
  /** The tenant. */
  active: boolean;
}

export interface Db {
  /**
   * Runs `fn` in one transaction in which row-level security shows and accepts rows of this tenant only.
   * Nothing but the database may be waited for inside: a pool connection is held meanwhile.
   */
  withTenant<T>(tenantId: string, fn: (tx: TenantTx) => Promise<T>): Promise<T>;
  authUserByName(username: string): Promise<AuthUser | null>;
  /** @param tokenHash SHA-256 of the session token, hex. An expired session is returned: look at expires_at. */
  authSession(tokenHash: string): Promise<AuthSession | null>;
  /** @param keyHash SHA-256 of the key, hex. An expired or revoked key is returned: look at those columns. */
  authApiKey(keyHash: string): Promise<AuthApiKey | null>;
  close(): Promise<void>;
}

export interface DbOptions {
  /** Signs in as a member of playgraph_web. */
  webUrl: string;
  /** Connections at most; default 20. */
  poolSize?: number;
}

export function createDb({ webUrl, poolSize = 20 }: DbOptions): Db {
  const pool = new pg.Pool({ connectionString: webUrl, max: poolSize, connectionTimeoutMillis: 10_000 });
  // An idle connection that breaks (a restart of PostgreSQL) is replaced by the pool; unheard, the event would end the process.
  pool.on("error", () => undefined);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool), transactionOptions: { maxWait: 10_000, timeout: 20_000 } });

  const first = async <Row extends pg.QueryResultRow>(name: string, text: string, value: string): Promise<Row | null> =>
    (await pool.query<Row>({ name, text, values: [value] })).rows[0] ?? null;

  return {
    withTenant: (tenantId, fn) =>
      prisma.$transaction(async (tx) => {
        await tx.$executeRaw`SELECT set_config('app.tenant_id', ${tenantId}, true)`;
        return fn(tx);
      }),
    // PostgreSQL refuses NUL in text; nobody has such a name.
    authUserByName: async (username) => (username.includes("\0") ? null : first<AuthUser>("auth-user", "SELECT * FROM auth_user_by_name($1)", username)),
    authSession: (tokenHash) => first<AuthSession>("auth-session", "SELECT * FROM auth_session($1)", tokenHash),
    authApiKey: (keyHash) => first<AuthApiKey>("auth-api-key", "SELECT * FROM auth_api_key($1)", keyHash),
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
