/** The bare path's worker: a Graphile job per run, payloads read and segments written in batches. DATABASE_URL. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { constants, zstdCompressSync } from "node:zlib";
import { Logger, run as runGraphile } from "graphile-worker";
import pg from "pg";
import { Batcher } from "#engine/batcher.ts";
import { FINISHED_CHANNEL } from "./schema.ts";
import { type BareAlert, runSteps, type Score } from "./steps.ts";

const pool = new pg.Pool({ connectionString: process.env["DATABASE_URL"]!, max: 10 });
// Graphile asks for these; whatever breaks fails the measurement by itself.
pool.on("error", () => undefined).on("connect", (client) => client.on("error", () => undefined));

const child = spawn(process.execPath, ["--no-node-snapshot", fileURLToPath(new URL("isolate.ts", import.meta.url))], { stdio: ["pipe", "pipe", "inherit"] });
const calls: ((score: Score) => void)[] = [];
// Lines are answered in order.
createInterface({ input: child.stdout }).on("line", (line) => calls.shift()!(JSON.parse(line) as Score));
let questions = "";
const callIsolate = (alert: BareAlert): Promise<Score> => new Promise((resolve) => {
  if (questions === "") setImmediate(() => {
    child.stdin.write(questions);
    questions = "";
  });
  questions += `${JSON.stringify(alert)}\n`;
  calls.push(resolve);
});

const payloads = new Batcher<string, Buffer>(async (ids) => {
  const { rows } = await pool.query<{ id: string; payload: Buffer }>({ name: "payloads", text: "SELECT id, payload FROM alerts WHERE id = ANY($1::uuid[])", values: [ids] });
  const byId = new Map(rows.map((row) => [row.id, row.payload]));
  return ids.map((id) => byId.get(id)!);
}, 200, 2);

const segments = new Batcher<{ id: string; body: Buffer }, void>(async (items) => {
  const ids = items.map(({ id }) => id);
  await pool.query({
    name: "segments",
    text: `WITH stored AS (INSERT INTO segments (run_id, body) SELECT * FROM unnest($1::uuid[], $2::bytea[])) SELECT pg_notify('${FINISHED_CHANNEL}', $3)`,
    values: [ids, items.map(({ body }) => body), ids.join(",")],
  });
  return items.map(() => undefined);
}, 200, 2);

const level = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

async function handle(id: string): Promise<void> {
  const trigger = JSON.parse((await payloads.add(id)).toString()) as BareAlert;
  const steps = await runSteps(trigger, callIsolate);
  await segments.add({ id, body: zstdCompressSync(JSON.stringify({ trigger, steps }), level) });
}

const runner = await runGraphile({
  pgPool: pool,
  noHandleSignals: true,
  taskList: { run: (payload) => handle((payload as { id: string }).id) },
  logger: new Logger(() => () => undefined),
  preset: { worker: { concurrentJobs: 100, pollInterval: 500, localQueue: { size: 500 }, completeJobBatchDelay: 0 } },
});
console.log("ready");
process.once("SIGTERM", () => void runner.stop().then(async () => {
  child.stdin.end();
  await pool.end();
}));
