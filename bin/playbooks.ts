/**
 * `npm run playbooks -- pull|push|check [slug…]`: playbooks between a running Playgraph and their folders.
 *
 * - pull: writes the published version of each (all, where none is named) to `playbooks/<slug>`
 * - push: publishes each folder (all, where none is named); refused where the checks refuse it
 * - with --draft both move what the editor shows: pull its draft, push into its draft (which publishes nothing)
 * - check: structure, code and types of each folder, without a server or a database; exits with 1 where something is wrong,
 *   with --strict also where there is a warning
 *
 * pull and push go through the HTTP API, as the person who signs in: the same permissions, checks and audit entries as in the
 * browser. PLAYGRAPH_URL (default http://127.0.0.1:3000), and PLAYGRAPH_TOKEN, or PLAYGRAPH_USER and PLAYGRAPH_PASSWORD.
 * `--folder <path>` names another folder than `playbooks`.
 */
import path from "node:path";
import { parseArgs } from "node:util";
import { checkFolder } from "./playbooks/check.ts";
import { CommandFailure } from "./playbooks/failure.ts";
import { slugsIn } from "./playbooks/folder.ts";
import { pull, pullDrafts } from "./playbooks/pull.ts";
import { push, pushDrafts } from "./playbooks/push.ts";
import { connect } from "./playbooks/server.ts";

export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  print(line: string): void;
  fetch: typeof fetch;
}

const USAGE = "npm run playbooks -- pull|push|check [slug…] [--draft [--revision <n>]] [--strict] [--folder playbooks]";

/** @returns the exit code: 0 done, 1 something is wrong with a playbook, 2 something is wrong with the command. */
export async function main(args: string[], surroundings: Surroundings): Promise<number> {
  const { print } = surroundings;
  try {
    const { values, positionals: [command, ...slugs] } = parseArgs({ args, allowPositionals: true, options: { folder: { type: "string" }, draft: { type: "boolean", default: false }, revision: { type: "string" }, strict: { type: "boolean", default: false } } });
    const root = path.resolve(values.folder ?? path.join(import.meta.dirname, "../playbooks"));
    switch (command) {
      case "check": return await check(root, slugs.length > 0 ? slugs : slugsIn(root), { print, strict: values.strict });
      case "pull": return await (values.draft ? pullDrafts : pull)(await connect(surroundings), { root, slugs, print });
      case "push": {
        const options = { root, slugs: slugs.length > 0 ? slugs : slugsIn(root), print };
        const revision = revisionOf(values, slugs);
        const server = await connect(surroundings);
        return await (values.draft ? pushDrafts(server, { ...options, revision }) : push(server, options));
      }
      default: throw new CommandFailure(USAGE);
    }
  } catch (error) {
    if (error instanceof CommandFailure) print(error.message);
    else if (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")) print(`${error.message}\n${USAGE}`);
    else throw error;
    return 2;
  }
}

/** Of one draft: which one it is must be said. */
function revisionOf({ draft, revision }: { draft: boolean; revision?: string | undefined }, slugs: readonly string[]): number | undefined {
  if (revision === undefined) return undefined;
  if (!draft || slugs.length !== 1 || !/^\d{1,9}$/.test(revision)) throw new CommandFailure("--revision is the number of the draft to replace: push --draft --revision 7 <slug>");
  return Number(revision);
}

async function check(root: string, slugs: readonly string[], { print, strict }: { print(line: string): void; strict: boolean }): Promise<number> {
  let errors = 0;
  let warnings = 0;
  for (const slug of slugs) {
    const found = await checkFolder(path.join(root, slug));
    for (const { file, line, severity, message } of found) print(`${path.relative(process.cwd(), file)}:${line}: ${severity}: ${message}`);
    errors += found.filter(({ severity }) => severity === "error").length;
    warnings += found.filter(({ severity }) => severity === "warning").length;
  }
  if (strict && errors === 0 && warnings > 0) {
    print(`${warnings} ${warnings === 1 ? "warning" : "warnings"}, which --strict refuses`);
    return 1;
  }
  print(errors === 0 ? `${slugs.length} ${slugs.length === 1 ? "playbook" : "playbooks"} checked` : `${errors} ${errors === 1 ? "error" : "errors"}`);
  return errors === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2), { env: process.env, print: (line) => console.log(line), fetch });
