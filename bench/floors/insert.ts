/** Floor: committed transactions per second that insert 2 KB jsonb rows, one prepared statement each. Forked by floors.ts. */
import pg from "pg";
import { alertBody, alertId } from "../alert.ts";

export interface InsertOrder {
  url: string;
  /** Connections, each with one transaction at a time. */
  clients: number;
  rowsPerTransaction: number;
  seconds: number;
}

async function measure({ url, clients, rowsPerTransaction, seconds }: InsertOrder): Promise<number> {
  const connections = await Promise.all(Array.from({ length: clients }, async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client;
  }));
  await connections[0]!.query("CREATE TABLE IF NOT EXISTS inserts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, data jsonb NOT NULL)");
  const text = `INSERT INTO inserts (data) VALUES ${Array.from({ length: rowsPerTransaction }, (_, at) => `($${at + 1})`).join(", ")}`;
  let number = 0;
  let transactions = 0;
  const started = performance.now();
  const end = started + seconds * 1000;
  await Promise.all(connections.map(async (client) => {
    while (performance.now() < end) {
      const values = Array.from({ length: rowsPerTransaction }, () => alertBody(alertId("floor", ++number), number));
      await client.query({ name: "insert", text, values });
      transactions++;
    }
  }));
  const elapsed = (performance.now() - started) / 1000;
  await connections[0]!.query("TRUNCATE inserts");
  await Promise.all(connections.map((client) => client.end()));
  return transactions / elapsed;
}

process.once("message", (order: InsertOrder) => void measure(order).then((perSecond) => process.send!(perSecond, () => process.disconnect!())));
