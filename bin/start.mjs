/**
 * `npm start`. Runs on the machine's Node with nothing installed: installs, then hands over to bin/run.ts on the pinned Node.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { install, InstallFailure, isInstalled, NODE, refuseOldNode, ROOT } from "./install.mjs";
import { bold, complain, dim, step } from "./progress.mjs";

const began = Date.now();
try {
  refuseOldNode();
  const { version } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
  console.log(`\n  ${bold("Playgraph")} ${dim(version)}\n`);
  if (!isInstalled()) await step("packages", "installing, the first time takes a minute", async (done) => {
    await install();
    done("installed");
  });
} catch (error) {
  complain(error instanceof InstallFailure ? error.message : error.stack);
  process.exit(1);
}

const child = spawn(NODE, [path.join(ROOT, "bin/run.ts"), ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: "inherit",
  env: { ...process.env, PLAYGRAPH_START_BEGAN: String(began) },
});
// A terminal sends Ctrl-C to the child too; a `kill` of this process has to be passed on. The child takes two at once as one.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.once("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
child.once("error", (error) => {
  complain(`The pinned Node.js cannot be started (${error.message}). Remove node_modules and start again.`);
  process.exit(1);
});
