/** The browser build, made again only when something it is made of changed. */
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { runTask } from "./children.ts";
import { ROOT } from "./settings.ts";

const SOURCES = ["app/**/*", "nodes/sdk/*.ts", "playbooks/format/*.ts", "engine/status.ts", "public/**/*", "vite.config.ts", "bin/monaco-plugin.ts", "remix.config.js", "tsconfig.json", "package-lock.json"];
const STAMP = path.join(ROOT, "build/.stamp");

function fingerprint(): string {
  const hash = createHash("sha256");
  for (const file of globSync(SOURCES, { cwd: ROOT, withFileTypes: true }).filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name)).map((entry) => path.join(entry.parentPath, entry.name)).sort()) {
    hash.update(path.relative(ROOT, file)).update("\0").update(readFileSync(file));
  }
  return hash.digest("hex");
}

/** @returns whether it had to build. */
export async function buildPages(): Promise<boolean> {
  const current = fingerprint();
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === current) return false;
  await runTask("node_modules/@remix-run/dev/dist/cli.js", { ...process.env, NODE_ENV: "production" }, ["vite:build"]);
  await compress();
  writeFileSync(STAMP, current);
  return true;
}

/** Once here, and not at every request: Monaco alone is 12 MB as it is, and 3 MB so. */
async function compress(): Promise<void> {
  const files = globSync("build/client/assets/*.{js,css}", { cwd: ROOT }).map((file) => path.join(ROOT, file));
  await Promise.all(files.map(async (file) => writeFile(`${file}.gz`, await promisify(gzip)(await readFile(file), { level: 6 }))));
}

if (import.meta.main) console.log((await buildPages()) ? "The pages are built." : "The pages are up to date.");
