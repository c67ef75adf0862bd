/** What a start ends with: where to go, how to sign in, and a line that posts an alert. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Seeded } from "../prisma/seed.ts";
import { bold, dim, green, seconds } from "./progress.mjs";
import type { Settings } from "./settings.ts";

export interface Ready {
  address: string;
  settings: Settings;
  /** What was seeded by this start; undefined when nothing had to be. */
  seeded: Seeded | undefined;
  /** The first key, where it is known. */
  apiKey: string | undefined;
  /** Milliseconds of this start, and of the first one on this data. */
  took: number;
  firstStart: number | undefined;
}

export function printReady({ address, settings, seeded, apiKey, took, firstStart }: Ready): void {
  const line = (name: string, text: string) => console.log(`  ${dim(name.padEnd(12))} ${text}`);
  console.log(`\n  ${green("Ready")} in ${bold(seconds(took))}${firstStart === undefined ? "" : dim(` (the first start took ${seconds(firstStart)})`)}\n`);
  line("Open", bold(address));
  line("Sign in", signIn(seeded));
  line("Data", settings.DATABASE_URL ? `${settings.DATA_DIR} and your database` : settings.DATA_DIR);
  line("Stop", "Ctrl-C");
  console.log(`\n  ${dim("Post a sample alert from another terminal:")}\n`);
  console.log(apiKey ? curl(address, apiKey) : `  ${dim("(the API key was given at the first start; set PLAYGRAPH_API_KEY to see the line here)")}`);
  console.log("");
}

function signIn(seeded: Seeded | undefined): string {
  if (!seeded?.admin) return `admin ${dim("with the password shown at the first start; a new one: npm start -- --reset-admin")}`;
  const { username, password, generated } = seeded.admin;
  return generated ? `${bold(username)} / ${bold(password)}  ${dim("(shown once; a new one: npm start -- --reset-admin)")}` : `${bold(username)} ${dim("with the password of PLAYGRAPH_ADMIN_PASSWORD")}`;
}

/** The body is inline, so that the line works from any folder and any machine that reaches the address. */
function curl(address: string, apiKey: string): string {
  const body = JSON.stringify(JSON.parse(readFileSync(path.join(import.meta.dirname, "sample-alert.json"), "utf8")));
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  return `curl -sS ${quote(`${address}/api/v1/webhooks/alerts`)} -H ${quote(`X-API-Key: ${apiKey}`)} -H 'Content-Type: application/json' -d ${quote(body)}`;
}
