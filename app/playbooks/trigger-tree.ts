/**
 * A trigger's conditions as the builder edits them: groups and rows, each perhaps negated. Reading and writing back keeps the meaning, and
 * the flat `match` of R104 stays one for as long as it says everything. Pure.
 */
import type { Condition } from "#format";
import { fieldOf, fitValue, type Operator, type Scalar, type Value } from "./trigger-fields.ts";

export interface Row { kind: "row"; not: boolean; field: string; op: Operator; value: Value }
export interface Group {
  kind: "group";
  not: boolean;
  join: "all" | "any";
  /** It came as `match`, and goes back as one if it can. */
  isFlat: boolean;
  parts: Part[];
}
export type Part = Group | Row;

/** Places of parts, from the root inwards. */
export type Path = readonly number[];

export const EMPTY: Group = { kind: "group", not: false, join: "all", isFlat: false, parts: [] };
export const newRow = (): Row => ({ kind: "row", not: false, field: "severity", op: "in", value: ["high", "critical"] });
export const newGroup = (join: Group["join"]): Group => ({ ...EMPTY, join, parts: [newRow()] });

/** The root is always a group, so that there is a place to add to. */
export function readConditions(condition: Condition | undefined): Group {
  if (condition === undefined) return EMPTY;
  const part = readPart(condition);
  return part.kind === "group" && !part.not ? part : { ...EMPTY, parts: [part] };
}

function readPart(condition: Condition): Part {
  if ("not" in condition) {
    const inner = readPart(condition.not);
    return { ...inner, not: !inner.not };
  }
  if ("match" in condition) {
    const parts = Object.entries(condition.match).map(([field, wanted]): Row => ({ kind: "row", not: false, field, op: "in", value: Array.isArray(wanted) ? wanted : [wanted] }));
    return { kind: "group", not: false, join: "all", isFlat: true, parts };
  }
  if ("all" in condition) return { kind: "group", not: false, join: "all", isFlat: false, parts: condition.all.map(readPart) };
  if ("any" in condition) return { kind: "group", not: false, join: "any", isFlat: false, parts: condition.any.map(readPart) };
  return { kind: "row", not: false, field: condition.field, op: condition.op, value: condition.value };
}

/** @returns null where every alert fits. */
export const writeConditions = (root: Group): Condition | null => (root.parts.length === 0 && root.join === "all" && !root.not ? null : writePart(root));

function writePart(part: Part): Condition {
  const plain = part.kind === "row" ? writeRow(part) : writeGroup(part);
  return part.not ? { not: plain } : plain;
}

const writeRow = ({ field, op, value }: Row): Condition => ({ field, op, ...(value === undefined ? {} : { value }) });

function writeGroup({ join, isFlat, parts }: Group): Condition {
  const flat = isFlat && join === "all" ? asMatch(parts) : undefined;
  if (flat) return { match: flat };
  const written = parts.map(writePart);
  return join === "all" ? { all: written } : { any: written };
}

/** One value alone is written as itself: both mean "any of". */
function asMatch(parts: readonly Part[]): Record<string, Scalar | Scalar[]> | undefined {
  const match: Record<string, Scalar | Scalar[]> = {};
  for (const part of parts) {
    if (part.kind !== "row" || part.not || part.op !== "in" || !Array.isArray(part.value) || Object.hasOwn(match, part.field) || part.field === "__proto__") return undefined;
    const [first] = part.value;
    match[part.field] = part.value.length === 1 && first !== undefined ? first : part.value;
  }
  return match;
}

export function partAt(root: Group, path: Path): Part | undefined {
  let at: Part | undefined = root;
  for (const index of path) at = at?.kind === "group" ? at.parts[index] : undefined;
  return at;
}

/** @param change gives what stands there instead: nothing, one or several. A path that leads nowhere changes nothing. */
function rewrite(root: Group, path: Path, change: (part: Part) => Part[]): Group {
  const [index, ...rest] = path;
  if (index === undefined) {
    const [next] = change(root);
    return next?.kind === "group" ? next : EMPTY;
  }
  const part = root.parts[index];
  if (part === undefined) return root;
  if (rest.length > 0 && part.kind !== "group") return root;
  const replaced = rest.length === 0 ? change(part) : [rewrite(part as Group, rest, change)];
  return { ...root, parts: root.parts.toSpliced(index, 1, ...replaced) };
}

export const replacePart = (root: Group, path: Path, part: Part): Group => rewrite(root, path, () => [part]);
/** Without its last part the root is no condition at all, also where any of none would never hold. */
export function removePart(root: Group, path: Path): Group {
  const left = path.length === 0 ? EMPTY : rewrite(root, path, () => []);
  return left.parts.length === 0 ? EMPTY : left;
}
export const addPart = (root: Group, path: Path, part: Part): Group => rewrite(root, path, (group) => [group.kind === "group" ? { ...group, parts: [...group.parts, part] } : group]);
export const negatePart = (root: Group, path: Path): Group => rewrite(root, path, (part) => [{ ...part, not: !part.not }]);

/** The row becomes a group of its own, which another can be added to. */
export const wrapPart = (root: Group, path: Path, join: Group["join"]): Group => rewrite(root, path, (part) => [{ ...EMPTY, join, parts: [part] }]);

/** Among its siblings; past their ends it leaves the group, to before or behind it. @returns where it is now; the same path where it cannot go further. */
export function movePart(root: Group, path: Path, by: -1 | 1): { root: Group; path: Path } {
  const part = partAt(root, path);
  const index = path.at(-1);
  if (part === undefined || index === undefined) return { root, path };
  const above = path.slice(0, -1);
  const siblings = (partAt(root, above) as Group).parts;
  const next = siblings[index + by];
  const without = removePart(root, path);
  const insert = (group: Path, at: number): Group => rewrite(without, group, (found) => [found.kind === "group" ? { ...found, parts: found.parts.toSpliced(at, 0, part) } : found]);
  if (next === undefined) {
    const place = above.at(-1);
    if (place === undefined) return { root, path };
    const at = by < 0 ? place : place + 1;
    return { root: insert(above.slice(0, -1), at), path: [...above.slice(0, -1), at] };
  }
  // Into the group that it meets.
  if (next.kind === "group" && part.kind === "row") {
    const inside = [...above, by < 0 ? index - 1 : index];
    const at = by < 0 ? next.parts.length : 0;
    return { root: insert(inside, at), path: [...inside, at] };
  }
  return { root: insert(above, index + by), path: [...above, index + by] };
}

/** Another field or operator: the value is kept as far as it makes sense there. */
export function changeRow(row: Row, { field = row.field, op }: { field?: string; op?: Operator }, allowed: readonly Operator[]): Row {
  const wanted = op ?? (allowed.includes(row.op) ? row.op : allowed[0]!);
  return { ...row, field, op: wanted, value: fitValue(fieldOf(field), wanted, row.value) };
}
