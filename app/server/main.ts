/** Entry of the web process: HTTP only. */
import "./jitless.ts";
import { createServer, type Server } from "node:http";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { getRequestListener } from "@hono/node-server";
import { createRequestHandler, type ServerBuild } from "@remix-run/node";
import { serveMetrics } from "#engine/metrics.ts";
import { type ApplicationOptions, createApplication } from "./application.ts";
import { assemble } from "./assemble.ts";
import { readEnv } from "./env.ts";
import { createLog } from "./log.ts";

const BUILD = resolve("build");
/** Answers that are under way get this long before their connections are cut. */
const GRACE_MS = 10_000;

function fail(line: string): never {
  process.stderr.write(`web: ${line}\n`);
  process.exit(1);
}

async function loadPages(): Promise<ApplicationOptions["pages"]> {
  const entry = resolve(BUILD, "server/index.js");
  if (!existsSync(entry)) fail("the pages are not built: run `npm run build`");
  const build = (await import(pathToFileURL(entry).href)) as ServerBuild;
  const handle = createRequestHandler(build, "production");
  return { assetsFolder: resolve(BUILD, "client"), handle: (request, app) => handle(request, { app }) };
}

const result = readEnv(process.env);
if (!result.ok) {
  for (const problem of result.problems) process.stderr.write(`web: ${problem}\n`);
  process.exit(1);
}
const { env } = result;
const log = createLog(env.LOG_LEVEL);
const pages = await loadPages();
const { services, close } = assemble(env, log);
const application = createApplication({ services, pages });

const server: Server = createServer(getRequestListener(application.fetch));
server.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EADDRINUSE") fail(`port ${env.PORT} on ${env.HOST} is taken: set PORT to another one`);
  if (error.code === "EACCES") fail(`port ${env.PORT} needs more rights than this user has: set PORT to one above 1023`);
  fail(error.message);
});
if (env.METRICS_PORT !== undefined) await serveMetrics(env.METRICS_PORT, env.HOST, log);
server.listen(env.PORT, env.HOST, () => log.info({ address: env.BASE_URL }, "web is listening"));

let isStopping = false;
async function stop(signal: string): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  log.info({ signal }, "web is stopping");
  const closed = new Promise((resolveClosed) => server.close(resolveClosed));
  // Live streams never end by themselves.
  await services.live.close();
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
  await closed;
  await close();
  log.flush();
}
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(signal));
