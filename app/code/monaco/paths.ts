/** Where the texts of a playbook lie among Monaco's models and TypeScript's files; page and worker agree on it. */

export const ROOT = "file:///playbook/";
export const EXPRESSIONS = `${ROOT}expr/`;

/** Not a text for TypeScript: what it must read around the author's (lenses.ts). */
export const WRAPPERS = `${ROOT}wrappers.json`;

/** One folder deep, as the server's prefixes expect. Field names may hold anything. */
export const expressionFile = (node: string, field: string): string => `${EXPRESSIONS}${node}.${encode(field)}.ts`;

export function parseExpressionFile(file: string): { node: string; field: string } | undefined {
  const [, node, field] = /\/([^/.]+)\.([^/.]*)\.ts$/.exec(file) ?? [];
  return node === undefined || field === undefined ? undefined : { node, field: decode(field) };
}

const encode = (name: string): string => Array.from(new TextEncoder().encode(name), (byte) => (/[\w-]/.test(String.fromCharCode(byte)) && byte !== 0x5f ? String.fromCharCode(byte) : `_${byte.toString(16).padStart(2, "0")}`)).join("");

const decode = (text: string): string => new TextDecoder().decode(Uint8Array.from(text.match(/_[0-9a-f]{2}|./g) ?? [], (part) => (part.length === 3 ? Number.parseInt(part.slice(1), 16) : part.charCodeAt(0))));
