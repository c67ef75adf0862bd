import { CommandFailure } from "./failure.ts";
import { folderOf, readFolder } from "./folder.ts";
import type { Server } from "./server.ts";

export async function push(server: Server, { root, slugs, print }: { root: string; slugs: readonly string[]; print(line: string): void }): Promise<number> {
  let code = 0;
  for (const slug of slugs) {
    const { document, layout, files } = await readFolder(folderOf(root, slug));
    const outcome = await server.publish({ slug, document: json(slug, "playbook.json", document), layout: json(slug, "layout.json", layout ?? "{}"), files });
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

function json(slug: string, name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandFailure(`${slug}/${name} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
