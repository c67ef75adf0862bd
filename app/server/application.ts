/** The whole web application as one fetch handler: health, API, static files, pages. It listens nowhere: main.ts and tests do that. */
import { randomBytes } from "node:crypto";
import { serveStatic } from "@hono/node-server/serve-static";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { ApiEnv } from "#app/api/endpoint.ts";
import { readHealth } from "#app/api/health.ts";
import { createApi, createWebhooks } from "#app/api/index.ts";
import { errorAnswer } from "#app/api/errors.ts";
import { clientAddress } from "./client-address.ts";
import type { AppContext, Services } from "./context.ts";
import { isForgeable } from "./csrf.ts";
import { API_POLICY, FILE_POLICY, pagePolicy, setSecurityHeaders } from "./security-headers.ts";
import { carriesNul } from "./storable.ts";

export interface ApplicationOptions {
  services: Services;
  /** The pages; absent in tests of the API. */
  pages?: { handle(request: Request, context: AppContext): Promise<Response>; assetsFolder: string };
}

const MAX_BODY_BYTES = 5 * 1024 * 1024;
const API_PATH = "/api/v1";
const HASHED_ASSETS = "/assets/";
/** favicon.svg and its like; a file that is not there is a page's business. */
const ROOT_FILE = "/:file{[a-zA-Z0-9_-]+\\.[a-z0-9]+}";

export function createApplication({ services, pages }: ApplicationOptions): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const isHttps = services.baseUrl.startsWith("https:");
  const ownOrigin = new URL(services.baseUrl).origin;

  app.onError((error, c) => errorAnswer(error, c, services.log));
  app.use(async (c, next) => {
    await next();
    setSecurityHeaders(c.res.headers, API_POLICY, isHttps);
  });
  app.use(limitBody());

  app.get("/health", async (c) => c.json(await readHealth(services.db)));
  app.route(API_PATH, createWebhooks(services));

  if (pages) {
    app.use(`${HASHED_ASSETS}*`, files(pages.assetsFolder, "public, max-age=31536000, immutable"));
    // A hashed file that is gone belongs to an older build; a page in its place would be a syntax error in the browser.
    app.get(`${HASHED_ASSETS}*`, (c) => c.text("Not found", 404));
    app.get(ROOT_FILE, files(pages.assetsFolder, "public, max-age=3600"));
  }

  app.use(async (c, next) => {
    const { origin } = new URL(c.req.url);
    if (isForgeable(c.req.raw, new Set([ownOrigin, origin]))) return c.json({ detail: "Requests from other sites are refused" }, 403);
    if (await carriesNul(c.req.raw)) return c.json({ detail: "text must not hold NUL characters" }, 422);
    const { user, setCookie } = await services.auth.identify(c.req.raw);
    c.set("app", { ...services, user, clientAddress: clientAddress(c), cspNonce: randomBytes(16).toString("base64") });
    await next();
    // A sign-in or sign-out of this very request has set its own cookie.
    if (setCookie && !c.res.headers.has("Set-Cookie")) c.header("Set-Cookie", setCookie);
  });

  app.route(API_PATH, createApi(services));
  app.all(`${API_PATH}/*`, (c) => c.json({ detail: "Not found" }, 404));

  if (pages) {
    app.all("*", async (c) => {
      const context = c.get("app");
      const response = await pages.handle(c.req.raw, context);
      const answer = new Response(response.body, response);
      answer.headers.set("Content-Security-Policy", pagePolicy(context.cspNonce));
      return answer;
    });
  }
  return app;
}

/**
 * A body that says its length is judged by it (Node reads no more than that). Only a chunked one is counted as it comes: that wraps
 * the request in web streams, 95 µs of processor time in a small server, as much as all the rest of it.
 */
function limitBody(): MiddlewareHandler {
  const tooLarge = (c: Context) => c.json({ detail: "The body is larger than 5 MB" }, 413, { Connection: "close" });
  const counted = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge });
  return (c, next) => {
    const length = c.req.header("content-length");
    if (length !== undefined) return Number(length) > MAX_BODY_BYTES ? Promise.resolve(tooLarge(c)) : next();
    return c.req.method === "GET" || c.req.method === "HEAD" ? next() : counted(c, next);
  };
}

/** Goes on to the next handler where there is no such file. */
function files(folder: string, cacheControl: string): MiddlewareHandler {
  const serve = serveStatic({ root: folder, precompressed: true });
  return async (c, next) => {
    let isMissing = false;
    const response = await serve(c, () => {
      isMissing = true;
      return next();
    });
    if (isMissing || !response) return;
    response.headers.set("Cache-Control", cacheControl);
    // A worker lives by the policy of its own script.
    response.headers.set("Content-Security-Policy", FILE_POLICY);
    return response;
  };
}
