/** What a child process is started with: Node's flags, where its code comes from, and what it is told first. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { RUNTIME_LIMITS, type ToHost } from "./protocol.ts";
import { cellScript, runtimeScript, threadScript } from "./scripts.ts";

export interface Program {
  flags: readonly string[];
  /** How Node finds the program; the uid to become, or "-", follows. */
  entry: readonly string[];
  /** Writes what comes before the first frame. @returns that frame's message. */
  open(input: Writable): Promise<{ message: ToHost; body: string }>;
}

const ALWAYS = ["--disable-sigusr1" /* no inspector on a signal */, "--no-warnings", "--permission"];

const folder = dirname(fileURLToPath(import.meta.url));

/** Isolates of many tenants, in a process that lasts. @param memoryMb heap limit of one isolate. */
export function isolatesProgram({ memoryMb, isolates }: { memoryMb: number; isolates: number }): Program {
  const require = createRequire(import.meta.url);
  const home = dirname(require.resolve("isolated-vm/package.json"));
  const binary = (createRequire(join(home, "package.json"))("node-gyp-build") as { path(home: string): string }).path(home);
  return {
    flags: [
      ...ALWAYS,
      "--no-node-snapshot", // isolated-vm needs it
      "--max-old-space-size=256",
      // The third wall, for somebody who got from an isolate into Node: no files, sockets, processes, workers, inspector.
      "--allow-addons", `--allow-fs-read=${join(folder, "..")}`, `--allow-fs-read=${join(folder, "../../../package.json")}`, `--allow-fs-read=${binary}`,
    ],
    entry: [join(folder, "child/main.ts"), binary],
    open: async () => ({ message: { t: "boot", memoryMb, isolates, limits: RUNTIME_LIMITS }, body: await runtimeScript() }),
  };
}

/**
 * Reads its program from standard input, so that no file need be readable (and a start takes 40 ms rather than the 150 ms of one
 * from TypeScript files). u32 length, then the program: a function of `require`.
 */
const BOOTSTRAP = [
  'const { readSync } = require("fs");',
  "const take = (size) => { const bytes = Buffer.alloc(size); for (let at = 0; at < size;) { const got = readSync(0, bytes, at, size - at); if (got === 0) process.exit(); at += got; } return bytes; };",
  'new (require("vm").Script)(take(take(4).readUInt32BE(0)).toString(), { filename: "playgraph:cell" }).runInThisContext()(require);',
].join(" ");

/** One call in the Node profile. @param memoryMb what the call may use. */
export function cellProgram({ memoryMb }: { memoryMb: number }): Program {
  return {
    // Its thread is made at once, and the permission to make threads then dropped. Of loops that run on and on, V8 knows no
    // line once it has optimised them while they ran, so it does not.
    flags: [...ALWAYS, "--allow-worker", "--no-experimental-sqlite", "--no-use-osr"],
    entry: ["--eval", BOOTSTRAP],
    open: async (input) => {
      const program = Buffer.from(await cellScript());
      const size = Buffer.alloc(4);
      size.writeUInt32BE(program.length);
      input.write(Buffer.concat([size, program]));
      return { message: { t: "furnish", memoryMb, limits: RUNTIME_LIMITS }, body: await threadScript() };
    },
  };
}
