import { useCallback, useMemo, useRef, useState } from "react";

export interface RunSelection {
  /** Of those that are shown. */
  ids: ReadonlySet<string>;
  all: "none" | "some" | "all";
  /** @param toHere all from the one that was toggled before to this one become as this one */
  toggle(id: string, toHere: boolean): void;
  toggleAll(): void;
  clear(): void;
}

/** Which rows of a list are selected. One that leaves the list is not acted on, and is selected again when it comes back. */
export function useRunSelection(shown: readonly string[]): RunSelection {
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const before = useRef<string>();
  const ids = useMemo(() => new Set(shown.filter((id) => marked.has(id))), [shown, marked]);

  const toggle = useCallback((id: string, toHere: boolean) => {
    const range = toHere ? between(shown, before.current, id) : [id];
    before.current = id;
    setMarked((old) => (old.has(id) ? old.difference(new Set(range)) : old.union(new Set(range))));
  }, [shown]);
  const clear = useCallback(() => setMarked(new Set()), []);
  const toggleAll = useCallback(() => setMarked((old) => (shown.every((id) => old.has(id)) ? new Set() : new Set(shown))), [shown]);

  return { ids, all: ids.size === 0 ? "none" : ids.size === shown.length ? "all" : "some", toggle, toggleAll, clear };
}

function between(shown: readonly string[], from: string | undefined, to: string): readonly string[] {
  const [a, b] = [from === undefined ? -1 : shown.indexOf(from), shown.indexOf(to)];
  return a === -1 ? [to] : shown.slice(Math.min(a, b), Math.max(a, b) + 1);
}
