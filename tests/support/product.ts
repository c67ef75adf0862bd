/**
 * Playwright's global set-up: the product as a person starts it (but for the installation, which must not happen under the
 * feet of the tests), on a free port and on data of its own. Tests find it through
 * PRODUCT_URL, PRODUCT_PASSWORD and PRODUCT_API_KEY (see product-access.ts), and its sample alert in PRODUCT_CURL.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { freePort } from "../../bin/postgres.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const PASSWORD = "browser-tests-only";
const API_KEY = "browser-tests-only-key";
const READY_MS = 180_000;

export default async function setup(): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "playgraph-e2e-"));
  chmodSync(dataDir, 0o755);
  const port = await freePort();
  const child = spawn(process.execPath, [path.join(ROOT, "bin/run.ts")], {
    cwd: ROOT,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      PORT: String(port),
      HOST: "127.0.0.1",
      DATA_DIR: dataDir,
      PLAYGRAPH_ADMIN_PASSWORD: PASSWORD,
      PLAYGRAPH_API_KEY: API_KEY,
      // Simulated vendors listen on loopback.
      PLAYGRAPH_HTTP_ALLOW_PRIVATE: "true",
      DATABASE_URL: "",
      LOG_LEVEL: "",
    },
  });
  const stop = async () => {
    await end(child);
    // Who looks at a failed test wants to know what the processes said.
    const logs = path.join(dataDir, "logs");
    if (existsSync(logs)) cpSync(logs, path.join(ROOT, "test-results/product-logs"), { recursive: true, force: true });
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const output = await untilReady(child);
    Object.assign(process.env, {
      PRODUCT_URL: `http://127.0.0.1:${port}`,
      PRODUCT_PASSWORD: PASSWORD,
      PRODUCT_API_KEY: API_KEY,
      PRODUCT_CURL: output.split("\n").find((line) => line.startsWith("curl ")),
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

function untilReady(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    const timer = setTimeout(() => reject(new Error(`npm start is not ready after ${READY_MS / 1000} s:\n${output}`)), READY_MS);
    const read = (chunk: string) => {
      output += chunk;
      if (!/^curl .*\n/m.test(output)) return;
      clearTimeout(timer);
      resolve(output);
    };
    child.stdout?.setEncoding("utf8").on("data", read);
    child.stderr?.setEncoding("utf8").on("data", read);
    child.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`npm start ended with ${String(code)}:\n${output}`));
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}
