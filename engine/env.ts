import { z } from "zod";

/** What a worker needs of its environment. */
const schema = z.object({
  DATABASE_ENGINE_URL: z.string().min(1),
  /** For LISTEN, where the other is a transaction pooler. */
  DATABASE_DIRECT_URL: z.string().min(1).optional(),
  PLAYGRAPH_SECRET_KEY: z.string().min(1),
  BASE_URL: z.url().default("http://127.0.0.1:3000"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  /** Runs that one worker advances at a time. */
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(500).default(40),
  /** For Prometheus; without it nothing is served. */
  WORKER_METRICS_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  /** Where that is served. */
  WORKER_METRICS_HOST: z.string().min(1).default("127.0.0.1"),
  /** Lets nodes without a connection (HTTP request, code) reach private addresses: for closed networks. */
  PLAYGRAPH_HTTP_ALLOW_PRIVATE: z.stringbool().default(false),
});

export type WorkerEnv = z.infer<typeof schema>;

/** @throws Error with one line per variable that is wrong. */
export function readWorkerEnv(env: NodeJS.ProcessEnv): WorkerEnv {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("\n"));
}
