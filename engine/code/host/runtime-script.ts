/** The script that every isolate starts with: runtime/ as one function of the child's callbacks. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

let script: Promise<string> | undefined;

export function runtimeScript(): Promise<string> {
  script ??= bundleRuntime();
  return script;
}

async function bundleRuntime(): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL("./runtime/index.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "$runtime",
    target: "esnext",
    logLevel: "silent",
  });
  return `(post, random, url, limits) => { "use strict";\n${result.outputFiles[0]!.text}\nreturn $runtime.boot({ post, random, url }, limits); }`;
}
