/** The bare path's web process: bytes in, one group commit of alert rows and jobs, 202 out. DATABASE_URL, PORT. */
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import pg from "pg";
import { Batcher } from "#engine/batcher.ts";

interface Delivery {
  id: string;
  sourceId: string;
  payload: Buffer;
}

const pool = new pg.Pool({ connectionString: process.env["DATABASE_URL"]!, max: 4 });

const ACCEPT = `
WITH stored AS (
  INSERT INTO alerts (id, source_id, payload) SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[])
)
SELECT 1 FROM graphile_worker.add_jobs(
  ARRAY(SELECT json_populate_record(null::graphile_worker.job_spec, spec) FROM json_array_elements($4::json) AS spec))`;

const accepts = new Batcher<Delivery, string>(async (deliveries) => {
  await pool.query({
    name: "accept",
    text: ACCEPT,
    values: [
      deliveries.map(({ id }) => id),
      deliveries.map(({ sourceId }) => sourceId),
      deliveries.map(({ payload }) => payload),
      JSON.stringify(deliveries.map(({ id }) => ({ identifier: "run", payload: { id } }))),
    ],
  });
  return deliveries.map(({ id }) => id);
}, 150);

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const payload = Buffer.concat(chunks);
    const { source_id } = JSON.parse(payload.toString()) as { source_id: string };
    accepts.add({ id: randomUUID(), sourceId: source_id, payload }).then(
      (id) => response.writeHead(202, { "content-type": "application/json" }).end(JSON.stringify({ alert_id: id, status: "accepted" })),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
});
server.listen(Number(process.env["PORT"]), "127.0.0.1", () => console.log("ready"));
process.once("SIGTERM", () => {
  server.close(() => void pool.end());
  server.closeIdleConnections();
});
