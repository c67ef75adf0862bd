/**
 * `npm test`: its own set-up on a bare machine, then every check, fastest first, until one fails. `npm test -- unit browser`
 * runs only those.
 */
import { spawn } from "node:child_process";
import path from "node:path";
import { install, InstallFailure, isInstalled, NODE, refuseOldNode, ROOT } from "./install.mjs";
import { bold, complain, dim, green, red, seconds, step } from "./progress.mjs";

const bin = (name) => path.join(ROOT, "node_modules", name);
const CHECKS = [
  { name: "types", args: [bin("typescript/bin/tsc"), "--noEmit"] },
  { name: "lint", args: [bin("eslint/bin/eslint.js"), ".", "--max-warnings=0"] },
  { name: "unit", args: [bin("vitest/vitest.mjs"), "run", "--project", "unit"] },
  { name: "integration", args: [bin("vitest/vitest.mjs"), "run", "--project", "integration"] },
  { name: "build", args: [path.join(ROOT, "bin/pages.ts")] },
  { name: "browser", args: [bin("@playwright/test/cli.js"), "test"] },
];

/** Ctrl-C reaches the check by itself; this waits for it to clean up. */
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => (interrupted = true));

function run(args) {
  const child = spawn(NODE, args, { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, PATH: `${path.dirname(NODE)}${path.delimiter}${process.env.PATH}` } });
  return new Promise((resolve) => child.once("error", () => resolve(false)).once("exit", (code) => resolve(code === 0)));
}

async function main() {
  const began = Date.now();
  refuseOldNode();
  if (!isInstalled()) await step("packages", "installing", async (done) => {
    await install();
    done("installed");
  });
  await run([path.join(ROOT, "prisma/generate.mjs")]);

  const wanted = process.argv.slice(2);
  const unknown = wanted.find((name) => !CHECKS.some((check) => check.name === name));
  if (unknown) throw new InstallFailure(`There is no check "${unknown}": use ${CHECKS.map(({ name }) => name).join(", ")}.`);
  const times = [];
  for (const { name, args } of CHECKS.filter((check) => wanted.length === 0 || wanted.includes(check.name))) {
    console.log(`\n${bold(`── ${name}`)}`);
    const start = Date.now();
    const passed = await run(args);
    times.push(`${name} ${seconds(Date.now() - start)}`);
    if (interrupted || !passed) {
      console.log(`\n${red("✗")} ${bold(interrupted ? "interrupted" : `${name} failed`)} ${dim(times.join(" · "))}\n`);
      return 1;
    }
  }
  console.log(`\n${green("✓")} ${bold(`all checks passed in ${seconds(Date.now() - began)}`)} ${dim(times.join(" · "))}\n`);
  return 0;
}

try {
  process.exit(await main());
} catch (error) {
  complain(error instanceof InstallFailure ? error.message : error.stack);
  process.exit(1);
}
