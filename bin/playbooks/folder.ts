import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { type PlaybookFolder, readPlaybookFolder } from "#app/models/playbook-folder.server.ts";
import { CommandFailure } from "./failure.ts";

const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Names of the folders that hold a playbook. */
export function slugsIn(root: string): string[] {
  if (!existsSync(root)) throw new CommandFailure(`There is no folder ${root}.`);
  return readdirSync(root).filter((name) => existsSync(path.join(root, name, "playbook.json"))).sort();
}

/** @throws CommandFailure for a name that is none: it becomes a path. */
export function folderOf(root: string, slug: string): string {
  if (!SLUG.test(slug)) throw new CommandFailure(`"${slug}" is no slug: lower-case letters, digits and hyphens.`);
  return path.join(root, slug);
}

/** @throws CommandFailure where there is no playbook. */
export async function readFolder(folder: string): Promise<PlaybookFolder> {
  if (!existsSync(path.join(folder, "playbook.json"))) throw new CommandFailure(`There is no playbook in ${folder}.`);
  return readPlaybookFolder(folder);
}
