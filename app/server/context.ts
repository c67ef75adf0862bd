/**
 * What a request can reach, for the API and for the pages alike. The pages are a build of their own, and what a build takes in
 * exists twice, so nothing that lives as long as the process may be a module variable: pages get it by loadContext, from here.
 */
import { type AppLoadContext, redirect } from "@remix-run/node";
import type { Engine } from "#engine";
import type { Ingest } from "#engine/alerts/index.ts";
import type { Gateway, Vault } from "#engine/connections/index.ts";
import type { Db } from "#prisma";
import type { ApiKeys } from "./api-keys.ts";
import type { LiveChanges } from "./live.ts";
import type { Logger } from "./log.ts";
import { can, type Permission } from "./permissions.ts";
import type { Auth } from "./sign-in.ts";

/** Who is signed in. `via` says how: a page's cookie or a script's bearer token. */
export interface SignedIn {
  id: string;
  tenant_id: string;
  username: string;
  display_name: string;
  email: string | null;
  role: string;
  via: "browser" | "token";
}

/** The parts of the web process that live as long as it does. */
export interface Services {
  db: Db;
  engine: Engine;
  ingest: Ingest;
  vault: Vault;
  gateway: Gateway;
  live: LiveChanges;
  auth: Auth;
  apiKeys: ApiKeys;
  log: Logger;
  /** Address of the web app as people reach it, without a slash at the end. */
  baseUrl: string;
}

/** One request's view of them. */
export interface AppContext extends Services {
  user: SignedIn | null;
  /** Address of the peer; a forwarded address is a claim and is not used. */
  clientAddress: string;
  /** For <Scripts nonce> and friends; the response's Content-Security-Policy names it. */
  cspNonce: string;
}

/** Who changed something, for histories, the audit log and the engine. */
export interface Actor {
  kind: "user" | "api_key" | "system";
  id: string | null;
  name: string | null;
}

export const actorOf = (user: SignedIn): { kind: "user"; id: string; name: string } => ({ kind: "user", id: user.id, name: user.username });

export const getContext = (loadContext: AppLoadContext): AppContext => loadContext["app"] as AppContext;

interface PageArgs { context: AppLoadContext; request: Request }

/** @throws a redirect to the sign-in page (and back) for a stranger. */
export function requireLogin({ context, request }: PageArgs): AppContext & { user: SignedIn } {
  const app = getContext(context);
  if (app.user) return { ...app, user: app.user };
  const { pathname, search } = new URL(request.url);
  throw redirect(request.method === "GET" && pathname !== "/" ? `/login?next=${encodeURIComponent(pathname + search)}` : "/login");
}

/** @throws as requireLogin; a 403 response without the permission. Pages come in by page-access.ts, which knows theirs. */
export function requirePage(args: PageArgs, permission: Permission): AppContext & { user: SignedIn } {
  const app = requireLogin(args);
  if (!can(app.user, permission)) throw new Response(`Permission denied: requires ${permission}`, { status: 403, statusText: "Forbidden" });
  return app;
}
