/** Makes the parts of the web process and ends them in order. Shared by the entry and the tests, so both run the same thing. */
import { Pool } from "pg";
import { Callbacks, createEngine } from "#engine";
import { createIngest } from "#engine/alerts/index.ts";
import { createGateway, createVault, parseSecretKey } from "#engine/connections/index.ts";
import { sources } from "#nodes";
import { createDb } from "#prisma";
import { createApiKeys } from "./api-keys.ts";
import type { Services } from "./context.ts";
import type { WebEnv } from "./env.ts";
import { listenForChanges } from "./live.ts";
import type { Logger } from "./log.ts";
import { createAuth } from "./sign-in.ts";

export type AssembleOptions = Pick<WebEnv, "DATABASE_WEB_URL" | "DATABASE_ENGINE_URL" | "PLAYGRAPH_SECRET_KEY" | "BASE_URL"> & Partial<Pick<WebEnv, "DATABASE_DIRECT_URL" | "PENDING_RUNS_LIMIT">>;

/** Ingestion commits in batches on few connections; the rest is for people's actions. */
const ENGINE_CONNECTIONS = 8;

export interface Assembled {
  services: Services;
  close(): Promise<void>;
}

export function assemble(env: AssembleOptions, log: Logger): Assembled {
  const db = createDb({ webUrl: env.DATABASE_WEB_URL });
  const pool = new Pool({ connectionString: env.DATABASE_ENGINE_URL, max: ENGINE_CONNECTIONS, application_name: "playgraph-web" });
  // Without a listener, an idle connection that the server ends would end this process too.
  pool.on("error", (error) => log.warn({ err: error }, "an idle database connection failed"));
  const live = listenForChanges({ databaseUrl: env.DATABASE_DIRECT_URL ?? env.DATABASE_WEB_URL, log });
  const apiKeys = createApiKeys({ db, log });
  const gateway = createGateway();
  const services: Services = {
    db,
    engine: createEngine({ pool, callbacks: new Callbacks(env.PLAYGRAPH_SECRET_KEY, env.BASE_URL) }),
    ingest: createIngest({ pool, sources, log, ...(env.PENDING_RUNS_LIMIT === undefined ? {} : { pendingLimit: env.PENDING_RUNS_LIMIT }) }),
    vault: createVault(parseSecretKey(env.PLAYGRAPH_SECRET_KEY)),
    gateway,
    live,
    auth: createAuth({ db, baseUrl: env.BASE_URL }),
    apiKeys,
    log,
    baseUrl: env.BASE_URL,
  };
  return {
    services,
    async close() {
      await live.close();
      await apiKeys.close();
      gateway.close();
      await pool.end();
      await db.close();
    },
  };
}
