/** What the environment says about a start, and the data folder with what must survive it. */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { diskFull, isDiskFull, StartFailure } from "./failure.ts";

export const ROOT = path.dirname(import.meta.dirname);

const postgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: "is not a postgresql:// address" });

const environment = z.object({
  PORT: z.coerce.number({ error: "is not a port number" }).int("is not a port number").min(1, "is not a port number").max(65_535, "is not a port number").default(3000),
  HOST: z.string().default("127.0.0.1"),
  DATA_DIR: z.string().optional(),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_WEB_URL: postgresUrl.optional(),
  DATABASE_ENGINE_URL: postgresUrl.optional(),
  LOG_LEVEL: z.string().optional(),
  PLAYGRAPH_SECRET_KEY: z.string().optional(),
  PLAYGRAPH_ADMIN_PASSWORD: z.string().min(10, "needs at least 10 characters").optional(),
  PLAYGRAPH_API_KEY: z.string().min(20, "needs at least 20 characters").optional(),
});

export type Settings = z.infer<typeof environment> & { DATA_DIR: string };

/** @throws StartFailure naming the variable. An empty variable counts as not set. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const result = environment.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== "")));
  if (!result.success) throw new StartFailure(result.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}.`).join(" "));
  return { ...result.data, DATA_DIR: path.resolve(result.data.DATA_DIR ?? defaultDataDir()) };
}

/** PostgreSQL cannot run as root and cannot reach a folder under /root, so root's data lives outside, one folder per clone. */
function defaultDataDir(): string {
  if (process.getuid?.() !== 0) return path.join(ROOT, ".data");
  return path.join("/var/lib/playgraph", `${path.basename(ROOT)}-${createHash("sha256").update(ROOT).digest("hex").slice(0, 8)}`);
}

/** Makes the folder and proves that it can be written. @throws StartFailure with the reason. */
export function ensureDataDir(folder: string): void {
  const probe = path.join(folder, `.probe-${process.pid}`);
  try {
    makeFolder(folder);
    writeFileSync(probe, "x");
    rmSync(probe);
  } catch (error) {
    if (isDiskFull(error)) throw diskFull(folder);
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new StartFailure(`The data folder ${folder} cannot be written (${code}). Set DATA_DIR to a folder that this user may write.`);
  }
}

/** Node's own recursive mkdir never returns where the kernel answers ENOENT for a folder that exists (/proc). */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  mkdirSync(folder, { mode: 0o755 });
}

/** Kept in the data folder, readable by its owner only. */
export interface Secrets {
  /** 32 bytes, base64: encrypts the secrets of connections. Lose it and they are lost. */
  secretKey: string;
  postgresPassword: string;
  webPassword: string;
  enginePassword: string;
  /** The first API key, where it was generated here: so that each start can show the curl line. */
  apiKey?: string;
}

const secretsFile = (dataDir: string): string => path.join(dataDir, "secrets.json");

export function loadSecrets(dataDir: string): Secrets {
  const known = readJson<Secrets>(secretsFile(dataDir));
  if (known) return known;
  const password = () => randomBytes(24).toString("base64url");
  const secrets = { secretKey: randomBytes(32).toString("base64"), postgresPassword: password(), webPassword: password(), enginePassword: password() };
  saveSecrets(dataDir, secrets);
  return secrets;
}

export const saveSecrets = (dataDir: string, secrets: Secrets): void => writeJson(secretsFile(dataDir), secrets, 0o600);

/** What a start remembers for the next one. */
export interface Memory {
  /** Milliseconds from `npm start` to ready, the first time. */
  firstStart?: number;
  /** Hash of what was seeded into which database. */
  seeded?: string;
}

const memoryFile = (dataDir: string): string => path.join(dataDir, "start.json");
export const loadMemory = (dataDir: string): Memory => readJson<Memory>(memoryFile(dataDir)) ?? {};
export const saveMemory = (dataDir: string, memory: Memory): void => writeJson(memoryFile(dataDir), memory, 0o644);

function readJson<T>(file: string): T | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new StartFailure(`${file} cannot be read (${error instanceof Error ? error.message : String(error)}).`);
  }
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new StartFailure(`${file} is damaged. Restore it from a backup; without it the stored credentials of connections cannot be read.`);
  }
}

/** Whole or not at all, whenever the power goes. */
function writeJson(file: string, value: unknown, mode: number): void {
  try {
    writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode });
    renameSync(`${file}.new`, file);
  } catch (error) {
    if (isDiskFull(error)) throw diskFull(path.dirname(file));
    throw error;
  }
}
