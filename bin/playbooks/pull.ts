import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { layoutSchema, parseDocument, printDocument, printLayout } from "#format";
import { CommandFailure } from "./failure.ts";
import { folderOf, readFolder } from "./folder.ts";
import type { RemotePlaybook, Server } from "./server.ts";

const FILE = /^code\/[a-z0-9][a-z0-9-]*\.ts$/;

interface PullOptions { root: string; slugs: readonly string[]; print(line: string): void }

export async function pull(server: Server, { root, slugs, print }: PullOptions): Promise<number> {
  const wanted = slugs.length > 0 ? slugs : (await server.list()).filter(({ version }) => version !== null).map(({ slug }) => slug);
  for (const slug of wanted) {
    const playbook = await server.get(slug);
    if (!playbook || playbook.version === null) throw new CommandFailure(`There is no published playbook "${slug}".`);
    print(`${slug}: version ${playbook.version}, ${inWords(await writeFolder(folderOf(root, slug), playbook))}`);
  }
  return 0;
}

/** What the editor shows: the draft, or the published version where there is none. */
export async function pullDrafts(server: Server, { root, slugs, print }: PullOptions): Promise<number> {
  for (const slug of slugs.length > 0 ? slugs : (await server.list()).map((playbook) => playbook.slug)) {
    const draft = await server.getDraft(slug);
    if (!draft) throw new CommandFailure(`There is no playbook "${slug}".`);
    print(`${slug}: draft at revision ${draft.revision}, ${inWords(await writeFolder(folderOf(root, slug), draft))}`);
  }
  return 0;
}

const inWords = (changed: readonly string[]): string => (changed.length === 0 ? "nothing changed" : changed.join(", "));

/** Writes what differs in meaning, so that a file's own formatting stays where nothing else changed. @returns the names of what it wrote or removed. */
async function writeFolder(folder: string, remote: Pick<RemotePlaybook, "document" | "layout" | "files">): Promise<string[]> {
  const document = parseDocument(remote.document);
  const layout = layoutSchema.parse(remote.layout);
  const local = await readFolder(folder).catch((error: unknown) => {
    if (error instanceof CommandFailure) return undefined;
    throw error;
  });
  const changed: string[] = [];
  const write = async (name: string, text: string) => {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
    changed.push(name);
  };

  if (!local || !isDeepStrictEqual(attempt(() => parseDocument(JSON.parse(local.document))), document)) await write("playbook.json", printDocument(document));
  if (!isDeepStrictEqual(attempt(() => layoutSchema.parse(JSON.parse(local?.layout ?? "{}"))), layout)) await write("layout.json", printLayout(layout));
  for (const [name, source] of Object.entries(remote.files)) {
    if (!FILE.test(name)) throw new CommandFailure(`The server names a file ${JSON.stringify(name)}, which no playbook may have.`);
    if (local?.files[name] !== source) await write(name, source);
  }
  for (const name of Object.keys(local?.files ?? {}).filter((name) => !Object.hasOwn(remote.files, name))) {
    await rm(path.join(folder, name));
    changed.push(`${name} removed`);
  }
  return changed;
}

/** A local file that cannot be read is one that differs. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
