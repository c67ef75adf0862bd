/**
 * Every page and what it asks for: the one declaration that the guards below are made of and a test walks, with every role, with
 * none, and with another tenant's ids. (app/api/routes.ts is the same for the API.)
 */
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { type AppContext, requireLogin, requirePage, type SignedIn } from "./context.ts";
import type { Permission } from "./permissions.ts";

export interface PageAccess {
  /** "public": anybody; each of these says why. Absent: the route has none. */
  loader?: Permission | "public";
  /** By the form's field `intent`. */
  action?: Readonly<Record<string, Permission>> | "public";
}

/** By the route's file. */
export const PAGES = {
  /** The theme of the browser that asks, nothing else. */
  root: { loader: "public" },
  /** Leads to the alerts, which ask for their own. */
  "routes/_index": { loader: "public" },
  /** One signs in here. */
  "routes/login": { loader: "public", action: "public" },
  /** Whoever is not signed in any more may say so again. */
  "routes/logout": { loader: "public", action: "public" },

  "routes/_app": { loader: "alerts:read" },
  "routes/_app.$": { loader: "alerts:read" },
  "routes/counts": { loader: "alerts:read" },
  "routes/search": { loader: "alerts:read" },

  "routes/_app.alerts._index": { loader: "alerts:read" },
  "routes/_app.alerts.$id": {
    loader: "alerts:read",
    action: { claim: "alerts:update", assign: "alerts:update", change: "alerts:update", resolve: "alerts:update", comment: "alerts:update" },
  },

  "routes/_app.runs._index": { loader: "playbooks:read" },
  "routes/_app.runs.$id": { loader: "playbooks:read", action: { cancel: "playbooks:execute", rerun: "playbooks:execute" } },
  /** Which roles may answer is up to the question, too. */
  "routes/_app.approvals": { loader: "playbooks:read", action: { reply: "playbooks:execute", answer: "playbooks:execute" } },

  "routes/_app.playbooks._index": { loader: "playbooks:read", action: { create: "playbooks:manage" } },
  "routes/_app.playbooks.$slug": {
    loader: "playbooks:read",
    action: { enable: "playbooks:manage", restore: "playbooks:manage", discard: "playbooks:manage", run: "playbooks:execute" },
  },
  /** Who may not edit sees the same, and changes nothing. */
  "routes/_app.playbooks.$slug_.edit": { loader: "playbooks:read" },
  "routes/_app.playbooks.$slug_.backtests": { loader: "playbooks:read", action: { start: "playbooks:execute" } },
  "routes/_app.backtests.$id": { loader: "playbooks:read", action: { cancel: "playbooks:execute" } },
  "routes/playbooks.$slug.test-trigger": { loader: "playbooks:read" },

  "routes/_app.settings": {},
  /** Leads to the connections, which ask for their own. */
  "routes/_app.settings._index": { loader: "public" },
  "routes/_app.settings.account": { loader: "alerts:read", action: { password: "alerts:read" } },
  "routes/_app.settings.api-keys": { loader: "api_keys:manage", action: { create: "api_keys:manage", revoke: "api_keys:manage" } },
  "routes/_app.settings.connections": { loader: "integrations:read", action: { create: "integrations:manage", check: "integrations:manage", delete: "integrations:manage" } },
} as const satisfies Record<string, PageAccess>;

type Pages = typeof PAGES;
export type PageId = keyof Pages;
type Readable = { [P in PageId]: Pages[P] extends { loader: Permission } ? P : never }[PageId];
type Changeable = { [P in PageId]: Pages[P] extends { action: Readonly<Record<string, Permission>> } ? P : never }[PageId];
export type IntentOf<P extends Changeable> = keyof Pages[P]["action"] & string;

/**
 * The door of a page's loader.
 * @throws a redirect to the sign-in page (and back) for a stranger; a 403 response without the permission.
 */
export const enterPage = (args: LoaderFunctionArgs, page: Readable): AppContext & { user: SignedIn } => requirePage(args, PAGES[page].loader);

/**
 * The door of a page's action: the form, and which of the declared things it wants done.
 * @throws as enterPage; a 400 response for an intent that the page does not declare.
 */
export async function enterAction<P extends Changeable>(args: ActionFunctionArgs, page: P): Promise<{ app: AppContext & { user: SignedIn }; form: FormData; intent: IntentOf<P> }> {
  const intents: Readonly<Record<string, Permission>> = PAGES[page].action;
  // A stranger's body is not read.
  requireLogin(args);
  const form = await args.request.formData().catch(() => new FormData());
  const intent = form.get("intent");
  if (typeof intent !== "string" || !Object.hasOwn(intents, intent)) throw new Response("This page has no such action.", { status: 400 });
  return { app: requirePage(args, intents[intent]!), form, intent: intent as IntentOf<P> };
}
