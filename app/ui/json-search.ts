/** Paths of a JSON value: the keys from the root, joined by a character that no key of a tree can end a level with by accident. */
export const ROOT = "$";
export const childPath = (path: string, key: string | number): string => `${path}\u0000${key}`;

/** Elements and keys come in groups of this many, so that a level of 100 000 is 1000 lines until one is opened. */
export const GROUP = 100;

export type Entry = [key: string | number, value: unknown];

export const isBranch = (value: unknown): value is object => typeof value === "object" && value !== null;

export const entriesOf = (value: object): Entry[] => (Array.isArray(value) ? value.map((item, index): Entry => [index, item]) : Object.entries(value));

export interface Found {
  /** Paths of the lines that match, in document order. */
  matches: string[];
  /** Branches (and groups) that must be open to see them. */
  open: Set<string>;
}

/** Group of the child at this index, as a path of its own. */
export const groupPath = (path: string, index: number): string => `${path}\u0001${Math.floor(index / GROUP)}`;

/** Case-insensitive over keys and scalar values; stops after `limit` matches. Iterative: input may be nested 10 000 deep. */
export function findInJson(root: unknown, text: string, limit = 200): Found {
  const needle = text.toLowerCase();
  const found: Found = { matches: [], open: new Set() };
  if (needle === "") return found;
  const stack: { value: unknown; key: string; path: string; above: string[] }[] = [{ value: root, key: "", path: ROOT, above: [] }];
  while (stack.length > 0 && found.matches.length < limit) {
    const { value, key, path, above } = stack.pop()!;
    const branch = isBranch(value);
    if (key.toLowerCase().includes(needle) || (!branch && String(value).toLowerCase().includes(needle))) {
      found.matches.push(path);
      for (const parent of above) found.open.add(parent);
    }
    if (!branch) continue;
    const entries = entriesOf(value);
    for (let index = entries.length - 1; index >= 0; index--) {
      const [childKey, child] = entries[index]!;
      const own = entries.length > GROUP ? [...above, path, groupPath(path, index)] : [...above, path];
      stack.push({ value: child, key: Array.isArray(value) ? "" : String(childKey), path: childPath(path, childKey), above: own });
    }
  }
  return found;
}
