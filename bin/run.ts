/**
 * The starter behind `npm start`, on the pinned Node: brings up everything in order, then keeps web and worker running until
 * it is asked to stop, and leaves nothing behind.
 */
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { generateClient } from "../prisma/generate.mjs";
import type { Seeded } from "../prisma/seed.ts";
import { printReady } from "./banner.ts";
import { runTask, Service } from "./children.ts";
import { type Database, openDatabase, startEmbedded } from "./database.ts";
import { diskFull, isDiskFull, StartFailure } from "./failure.ts";
import { takeLock } from "./lock.ts";
import { buildPages } from "./pages.ts";
import type { PostgresServer } from "./postgres.ts";
import { complain, dim, step, yellow } from "./progress.mjs";
import { isHealthy, isWorking, localAddress, refuseTakenPort } from "./ready.ts";
import { ensureDataDir, loadMemory, loadSecrets, readSettings, ROOT, saveMemory, saveSecrets, type Secrets, type Settings } from "./settings.ts";

/** A worker may be in the middle of a call to a vendor, whose answer must be written down. */
const WORKER_GRACE_MS = 40_000;
const WEB_GRACE_MS = 15_000;
/** npm and the terminal both deliver one Ctrl-C. */
const SAME_SIGNAL_MS = 500;

/** What runs, in the order it was started; stopped in reverse. */
const running: { stop: () => Promise<void>; label: string }[] = [];
let stoppingSince: number | undefined;

async function stop(exitCode: number): Promise<never> {
  for (const { label, stop: end } of running.splice(0).reverse()) {
    if (label && exitCode === 0) await step(label, "stopping", async (done) => {
      await end();
      done("stopped");
    });
    else await end();
  }
  process.exit(exitCode);
}

function onSignal(): void {
  if (stoppingSince === undefined) {
    stoppingSince = Date.now();
    console.log(`\n  ${dim("Stopping: running playbooks finish their step, the rest continues at the next start.")}\n`);
    void stop(0);
  } else if (Date.now() - stoppingSince > SAME_SIGNAL_MS) {
    console.log(`  ${yellow("Still stopping.")} ${dim("Playgraph ends by itself as soon as the last step is written down.")}`);
  }
}

async function main(settings: Settings): Promise<void> {
  await refuseTakenPort(settings);
  ensureDataDir(settings.DATA_DIR);
  const unlock = takeLock(settings.DATA_DIR);
  process.once("exit", unlock);
  const secrets = loadSecrets(settings.DATA_DIR);
  const memory = loadMemory(settings.DATA_DIR);

  generateClient();
  // Building takes one core for a while; the database needs hardly any.
  const pages = buildPages();
  pages.catch(() => undefined);

  const database = await step("PostgreSQL", "starting", async (done) => {
    const opening = openDatabase(settings, secrets);
    const server = opening.then(({ embedded }) => embedded, () => undefined);
    // From this moment on: a Ctrl-C while it starts must not leave it behind.
    const keeper = new PostgresKeeper(server, settings, secrets);
    running.push({ label: settings.DATABASE_URL ? "" : "PostgreSQL", stop: () => keeper.stop() });
    const opened = await opening;
    done(opened.description);
    return opened;
  });
  const env = taskEnvironment(settings, secrets, database);
  await step("schema", "migrating", async (done) => done((await runTask("prisma/migrate.ts", env)).trim().replace(/\.$/, "")));
  const seeded = await seedOnce(env, settings, memory.seeded);
  if (seeded?.result.apiKey && !settings.PLAYGRAPH_API_KEY) saveSecrets(settings.DATA_DIR, Object.assign(secrets, { apiKey: seeded.result.apiKey }));
  await step("pages", "building for the browser", async (done) => done((await pages) ? "built" : "up to date"));

  const service = (name: "web" | "worker", entry: string) =>
    new Service({ name, entry, env: serviceEnvironment(env), logDir: path.join(settings.DATA_DIR, "logs"), verbose: settings.LOG_LEVEL !== undefined });
  const address = env["BASE_URL"] as string;
  const web = service("web", "app/server/main.ts");
  running.push({ label: "web", stop: () => web.stop(WEB_GRACE_MS) });
  const worker = service("worker", "engine/worker.ts");
  running.push({ label: "worker", stop: () => worker.stop(WORKER_GRACE_MS) });
  await step("web", "starting", async (done) => {
    await web.start(() => isHealthy(settings));
    done(address);
  });
  await step("worker", "starting", async (done) => {
    await worker.start(() => isWorking(database.ownerUrl, worker.pid));
    done("ready");
  });

  const took = Date.now() - Number(process.env["PLAYGRAPH_START_BEGAN"] ?? performance.timeOrigin);
  printReady({ address, settings, seeded: seeded?.result, apiKey: settings.PLAYGRAPH_API_KEY ?? secrets.apiKey, took, firstStart: memory.firstStart });
  saveMemory(settings.DATA_DIR, { firstStart: memory.firstStart ?? took, ...((seeded?.stamp ?? memory.seeded) && { seeded: seeded?.stamp ?? memory.seeded }) });
}

/** Web and worker wait out a short absence of the database, so it comes back on the port they know. */
class PostgresKeeper {
  #server: Promise<PostgresServer | undefined>;
  #stopping = false;

  constructor(server: Promise<PostgresServer | undefined>, settings: Settings, secrets: Secrets) {
    this.#server = server;
    void this.#watch(settings, secrets);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await (await this.#server)?.stop();
  }

  async #watch(settings: Settings, secrets: Secrets): Promise<void> {
    for (let server = await this.#server; server; server = await this.#server) {
      await server.ended;
      if (this.#stopping) return;
      console.log(`  ${yellow("PostgreSQL")} stopped unexpectedly; starting it again`);
      this.#server = startEmbedded(settings.DATA_DIR, secrets, server.port).catch((error: unknown) => fail(error, settings.DATA_DIR));
    }
  }
}

/** For migrating and seeding. */
function taskEnvironment(settings: Settings, secrets: Secrets, database: Database): NodeJS.ProcessEnv {
  return {
    // An empty variable is an absent one, for every process alike.
    ...Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== "")),
    NODE_ENV: "production",
    DATABASE_URL: database.ownerUrl,
    DATABASE_WEB_URL: database.webUrl,
    DATABASE_ENGINE_URL: database.engineUrl,
    PLAYGRAPH_SECRET_KEY: settings.PLAYGRAPH_SECRET_KEY ?? secrets.secretKey,
    PORT: String(settings.PORT),
    HOST: settings.HOST,
    BASE_URL: process.env["BASE_URL"] || localAddress(settings),
    DATA_DIR: settings.DATA_DIR,
  };
}

/** For web and worker: nothing of the owner's, no first passwords. */
function serviceEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { DATABASE_URL: _owner, PLAYGRAPH_ADMIN_PASSWORD: _password, PLAYGRAPH_API_KEY: _key, ...rest } = env;
  return rest;
}

async function seedOnce(env: NodeJS.ProcessEnv, settings: Settings, before: string | undefined): Promise<{ result: Seeded; stamp: string } | undefined> {
  const reset = process.argv.includes("--reset-admin");
  const stamp = seedStamp(settings);
  if (stamp === before && !reset) return undefined;
  return step("first data", "writing", async (done) => {
    const result = JSON.parse(await runTask("prisma/seed.ts", env, reset ? ["--reset-admin"] : [])) as Seeded;
    const parts = [result.admin && (reset ? "new password for admin" : "user admin"), result.apiKey && "API key", result.published.length && `${result.published.length} playbook${result.published.length === 1 ? "" : "s"}`].filter(Boolean);
    done(parts.join(", ") || "up to date");
    return { result, stamp };
  });
}

/** Changes with the shipped playbooks, with how we seed, and with the database. */
function seedStamp(settings: Settings): string {
  const hash = createHash("sha256").update(settings.DATABASE_URL ?? "embedded");
  const files = globSync(["playbooks/**/*.json", "playbooks/**/*.ts", "prisma/seed.ts", "engine/code/*.ts", "app/models/publish-playbook.server.ts"], { cwd: ROOT });
  for (const file of files.sort()) hash.update(file).update("\0").update(readFileSync(path.join(ROOT, file)));
  return hash.digest("hex");
}

async function fail(error: unknown, dataDir?: string): Promise<never> {
  const shown = isDiskFull(error) && dataDir !== undefined ? diskFull(dataDir) : error;
  if (stoppingSince === undefined) {
    stoppingSince = Date.now();
    complain(shown instanceof StartFailure ? shown.message : `Something unforeseen: ${shown instanceof Error ? (shown.stack ?? shown.message) : String(shown)}`);
    await stop(1);
  }
  // A failure while stopping is the stopping's own doing; it ends the process when it is done.
  return new Promise<never>(() => undefined);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
let dataDir: string | undefined;
try {
  const settings = readSettings(process.env);
  dataDir = settings.DATA_DIR;
  await main(settings);
} catch (error) {
  await fail(error, dataDir);
}
