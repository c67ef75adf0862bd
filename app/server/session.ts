/**
 * Browser sessions with Lucia, kept in our own table through our own adapter: the database holds the SHA-256 of what the
 * browser holds, so a copy of the database opens nothing. A session lives 8 hours and is renewed while it is used.
 */
import { createHash } from "node:crypto";
import { type Adapter, type DatabaseSession, type DatabaseUser, Lucia, TimeSpan } from "lucia";
import type { Db } from "#prisma";

export const SESSION_HOURS = 8;

interface SessionAttributes {
  tenant_id: string;
}

interface UserAttributes {
  tenant_id: string;
  username: string;
  display_name: string;
  email: string | null;
  role: string;
}

declare module "lucia" {
  interface Register {
    Lucia: BrowserSessions;
    DatabaseSessionAttributes: SessionAttributes;
    DatabaseUserAttributes: UserAttributes;
  }
}

export type BrowserSessions = Lucia<SessionAttributes, UserAttributes>;

export const hashToken = (token: string): string => createHash("sha256").update(token).digest("hex");

export function createBrowserSessions(db: Db, baseUrl: string): BrowserSessions {
  const { port, protocol } = new URL(baseUrl);
  return new Lucia(createAdapter(db), {
    sessionExpiresIn: new TimeSpan(SESSION_HOURS, "h"),
    // Browsers share cookies between the ports of a host: two installations side by side must not sign each other out.
    sessionCookie: { name: port ? `playgraph_session_${port}` : "playgraph_session", attributes: { secure: protocol === "https:", sameSite: "lax", path: "/" } },
    getSessionAttributes: ({ tenant_id }) => ({ tenant_id }),
    getUserAttributes: ({ tenant_id, username, display_name, email, role }) => ({ tenant_id, username, display_name, email, role }),
  });
}

function createAdapter(db: Db): Adapter {
  async function tenantOf(sessionId: string): Promise<string | null> {
    return (await db.authSession(hashToken(sessionId)))?.tenant_id ?? null;
  }

  return {
    async getSessionAndUser(sessionId) {
      const row = await db.authSession(hashToken(sessionId));
      if (!row || row.kind !== "browser") return [null, null];
      const session: DatabaseSession = { id: sessionId, userId: row.user_id, expiresAt: row.expires_at, attributes: { tenant_id: row.tenant_id } };
      const { tenant_id, username, display_name, email, role } = row;
      const user: DatabaseUser | null = row.active ? { id: row.user_id, attributes: { tenant_id, username, display_name, email, role } } : null;
      return [session, user];
    },
    async setSession({ id, userId, expiresAt, attributes: { tenant_id } }) {
      await insertSession(db, { token: id, kind: "browser", userId, tenantId: tenant_id, expiresAt });
    },
    async updateSessionExpiration(sessionId, expiresAt) {
      const tenantId = await tenantOf(sessionId);
      if (tenantId) await db.withTenant(tenantId, (tx) => tx.session.updateMany({ where: { id: hashToken(sessionId) }, data: { expires_at: expiresAt } }));
    },
    async deleteSession(sessionId) {
      const tenantId = await tenantOf(sessionId);
      if (tenantId) await db.withTenant(tenantId, (tx) => tx.session.deleteMany({ where: { id: hashToken(sessionId) } }));
    },
    // Lucia's remaining operations name no tenant, and without one the web role sees no row.
    getUserSessions: () => Promise.reject(new Error("sessions of a user are read with their tenant")),
    deleteUserSessions: () => Promise.reject(new Error("use endSessions: it takes the tenant")),
    deleteExpiredSessions: () => Promise.reject(new Error("expired sessions are removed at sign-in, tenant by tenant")),
  };
}

export interface NewSession {
  token: string;
  kind: "browser" | "token";
  userId: string;
  tenantId: string;
  expiresAt: Date;
}

/** Also clears the tenant's expired rows: sign-in is the one moment that makes them. */
export async function insertSession(db: Db, { token, kind, userId, tenantId, expiresAt }: NewSession): Promise<void> {
  await db.withTenant(tenantId, async (tx) => {
    await tx.session.deleteMany({ where: { tenant_id: tenantId, expires_at: { lt: new Date() } } });
    await tx.session.create({ data: { id: hashToken(token), tenant_id: tenantId, user_id: userId, kind, expires_at: expiresAt }, select: { id: true } });
  });
}
