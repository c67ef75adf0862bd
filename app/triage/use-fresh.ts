import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";

const FRESH_MS = 2600;
/** Before paint where there is one; the server has nothing to measure. */
const useBeforePaint = typeof document === "undefined" ? useEffect : useLayoutEffect;

/**
 * Which rows have just arrived, for a moment. New rows come in above; who has scrolled down, or whose pointer rests on a row,
 * keeps the same rows in place.
 */
export function useFresh(rows: readonly { id: string; created_at: string }[], scroller: RefObject<HTMLElement>): ReadonlySet<string> {
  const known = useRef<{ ids: Set<string>; newest: string; height: number }>();
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());

  useBeforePaint(() => {
    const box = scroller.current;
    const before = known.current;
    const newest = rows[0]?.created_at ?? "";
    const arrived = before === undefined ? [] : rows.filter(({ id, created_at }) => !before.ids.has(id) && created_at >= before.newest);
    // A whole new page (a filter, another page) is not news.
    const isNews = arrived.length > 0 && arrived.length < rows.length;
    if (box && before && isNews && (box.scrollTop > 0 || box.querySelector("tbody:hover"))) box.scrollTop += Math.max(0, box.scrollHeight - before.height);
    known.current = { ids: new Set(rows.map(({ id }) => id)), newest, height: box?.scrollHeight ?? 0 };
    if (!isNews) return;
    setFresh(new Set(arrived.map(({ id }) => id)));
    const timer = setTimeout(() => setFresh(new Set()), FRESH_MS);
    return () => clearTimeout(timer);
  }, [rows, scroller]);

  return fresh;
}
