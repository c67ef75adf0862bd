/** New, renamed and removed code files, as operations on the draft. */
import { NAME_IN_CODE } from "#app/canvas/references.ts";
import type { Draft, Operation } from "#format";

export type FileChange = { ok: true; operations: Operation[] } | { ok: false; message: string };

const FILE = /^code\/[a-z0-9][a-z0-9-]*\.ts$/;
const NEW_TEXT = "export {};\n";

/** "Score 2", "score-2" and "code/score-2.ts" are all code/score-2.ts. */
export const asPath = (name: string): string => `code/${name.trim().replace(/^code\//, "").replace(/\.ts$/, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "")}.ts`;

function refusal({ files }: Draft, path: string): string | undefined {
  if (!FILE.test(path) || path.length > 100) return "A file's name is of letters, digits and hyphens";
  return Object.hasOwn(files, path) ? `${path} is there already` : undefined;
}

export function addFile(draft: Draft, path: string): FileChange {
  const message = refusal(draft, path);
  return message === undefined ? { ok: true, operations: [{ op: "write-file", path, text: NEW_TEXT }] } : { ok: false, message };
}

/** Nodes that are bound to the file, and imports of it in other files, follow. */
export function renameFile(draft: Draft, path: string, to: string): FileChange {
  if (path === to) return { ok: true, operations: [] };
  const message = refusal(draft, to);
  if (message !== undefined) return { ok: false, message };
  const imports = new RegExp(NAME_IN_CODE(path).source, "g");
  const named = to.replace(/^code\//, "").replace(/\.ts$/, "");
  const rewritten = Object.entries(draft.files).flatMap(([other, text]): Operation[] => {
    const changed = text.replace(imports, (found, extension: string | undefined) => `${found[0]}./${named}${extension ?? ""}${found[0]}`);
    return other === path ? [{ op: "write-file", path: to, text: changed }] : changed === text ? [] : [{ op: "write-file", path: other, text: changed }];
  });
  const bound = bindingsOf(draft, path).map(({ id, field }): Operation => (field === undefined ? { op: "set-node", id, changes: { until: { file: to } } } : { op: "set-input", id, field, binding: { file: to } }));
  return { ok: true, operations: [...rewritten, ...bound, { op: "write-file", path }] };
}

/** A file that something depends on stays. */
export function removeFile(draft: Draft, path: string): FileChange {
  const [user] = bindingsOf(draft, path);
  if (user) return { ok: false, message: `The node ${user.id} runs ${path}: give it another file first` };
  const importer = Object.entries(draft.files).find(([other, text]) => other !== path && NAME_IN_CODE(path).test(text));
  if (importer) return { ok: false, message: `${importer[0]} imports ${path}` };
  return { ok: true, operations: [{ op: "write-file", path }] };
}

/** Who runs a file; without a field it is what ends the node's rounds. */
export const bindingsOf = ({ document }: Pick<Draft, "document">, path: string): { id: string; field?: string }[] =>
  document.nodes.flatMap(({ id, input, until }) => [
    ...Object.entries(input).flatMap(([field, binding]) => ("file" in binding && binding.file === path ? [{ id, field }] : [])),
    ...(until && "file" in until && until.file === path ? [{ id }] : []),
  ]);
