import { z } from "zod";

const postgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// address" });

const schema = z.object({
  DATABASE_WEB_URL: postgresUrl,
  DATABASE_ENGINE_URL: postgresUrl,
  /** For LISTEN where DATABASE_ENGINE_URL leads to a transaction pooler. */
  DATABASE_DIRECT_URL: postgresUrl.optional(),
  PLAYGRAPH_SECRET_KEY: z.base64({ error: "must be 32 bytes in base64" }).refine((text) => Buffer.from(text, "base64").length === 32, "must be 32 bytes in base64"),
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: z.coerce.number({ error: "must be a port number" }).int().min(0).max(65_535).default(3000),
  BASE_URL: z.url({ protocol: /^https?$/, error: "must be an http(s) address" }).transform((url) => url.replace(/\/+$/, "")).optional(),
  /** Pending runs of a tenant past which the runs of new alerts are queued at low priority. */
  PENDING_RUNS_LIMIT: z.coerce.number({ error: "must be a number" }).int().min(1).default(50_000),
  /** For Prometheus; without it nothing is served. */
  METRICS_PORT: z.coerce.number({ error: "must be a port number" }).int().min(1).max(65_535).optional(),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
});

export interface WebEnv extends z.infer<typeof schema> {
  BASE_URL: string;
}

export type EnvResult = { ok: true; env: WebEnv } | { ok: false; problems: string[] };

/** @returns one line per wrong variable; values are never part of it. An empty variable is an absent one. */
export function readEnv(source: Readonly<Record<string, string | undefined>>): EnvResult {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const problems = new Map<string, string>();
    for (const { path: [name], message } of parsed.error.issues) {
      const variable = String(name);
      if (!problems.has(variable)) problems.set(variable, `${variable}: ${given[variable] === undefined ? "is not set" : message}`);
    }
    return { ok: false, problems: [...problems.values()] };
  }
  const env = parsed.data;
  return { ok: true, env: { ...env, BASE_URL: env.BASE_URL ?? `http://${env.HOST.includes(":") ? `[${env.HOST}]` : env.HOST}:${env.PORT}` } };
}
