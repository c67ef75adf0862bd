import { isDeepStrictEqual } from "node:util";
import { layoutSchema, parseDocument } from "#format";
import { CommandFailure } from "./failure.ts";
import { folderOf, readFolder } from "./folder.ts";
import type { LocalPlaybook, RemoteDraft, Server } from "./server.ts";

interface PushOptions { root: string; slugs: readonly string[]; print(line: string): void }

export async function push(server: Server, { root, slugs, print }: PushOptions): Promise<number> {
  let code = 0;
  for (const slug of slugs) {
    const outcome = await server.publish(await readLocal(root, slug));
    if (outcome.ok) {
      print(`${slug}: version ${outcome.version}, ${outcome.unchanged ? "nothing changed" : "published"}`);
      for (const warning of outcome.warnings) print(`${slug}: warning: ${warning}`);
    } else {
      for (const problem of outcome.problems) print(`${slug}: refused: ${problem}`);
      code = 1;
    }
  }
  return code;
}

/**
 * Puts each folder into its playbook's draft, where it can be looked at, tested and published.
 * @param revision the draft that may be given up; without it, one that holds what is not published is left alone
 */
export async function pushDrafts(server: Server, { root, slugs, print, revision }: PushOptions & { revision: number | undefined }): Promise<number> {
  let code = 0;
  for (const slug of slugs) {
    const local = await readLocal(root, slug);
    if (!(await server.getDraft(slug))) await server.create(slug);
    const stored = (await server.getDraft(slug))!;
    if (isSame(local, stored)) {
      print(`${slug}: draft at revision ${stored.revision}, nothing changed`);
    } else if (revision === undefined && stored.differs && stored.revision > 0) {
      print(`${slug}: refused: the draft (revision ${stored.revision}${stored.updated_by === null ? "" : ` of ${stored.updated_by}`}) holds what is not published. Pull it first (pull --draft), or replace it: push --draft --revision ${stored.revision} ${slug}`);
      code = 1;
    } else {
      const outcome = await server.replaceDraft(local, revision ?? stored.revision);
      if (outcome.ok) print(`${slug}: draft at revision ${outcome.draft.revision}, replaced`);
      else for (const problem of outcome.problems) print(`${slug}: refused: ${problem}`);
      if (!outcome.ok) code = 1;
    }
  }
  return code;
}

async function readLocal(root: string, slug: string): Promise<LocalPlaybook> {
  const { document, layout, files } = await readFolder(folderOf(root, slug));
  return { slug, document: json(slug, "playbook.json", document), layout: json(slug, "layout.json", layout ?? "{}"), files };
}

/** In meaning. What cannot be read is the server's to refuse. */
function isSame(local: LocalPlaybook, stored: RemoteDraft): boolean {
  const read = ({ document, layout, files }: Pick<LocalPlaybook, "document" | "layout" | "files">) => ({ document: parseDocument(document), layout: layoutSchema.parse(layout), files });
  try {
    return isDeepStrictEqual(read(local), read(stored));
  } catch {
    return false;
  }
}

function json(slug: string, name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandFailure(`${slug}/${name} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
