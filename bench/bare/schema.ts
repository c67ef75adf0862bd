/** The bare path's tables: as little as the path can be run on, and as durable as the product's. */
import { Logger, runMigrations } from "graphile-worker";
import pg from "pg";

/** Payload: comma-separated ids of finished runs. */
export const FINISHED_CHANNEL = "bare_finished";

/** A run has the id of its alert: one alert starts one run. */
const TABLES = `
CREATE TABLE alerts (id uuid PRIMARY KEY, source_id text NOT NULL, payload bytea NOT NULL, received_at timestamptz(3) NOT NULL DEFAULT now());
CREATE TABLE segments (run_id uuid PRIMARY KEY, body bytea NOT NULL, finished_at timestamptz(3) NOT NULL DEFAULT now());`;

export async function createBareTables(url: string): Promise<void> {
  await runMigrations({ connectionString: url, logger: new Logger(() => () => undefined) });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(TABLES);
  await client.end();
}
