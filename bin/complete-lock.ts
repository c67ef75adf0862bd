/**
 * `npm run lock`, after `npm install` has changed package-lock.json. A registry mirror that lacks the builds of a package for other
 * platforms makes npm leave them out of the lock file without a word, and `npm ci` then refuses the whole file, on every
 * machine. This puts them back: version from the package that asks for them, platform from their name, no integrity
 * (npm checks it against the registry's when such a platform installs). `--check` only says what is missing.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FILE = fileURLToPath(new URL("../package-lock.json", import.meta.url));
const OS = ["android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32", "aix", "wasm32-wasi", "wasm32"];
const CPU = ["arm64", "arm", "ia32", "x64", "x86", "ppc64", "riscv64", "loong64", "mips64el", "s390x", "loongarch64"];

interface LockEntry {
  version?: string;
  dev?: boolean;
  optionalDependencies?: Record<string, string>;
  [field: string]: unknown;
}

export interface Lock {
  packages: Record<string, LockEntry>;
}

/** @returns [place in node_modules, lock entry] of every optional dependency that has no entry */
export function missingPlatforms(lock: Lock): Map<string, LockEntry> {
  const missing = new Map<string, LockEntry>();
  for (const [place, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const nested = `${place}/node_modules/${name}`;
      const top = `node_modules/${name}`;
      if (lock.packages[nested] || lock.packages[top] || missing.has(top)) continue;
      // Optional packages that are not builds for a platform (fsevents) always resolve.
      const words = name.split("/").at(-1)!;
      const os = OS.find((each) => words.includes(each));
      if (!os) continue;
      const cpu = CPU.find((each) => words.includes(`-${each}`)) ?? (words.includes("wasm32") ? "wasm32" : undefined);
      missing.set(top, { version: version.replace(/^[\^~]/, ""), ...(cpu ? { cpu: [cpu === "x86" ? "ia32" : cpu] } : {}), ...(entry.dev ? { dev: true } : {}), license: "MIT", optional: true, ...(os.startsWith("wasm32") ? {} : { os: [os] }) });
    }
  }
  return missing;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lock = JSON.parse(readFileSync(FILE, "utf8")) as Lock;
  const missing = missingPlatforms(lock);
  if (process.argv.includes("--check")) {
    console.log(missing.size === 0 ? "complete" : [...missing.keys()].join("\n"));
    process.exit(missing.size === 0 ? 0 : 1);
  }
  const packages = Object.fromEntries([...Object.entries(lock.packages), ...missing].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  writeFileSync(FILE, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
  console.log(`${missing.size} platform packages added`);
}
