/** One Playgraph per data folder: a file with the process id, taken over when that process is gone. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { StartFailure } from "./failure.ts";

/** @returns how to give it back. @throws StartFailure when a living process holds it. */
export function takeLock(dataDir: string): () => void {
  const file = path.join(dataDir, "lock");
  for (;;) {
    try {
      writeFileSync(file, `${process.pid}\n`, { flag: "wx" });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    const holder = Number(readHolder(file));
    if (isStarter(holder)) throw new StartFailure(`Another Playgraph (process ${holder}) is running on the data in ${dataDir}. Stop it, or set DATA_DIR and PORT for a second one.`);
    rmSync(file, { force: true });
  }
}

function readHolder(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Process ids are used again, after a reboot at the latest: a number alone proves nothing where more can be known. */
function isStarter(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("bin/run.ts");
  } catch {
    return process.platform !== "linux";
  }
}
