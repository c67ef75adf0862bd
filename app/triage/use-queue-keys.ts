import { useEffect, useRef, useState, type RefObject } from "react";

interface QueueKeys { ids: string[]; search: RefObject<HTMLInputElement>; open(id: string): void; claim(id: string): void }

/** j k ↓ ↑ move, Enter or o opens, c claims, / searches. The choice is an id: it stays with its row while rows arrive above. */
export function useQueueKeys(keys: QueueKeys): { selected: string | null; select(id: string): void } {
  const [selected, setSelected] = useState<string | null>(null);
  const latest = useRef({ ...keys, selected });
  latest.current = { ...keys, selected };

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, textarea, select, [role=dialog], [role=menu]")) return;
      const { ids, selected: chosen, search, open, claim } = latest.current;
      const move = (by: number) => {
        const at = chosen === null ? -1 : ids.indexOf(chosen);
        const next = ids[Math.max(0, Math.min(ids.length - 1, at + by))];
        if (next === undefined) return;
        setSelected(next);
        document.querySelector(`[data-alert="${next}"]`)?.scrollIntoView({ block: "nearest" });
      };
      const on = (act: () => void) => {
        event.preventDefault();
        act();
      };
      // Enter on a focused link or button is that element's.
      if (event.key === "Enter" && target.closest("a, button")) return;
      if (event.key === "j" || event.key === "ArrowDown") on(() => move(1));
      else if (event.key === "k" || event.key === "ArrowUp") on(() => move(-1));
      else if (event.key === "/") on(() => search.current?.focus());
      else if (chosen !== null && ids.includes(chosen)) {
        if (event.key === "Enter" || event.key === "o") on(() => open(chosen));
        else if (event.key === "c") on(() => claim(chosen));
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  return { selected, select: setSelected };
}
