/**
 * Each attack of the table fails its own call, with a message that names the place, while calls of its own bundle and of another
 * tenant go on, and leaves nothing behind: in both profiles, with the children that root starts and with those of a plain user.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { memoryOfTheProcess } from "./attacks/resources.ts";
import { type Row, rows, Stage, titleOf } from "./attacks/stage.ts";

vi.setConfig({ testTimeout: 60_000, maxConcurrency: 5 });

const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

describe(isRoot ? "as root, whose children become other users" : "as a plain user", () => {
  let stage: Stage;
  beforeAll(() => { stage = new Stage(); });
  afterAll(() => stage.close());

  it.concurrent.each(rows.map((row) => [titleOf(row), row] as const))("%s", async (_, row) => {
    expect(await stage.verdict(row)).toBeUndefined();
  });
  it.each(memoryOfTheProcess.map((attack) => [attack.name, { group: "memory of the process", attack, profile: "isolate" } satisfies Row] as const))("%s", async (_, row) => {
    expect(await stage.verdict(row)).toBeUndefined();
  });
});

/** A clone below a folder that is root's alone cannot be read by anybody else. */
const canBeNobody = isRoot && await new Promise<boolean>((resolve) => {
  spawn(process.execPath, ["--eval", `require("fs").readFileSync(${JSON.stringify(fileURLToPath(import.meta.url))})`], { uid: NOBODY, gid: NOBODY, stdio: "ignore" })
    .once("error", () => { resolve(false); })
    .once("exit", (code) => { resolve(code === 0); });
});

describe.runIf(canBeNobody)("as a plain user, for whom the children stay the same user", () => {
  const verdicts = new Map<string, string | null>();
  let complaints = "";

  beforeAll(async () => {
    const program = fileURLToPath(new URL("./attacks/run-as-user.ts", import.meta.url));
    const child = spawn(process.execPath, ["--disable-sigusr1", program, String(NOBODY)], { cwd: process.cwd(), env: {} as NodeJS.ProcessEnv, stdio: ["ignore", "pipe", "pipe"] });
    child.stderr.on("data", (chunk: Buffer) => { complaints += chunk.toString(); });
    createInterface(child.stdout).on("line", (line) => {
      const [title, fault] = JSON.parse(line) as [string, string | null];
      verdicts.set(title, fault);
    });
    const [code, signal] = await once(child, "close") as [number | null, string | null];
    complaints += code === 0 ? "" : `ended with ${signal ?? code}`;
  }, 120_000);

  it("outlives all of them", () => { expect(complaints).toBe(""); });
  it.each(rows.map(titleOf))("%s", (title) => { expect(verdicts.get(title)).toBeNull(); });
});
