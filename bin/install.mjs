/**
 * Packages and the pinned Node, when package-lock.json asks for others than are there. Plain JavaScript for the machine's own
 * Node: nothing is installed yet.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
/** The Node that package.json pins: everything after the installation runs on it. */
export const NODE = path.join(ROOT, "node_modules/.bin/node");
const OLDEST_NODE = 18;

export class InstallFailure extends Error {}

export function refuseOldNode() {
  if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) throw new InstallFailure(`Node.js ${process.versions.node} is too old to install Playgraph: use ${OLDEST_NODE} or newer. (It then runs on a Node of its own.)`);
  if (process.platform === "win32") throw new InstallFailure("Playgraph runs on Linux and macOS. On Windows, use WSL.");
}

/**
 * npm writes node_modules/.package-lock.json as the last act of an installation: what it lists is there. Optional packages
 * (binaries for other platforms) may be missing.
 */
export function isInstalled() {
  const read = (file) => JSON.parse(readFileSync(path.join(ROOT, file), "utf8")).packages;
  if (!existsSync(path.join(ROOT, "node_modules/.package-lock.json")) || !existsSync(NODE)) return false;
  const installed = read("node_modules/.package-lock.json");
  return Object.entries(read("package-lock.json")).every(([place, wanted]) =>
    place === "" || (installed[place] ? installed[place].version === wanted.version : Boolean(wanted.optional || wanted.devOptional || wanted.peer)));
}

/** `npm ci` with everything it needs and nothing of its chatter. */
export function install() {
  // Under `npm start` this is the very npm that the person uses, on the same Node.
  const cli = process.env.npm_execpath;
  const [command, first] = cli && /npm-cli\.[cm]?js$/.test(cli) ? [process.execPath, [cli]] : ["npm", []];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, "ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: ROOT,
      // Prisma's packages would download an engine that we do not use, from a host that may be out of reach.
      env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: fileURLToPath(import.meta.url), PRISMA_SKIP_POSTINSTALL_GENERATE: "1", PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: "1" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let output = "";
    child.stderr.setEncoding("utf8").on("data", (chunk) => {
      output = (output + chunk).slice(-4000);
    });
    child.once("error", (error) => reject(new InstallFailure(error.code === "ENOENT" ? "npm is not installed, or not in PATH. Install Node.js with npm." : `npm could not be started: ${error.message}`)));
    child.once("exit", (code, signal) => {
      if (code === 0) resolve();
      else if (signal) reject(new InstallFailure("The installation was interrupted. Start again."));
      else reject(new InstallFailure(explain(output)));
    });
  });
}

function explain(output) {
  if (/ENOSPC/.test(output)) return `The disk that holds ${ROOT} is full.`;
  if (/EACCES|EPERM|EROFS/.test(output)) return `The packages cannot be written to ${path.join(ROOT, "node_modules")}: this user may not.`;
  if (/ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|network/i.test(output)) return "The npm registry cannot be reached. Check the network, or `npm config get registry`.";
  const line = output.split("\n").map((text) => text.replace(/^npm (error|ERR!) ?/, "").trim()).find((text) => text && !text.startsWith("code "));
  return `npm could not install the packages: ${line ?? "it said nothing"}`;
}
