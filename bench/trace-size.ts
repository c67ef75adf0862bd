/** How much disk a kilobyte of trace takes in the product's journal. */
import pg from "pg";
import { decode } from "#engine/journal/codec.ts";
import type { SegmentBody } from "#engine/journal/records.ts";

const SAMPLE = 500;

export interface TraceSize {
  /** What a trace shows of one run, as JSON: trigger, alert, and inputs and outputs of the steps. */
  bytesPerRun: number;
  /** Segments with their index, per KB of the above. */
  diskPerKb: number;
  /** Everything that one alert leaves in the database: alert, history, run, segment, indexes. */
  databaseBytesPerRun: number;
}

export async function measureTraceSize(databaseUrl: string): Promise<TraceSize> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("VACUUM segments, runs, alerts, alert_events");
    const { rows: [sizes] } = await client.query<{ segments: string; all: string; runs: string }>(
      `SELECT pg_total_relation_size('segments') AS segments, (SELECT count(*) FROM runs) AS runs,
              pg_total_relation_size('segments') + pg_total_relation_size('runs') + pg_total_relation_size('alerts') + pg_total_relation_size('alert_events') AS "all"`);
    const { rows } = await client.query<{ body: Buffer }>("SELECT body FROM segments WHERE run_id IN (SELECT id FROM runs LIMIT $1)", [SAMPLE]);
    const runs = Number(sizes!.runs);
    // A run that took longer than a moment has several segments.
    const bytes = rows.map(({ body }) => {
      const { origin, steps } = decode<SegmentBody>(body);
      return Buffer.byteLength(JSON.stringify([origin, steps.map(({ input, output }) => [input, output])]));
    });
    const bytesPerRun = bytes.reduce((sum, size) => sum + size, 0) / Math.min(SAMPLE, runs);
    return { bytesPerRun, diskPerKb: Number(sizes!.segments) / runs / bytesPerRun, databaseBytesPerRun: Number(sizes!.all) / runs };
  } finally {
    await client.end();
  }
}
