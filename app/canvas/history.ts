/** What can be undone and done again. Pure: the store applies what these return. */
import type { Operation } from "#format";

export interface HistoryEntry {
  /** For people: "Connect Score to How bad?". */
  label: string;
  operations: readonly Operation[];
  /** Undoes the whole entry, in the order to apply. */
  inverse: readonly Operation[];
  /** Edits that follow each other under one key are one entry: typing into a field, dragging a card. */
  merge?: string | undefined;
  at: number;
}

export interface History {
  readonly undo: readonly HistoryEntry[];
  readonly redo: readonly HistoryEntry[];
}

export const EMPTY_HISTORY: History = { undo: [], redo: [] };

const KEPT = 500;
/** A pause this long begins a new entry, though the same field is typed into (milliseconds). */
const MERGE_WITHIN = 1500;

export function remember({ undo }: History, entry: HistoryEntry): History {
  const last = undo.at(-1);
  const joins = last !== undefined && entry.merge !== undefined && last.merge === entry.merge && entry.at - last.at <= MERGE_WITHIN;
  const next = joins
    ? [...undo.slice(0, -1), { ...entry, operations: [...last.operations, ...entry.operations], inverse: [...entry.inverse, ...last.inverse] }]
    : [...undo, entry].slice(-KEPT);
  return { undo: next, redo: [] };
}

/** @param done what applying the entry's inverse gave: its own inverse is the redo. */
export function undone({ undo, redo }: History, inverse: readonly Operation[]): History {
  const entry = undo.at(-1)!;
  return { undo: undo.slice(0, -1), redo: [...redo, { ...entry, operations: inverse, merge: undefined }] };
}

export function redone({ undo, redo }: History, inverse: readonly Operation[]): History {
  const entry = redo.at(-1)!;
  return { undo: [...undo, { ...entry, inverse, merge: undefined }], redo: redo.slice(0, -1) };
}
