/** How the starter knows that a port is free, that web answers, that the worker takes jobs. */
import { createServer } from "node:net";
import { hostname } from "node:os";
import pg from "pg";
import { StartFailure } from "./failure.ts";

interface Endpoint { PORT: number; HOST: string }

/** The address at which this machine reaches what listens there. */
export function localAddress({ PORT, HOST }: Endpoint): string {
  const host = HOST === "0.0.0.0" ? "127.0.0.1" : HOST === "::" ? "::1" : HOST;
  return `http://${host.includes(":") ? `[${host}]` : host}:${PORT}`;
}

/** Looked at first: nobody wants to hear it after a minute of building. @throws StartFailure */
export async function refuseTakenPort({ PORT, HOST }: Endpoint): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "EADDRINUSE" ? `Port ${PORT} is in use on ${HOST}.`
        : error.code === "EACCES" ? `Port ${PORT} needs more rights than this user has.`
        : `${HOST}:${PORT} cannot be used: ${error.message}.`;
      reject(new StartFailure(`${reason} Choose another one: PORT=${PORT < 1024 || PORT === 65_535 ? 3001 : PORT + 1} npm start`));
    });
    probe.listen(PORT, HOST, () => probe.close(() => resolve()));
  });
}

export async function isHealthy(endpoint: Endpoint): Promise<boolean> {
  try {
    return (await fetch(`${localAddress(endpoint)}/health`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

/** A worker is ready when it has written its first heartbeat. */
export async function isWorking(ownerUrl: string, pid: number | undefined): Promise<boolean> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query(
      "SELECT 1 FROM workers WHERE pid = $1 AND host = $2 AND stopped_at IS NULL AND heartbeat_at > now() - interval '1 minute'", [pid ?? -1, hostname()]);
    return Boolean(rowCount);
  } finally {
    await client.end();
  }
}
