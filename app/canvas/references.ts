/** Where the author's text names a node or a file. Text is changed by operations of its own: the format does not read code. */
import type { Binding, Draft, Operation } from "#format";

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** An import of a code file, as other code files write it: "./score.ts", "./score.js" or "./score". */
export const NAME_IN_CODE = (path: string): RegExp => new RegExp(`["']\\./${escaped(path.replace(/^code\//, "").replace(/\.ts$/, ""))}(\\.[jt]s)?["']`);

/** `steps.old`, `steps?.old`, `steps["old"]`, and `old` where `steps` is taken apart or its type is written down. */
export function renameStep(text: string, id: string, to: string): string {
  const word = escaped(id);
  const direct = text
    .replace(new RegExp(`(\\bsteps\\s*\\??\\.\\s*)${word}\\b`, "g"), `$1${to}`)
    .replace(new RegExp(`(\\bsteps\\s*(?:\\?\\.)?\\s*\\[\\s*)(["'\`])${word}\\2(\\s*\\])`, "g"), `$1$2${to}$2$3`);
  return inBraces(direct, (body) =>
    body
      // A property with a name or a type of its own: only the property is renamed.
      .replace(new RegExp(`(^|[{,;\\s])${word}(\\s*\\??\\s*:)`, "g"), `$1${to}$2`)
      // The short form keeps the variable that the rest of the code knows.
      .replace(new RegExp(`(^|[{,\\s])${word}(?=\\s*(?:[,}=]|$))(?!\\s*=[=>])`, "g"), `$1${to}: ${id}`),
  );
}

/** Changes the top level of every `steps: { … }` and `{ … } = steps`, as far as braces go. */
function inBraces(text: string, change: (body: string) => string): string {
  let result = "";
  let from = 0;
  for (const { index, 0: head } of text.matchAll(/\bsteps\s*\??\s*:\s*\{/g)) {
    const start = index + head.length;
    if (start <= from) continue;
    const end = closing(text, start);
    if (end < 0) continue;
    result += text.slice(from, start) + topLevel(text.slice(start, end), change);
    from = end;
  }
  const colons = result + text.slice(from);
  return colons.replace(/\{([^{}]*)\}(\s*=\s*steps\b)/g, (_, body: string, tail: string) => `{${change(body)}}${tail}`);
}

function closing(text: string, start: number): number {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at;
  }
  return -1;
}

/** Nested objects belong to the steps' own fields and stay as they are. */
function topLevel(body: string, change: (part: string) => string): string {
  const parts: string[] = [];
  let at = 0;
  for (let open = body.indexOf("{"); open >= 0; open = body.indexOf("{", at)) {
    const end = closing(body, open + 1);
    if (end < 0) break;
    parts.push(change(body.slice(at, open)), body.slice(open, end + 1));
    at = end + 1;
  }
  return [...parts, change(body.slice(at))].join("");
}

export function renameInBinding(binding: Binding, id: string, to: string): Binding {
  return "expr" in binding ? { expr: renameStep(binding.expr, id, to) } : binding;
}

/** The operations that make every mention of a node follow its new id. */
export function renameMentions({ document, files }: Draft, id: string, to: string): Operation[] {
  const inputs = document.nodes.flatMap((node) =>
    Object.entries(node.input).flatMap(([field, binding]): Operation[] => {
      const renamed = renameInBinding(binding, id, to);
      return "expr" in renamed && "expr" in binding && renamed.expr !== binding.expr ? [{ op: "set-input", id: node.id === id ? to : node.id, field, binding: renamed }] : [];
    }),
  );
  const texts = Object.entries(files).flatMap(([path, text]): Operation[] => {
    const renamed = renameStep(text, id, to);
    return renamed === text ? [] : [{ op: "write-file", path, text: renamed }];
  });
  return [...inputs, ...texts];
}
