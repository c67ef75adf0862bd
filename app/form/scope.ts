/** The tree of everything a node may read: finding a field in it, completing one that is being typed, and its value in the last test. Pure. */
import type { StepWire } from "#app/models/wire.ts";
import type { ScopeField } from "#engine/code/check/describe-scope.ts";

export type { ScopeField } from "#engine/code/check/describe-scope.ts";

/** `isHit`: the search is about this row, not only about one below it. */
export interface ScopeRow { field: ScopeField; depth: number; isOpen: boolean; isHit: boolean }

/** What people look for first: the results of steps. */
const FIRST = ["steps", "item", "alert", "vars"];

export function inReadingOrder(fields: readonly ScopeField[]): ScopeField[] {
  const place = ({ name }: ScopeField) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return [...fields].sort((a, b) => place(a) - place(b));
}

/** The rows that are visible. @param query words that a field's path must hold; where given, the branches that lead to hits are open. */
export function visibleRows(fields: readonly ScopeField[], open: ReadonlySet<string>, query = ""): ScopeRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const rows: ScopeRow[] = [];
  const visit = (field: ScopeField, depth: number, isWithinHit: boolean): void => {
    const isHit = isWithinHit || words.every((word) => field.path.toLowerCase().includes(word));
    const leadsOn = words.length > 0 && !isHit && (field.children?.some((child) => holdsHit(child, words)) ?? false);
    if (words.length > 0 && !isHit && !leadsOn) return;
    const isOpen = field.children !== undefined && (leadsOn || open.has(field.path));
    rows.push({ field, depth, isOpen, isHit });
    if (isOpen) for (const child of field.children ?? []) visit(child, depth + 1, isHit);
  };
  for (const field of fields) visit(field, 0, false);
  return rows;
}

const holdsHit = (field: ScopeField, words: readonly string[]): boolean =>
  words.every((word) => field.path.toLowerCase().includes(word)) || (field.children?.some((child) => holdsHit(child, words)) ?? false);

export interface Completion { /** Where the word that is being typed begins. */ from: number; options: ScopeField[] }

const MAX_OPTIONS = 40;

/** What may stand where the cursor is: after a dot the fields of what is before it, else the names that begin so. */
export function completionsAt(text: string, caret: number, fields: readonly ScopeField[]): Completion | null {
  const typed = /(?:[\p{ID_Start}$_][\p{ID_Continue}$]*)(?:(?:\??\.|\?\.\[|\[)[\p{ID_Continue}$"]*\]?)*$/u.exec(text.slice(0, caret))?.[0] ?? "";
  if (typed === "" || isInString(text.slice(0, caret))) return null;
  const wanted = plain(typed);
  const parentEnd = wanted.lastIndexOf(".");
  const siblings = parentEnd < 0 ? fields : findField(fields, wanted.slice(0, parentEnd))?.children;
  const options = (siblings ?? []).filter(({ path }) => plain(path).toLowerCase().startsWith(wanted.toLowerCase()) && path !== typed).slice(0, MAX_OPTIONS);
  return options.length === 0 ? null : { from: caret - typed.length, options };
}

/** A path without the marks of what may be missing: `steps.vt?.tags[0]` → `steps.vt.tags.0` */
const plain = (path: string): string => path.replaceAll("?.", ".").replace(/\[("?)([^\]"]*)"?\]?/g, ".$2").replaceAll("..", ".");

export function findField(fields: readonly ScopeField[], path: string): ScopeField | undefined {
  for (const field of fields) {
    const own = plain(field.path);
    if (own === path) return field;
    if (path.startsWith(`${own}.`)) return findField(field.children ?? [], path);
  }
  return undefined;
}

/** An odd number of quotes before the cursor: a text is being typed, unless it is a place inside a template. */
function isInString(before: string): boolean {
  let quote: string | null = null;
  for (let at = 0; at < before.length; at++) {
    const char = before[at]!;
    if (char === "\\") at++;
    else if (quote === null && /["'`]/.test(char)) quote = char;
    else if (char === quote) quote = null;
    else if (quote === "`" && char === "$" && before[at + 1] === "{") quote = null;
    else if (quote === null && char === "}" && /`[^`]*\$\{[^}]*$/.test(before.slice(0, at))) quote = "`";
  }
  return quote !== null;
}

/** A field's value in the last test; undefined where no step gave one. Only steps have values there. */
export function valueInTest(path: string, steps: readonly StepWire[]): unknown {
  const [root, node, ...keys] = plain(path).split(".");
  if (root !== "steps" || node === undefined) return undefined;
  let value: unknown = steps.findLast((step) => step.node_id === node && step.output !== null)?.output;
  for (const key of keys) value = typeof value === "object" && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
  return value;
}
