import pg from "pg";

/** @returns a function that ends it */
export async function listen(url: string, channel: string, onPayload: (payload: string) => void): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  client.on("notification", ({ payload }) => onPayload(payload ?? ""));
  await client.query(`LISTEN ${channel}`);
  return () => client.end();
}
