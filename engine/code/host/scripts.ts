/** What runs in the children that is not read from files there: each bundled to one script. */
import { fileURLToPath } from "node:url";
import { build, type BuildOptions } from "esbuild";

const scripts = new Map<string, Promise<string>>();

/** What every isolate starts with: runtime/ as one function of the child's callbacks. */
export const runtimeScript = (): Promise<string> => once("./runtime/index.ts", async (path) =>
  `(post, random, url, limits) => { "use strict";\n${await script(path, { format: "iife", globalName: "$runtime" })}\nreturn $runtime.boot({ post, random, url }, limits); }`);

/** The first thread of a cell, as a function of `require`. */
export const cellScript = (): Promise<string> => once("./cell/main.ts", async (path) =>
  `(function (require) { "use strict";\n${await script(path, { format: "iife", platform: "node" })}\n})`);

/** The thread of a cell in which the author's code runs; evaluated by Node, which gives it `require`. */
export const threadScript = (): Promise<string> => once("./cell/thread.ts", async (path) =>
  `(function (require) { "use strict";\n${await script(path, { format: "iife", platform: "node" })}\n})(require)`);

function once(path: string, make: (path: string) => Promise<string>): Promise<string> {
  const made = scripts.get(path) ?? make(fileURLToPath(new URL(path, import.meta.url)));
  scripts.set(path, made);
  return made;
}

async function script(path: string, options: BuildOptions): Promise<string> {
  const result = await build({ entryPoints: [path], bundle: true, write: false, target: "esnext", logLevel: "silent", ...options });
  return result.outputFiles![0]!.text;
}
