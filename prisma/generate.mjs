/**
 * Writes Prisma's client into prisma/generated, when schema.prisma or Prisma changed since. Plain JavaScript, because it
 * runs before anything else is there. Prisma's CLI looks for a schema engine to download; it is never used for generating,
 * so any existing file passes for it.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const schema = path.join(here, "schema.prisma");
const stampFile = path.join(here, "generated", ".stamp");

/** @returns {boolean} whether it had to generate. */
export function generateClient() {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve("prisma/package.json");
  const { version, bin } = JSON.parse(readFileSync(manifest, "utf8"));
  const stamp = createHash("sha256").update(readFileSync(schema)).update(version).digest("hex");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return false;
  execFileSync(process.execPath, [path.join(path.dirname(manifest), bin.prisma), "generate", `--schema=${schema}`], {
    cwd: path.dirname(here),
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: fileURLToPath(import.meta.url), PRISMA_HIDE_UPDATE_MESSAGE: "1", CHECKPOINT_DISABLE: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  writeFileSync(stampFile, stamp);
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  console.log(generateClient() ? "Prisma's client is written." : "Prisma's client is up to date.");
}
