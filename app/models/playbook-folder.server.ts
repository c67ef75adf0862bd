/** A playbook as a folder: playbook.json, layout.json where there is one, code/*.ts. */
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

export interface PlaybookFolder {
  /** Text of playbook.json. */
  document: string;
  layout?: string;
  /** {"code/score.ts": source} */
  files: Record<string, string>;
}

/** @throws ENOENT without a playbook.json. */
export async function readPlaybookFolder(folder: string): Promise<PlaybookFolder> {
  const path = resolve(folder);
  const files: Record<string, string> = {};
  for (const name of (await entries(join(path, "code"))).filter((name) => name.endsWith(".ts")).sort()) {
    files[`code/${name}`] = await readFile(join(path, "code", name), "utf8");
  }
  const hasLayout = (await entries(path)).includes("layout.json");
  return { document: await readFile(join(path, "playbook.json"), "utf8"), ...(hasLayout && { layout: await readFile(join(path, "layout.json"), "utf8") }), files };
}

async function entries(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
}
