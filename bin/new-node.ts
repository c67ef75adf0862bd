/** `npm run new:node <product>/<verb-noun>`: a node that works, its test, and its line in the registry. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseName, register, ScaffoldFailure, scaffold } from "./new-node/scaffold.ts";

const ROOT = path.join(import.meta.dirname, "..");

try {
  const names = parseName(process.argv[2]);
  const registry = path.join(ROOT, "nodes/index.ts");
  // Before anything is written: what cannot be registered is not made either.
  const registered = register(readFileSync(registry, "utf8"), names);
  const files = scaffold(names);
  for (const file of files.keys()) if (existsSync(path.join(ROOT, file))) throw new ScaffoldFailure(`${file} exists already.`);
  for (const [file, text] of files) {
    mkdirSync(path.dirname(path.join(ROOT, file)), { recursive: true });
    writeFileSync(path.join(ROOT, file), text);
    console.log(`made     ${file}`);
  }
  writeFileSync(registry, registered);
  console.log(`changed  nodes/index.ts\n\nNow: say in ${[...files.keys()][0]} what the node takes, gives and does, and run\n  npx vitest run nodes/${names.product}/${names.file}.test.ts nodes/catalog.test.ts`);
} catch (error) {
  if (!(error instanceof ScaffoldFailure)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
