/**
 * `npm run bench`: Playgraph beside what the machine can do at best, in one run on one PostgreSQL. README.md says what the
 * figures mean.
 *
 *   --quick            about a minute, one round
 *   --json             the lines as JSON on standard output, the progress on standard error
 *   --profile <folder> web and worker leave CPU profiles there
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { startBare } from "./bare/subject.ts";
import { startDatabase } from "./database.ts";
import { FULL, measure, QUICK, type Results } from "./measure.ts";
import { startProduct } from "./product.ts";
import { machine, toLines, toText } from "./report.ts";

const { values: flags } = parseArgs({ options: { quick: { type: "boolean", default: false }, json: { type: "boolean", default: false }, profile: { type: "string" } } });
const say = (text: string): void => void process.stderr.write(`bench: ${text}\n`);

/** Everything that was started, ended in reverse. */
const cleanup = new AsyncDisposableStack();
let ended: Promise<void> | undefined;
/** PostgreSQL outlives a bench that ends without this: whoever asks first, all wait for the same end. */
const end = (): Promise<void> => (ended ??= cleanup.disposeAsync());
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void end().finally(() => process.exit(130)));
process.once("uncaughtException", (error) => {
  say(error.stack ?? error.message);
  void end().finally(() => process.exit(1));
});

async function run(): Promise<Results> {
  say("starting PostgreSQL, the bare path and the product");
  const database = await startDatabase();
  cleanup.defer(() => database.close());
  const profileFolder = flags.profile === undefined ? undefined : path.resolve(flags.profile);
  if (profileFolder !== undefined) mkdirSync(profileFolder, { recursive: true });
  const contenders = {
    floorsUrl: await database.create("bench_floors"),
    bare: await startBare(database, cleanup),
    product: await startProduct(database, cleanup, profileFolder),
  };
  say(`${machine()}, PostgreSQL ${database.version}`);
  return await measure(contenders, flags.quick ? QUICK : FULL, say);
}

const started = performance.now();
const results = await run().finally(end);
const lines = toLines(results);
const seconds = Math.round((performance.now() - started) / 1000);
if (flags.json) console.log(JSON.stringify({ at: new Date().toISOString(), machine: machine(), quick: flags.quick, seconds, lines, results }, null, 2));
else console.log(`${machine()}; ${seconds} s; median of the rounds, and their least – most\n${toText(lines)}`);
