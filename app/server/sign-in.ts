/** Signing in and out, who a request comes from, and changing one's password: the same for pages and API. */
import { recordAudit } from "#app/models/audit.server.ts";
import { Refusal } from "#app/models/refusal.ts";
import { findPasswordHash } from "#app/models/user.server.ts";
import type { Db } from "#prisma";
import { actorOf, type SignedIn } from "./context.ts";
import { createLoginThrottle, type LoginThrottle } from "./login-throttle.ts";
import { hashPassword, verifyPassword } from "./password.ts";
import { type BrowserSessions, createBrowserSessions, hashToken } from "./session.ts";
import { isStorable } from "./storable.ts";
import { bearerOf, createToken, readToken } from "./tokens.ts";

const MAX_USERNAME = 200;
/** In place of an address, in the throttle's count. */
const CHANGING = "password change";

export interface Credentials {
  username: string;
  password: string;
}

/** `secret` is what the client keeps: the value of a Set-Cookie header for "browser", the bearer token for "token". */
export type SignInResult =
  | { ok: true; user: SignedIn; secret: string }
  | { ok: false; reason: "wrong" | "inactive"; message: string }
  | { ok: false; reason: "throttled"; message: string; retryAfter: number };

export interface Auth {
  signIn(credentials: Credentials, options: { via: SignedIn["via"]; clientAddress: string }): Promise<SignInResult>;
  /** Who sends this request; `setCookie` renews a browser session or clears a dead one. A bearer token wins over a cookie. */
  identify(request: Request): Promise<{ user: SignedIn | null; setCookie?: string }>;
  /** Ends the session or token the request carries. @returns a Set-Cookie header that clears the cookie. */
  signOut(request: Request, user: SignedIn | null): Promise<string>;
  /** Ends every other session and token of the user. @throws Refusal throttled: whoever holds a session may not guess the password either. */
  changePassword(request: Request, user: SignedIn, change: { current: string; next: string }): Promise<"changed" | "wrong" | "no-local-password">;
}

export interface AuthOptions {
  db: Db;
  baseUrl: string;
  throttle?: LoginThrottle;
}

export function createAuth({ db, baseUrl, throttle = createLoginThrottle() }: AuthOptions): Auth {
  const sessions = createBrowserSessions(db, baseUrl);

  return {
    async signIn({ username, password }, { via, clientAddress }) {
      const retryAfter = throttle.begin(username, clientAddress);
      if (retryAfter > 0) return { ok: false, reason: "throttled", retryAfter, message: `Too many attempts; try again in ${retryAfter} s` };
      const row = username.length <= MAX_USERNAME && isStorable(username) ? await db.authUserByName(username) : null;
      const isRight = await verifyPassword(row?.password_hash ?? null, password);
      if (!row || !isRight) {
        if (row) await db.withTenant(row.tenant_id, (tx) => recordAudit(tx, row.tenant_id, { actor: { kind: "system", id: null, name: null }, action: "login_failed", target: row.id, data: { address: clientAddress } }));
        return { ok: false, reason: "wrong", message: "Invalid username or password" };
      }
      if (!row.active) return { ok: false, reason: "inactive", message: "This account is deactivated" };
      throttle.succeeded(username, clientAddress);
      const user: SignedIn = { id: row.id, tenant_id: row.tenant_id, username: row.username, display_name: row.display_name, email: row.email, role: row.role, via };
      const secret = via === "token" ? await createToken(db, user) : await startBrowserSession(sessions, user);
      await db.withTenant(user.tenant_id, (tx) => recordAudit(tx, user.tenant_id, { actor: actorOf(user), action: "login", target: user.id, data: { via, address: clientAddress } }));
      return { ok: true, user, secret };
    },

    async identify(request) {
      const token = bearerOf(request.headers);
      if (token !== null) return { user: await readToken(db, token) };
      const sessionId = sessionIdOf(sessions, request);
      if (sessionId === null) return { user: null };
      const { session, user } = await sessions.validateSession(sessionId);
      if (!session) return { user: null, setCookie: sessions.createBlankSessionCookie().serialize() };
      const { id, tenant_id, username, display_name, email, role } = user;
      return {
        user: { id, tenant_id, username, display_name, email, role, via: "browser" },
        ...(session.fresh ? { setCookie: sessions.createSessionCookie(session.id).serialize() } : {}),
      };
    },

    async signOut(request, user) {
      if (user) {
        const held = heldSecret(sessions, request, user);
        await db.withTenant(user.tenant_id, async (tx) => {
          if (held) await tx.session.deleteMany({ where: { id: hashToken(held), user_id: user.id } });
          await recordAudit(tx, user.tenant_id, { actor: actorOf(user), action: "logout", target: user.id });
        });
      }
      return sessions.createBlankSessionCookie().serialize();
    },

    async changePassword(request, user, { current, next }) {
      const stored = await findPasswordHash(db, user.tenant_id, user.id);
      if (stored === null) return "no-local-password";
      const retryAfter = throttle.begin(user.username, CHANGING);
      if (retryAfter > 0) throw new Refusal("throttled", `Too many attempts; try again in ${retryAfter} s`);
      if (!(await verifyPassword(stored, current))) return "wrong";
      throttle.succeeded(user.username, CHANGING);
      const password_hash = await hashPassword(next);
      const held = heldSecret(sessions, request, user);
      await db.withTenant(user.tenant_id, async (tx) => {
        await tx.user.updateMany({ where: { id: user.id, tenant_id: user.tenant_id }, data: { password_hash } });
        await tx.session.deleteMany({ where: { user_id: user.id, ...(held ? { NOT: { id: hashToken(held) } } : {}) } });
        await recordAudit(tx, user.tenant_id, { actor: actorOf(user), action: "password_changed", target: user.id });
      });
      return "changed";
    },
  };
}

async function startBrowserSession(sessions: BrowserSessions, user: SignedIn): Promise<string> {
  const session = await sessions.createSession(user.id, { tenant_id: user.tenant_id });
  return sessions.createSessionCookie(session.id).serialize();
}

const sessionIdOf = (sessions: BrowserSessions, request: Request): string | null => sessions.readSessionCookie(request.headers.get("cookie") ?? "");

const heldSecret = (sessions: BrowserSessions, request: Request, user: SignedIn): string | null =>
  user.via === "token" ? bearerOf(request.headers) : sessionIdOf(sessions, request);
