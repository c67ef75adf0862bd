import { useEffect, useRef, useState } from "react";
import type { ApprovalWire } from "#app/models/wire.ts";
import type { Verdict } from "./approve-form.tsx";

const scrollTo = (id: string) => document.querySelector(`[data-approval="${id}"]`)?.scrollIntoView({ block: "nearest" });
const firstControl = (id: string) => document.querySelector<HTMLElement>(`[data-approval="${id}"] :is(input:not([type=hidden]), select, textarea)`);

/**
 * j k ↓ ↑ move, a and r go to the answer: of an approval they say what Enter will mean, of anything else its form is focused. Nothing is
 * answered by one key. Without a choice, the one that has waited longest is meant; when the chosen one is gone, the one in its place.
 */
export function useApprovalKeys(approvals: readonly ApprovalWire[]) {
  const [selected, setSelected] = useState<string | null>(null);
  /** Never passes on to another row: what was meant for one is not meant for the next. */
  const [armed, setArmed] = useState<{ id: string; verdict: Verdict } | null>(null);
  const place = useRef(0);
  const at = approvals.findIndex(({ id }) => id === selected);
  if (at >= 0) place.current = at;
  const current = at >= 0 || selected === null ? selected : (approvals[Math.min(place.current, approvals.length - 1)]?.id ?? null);

  const latest = useRef({ approvals, current });
  latest.current = { approvals, current };
  const select = useRef((id: string) => {
    if (id === latest.current.current) return;
    setSelected(id);
    setArmed(null);
  }).current;
  const disarm = useRef(() => setArmed(null)).current;

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, textarea, select, [role=dialog], [role=menu]")) return;
      const { approvals: list, current: chosen } = latest.current;
      const now = list.findIndex(({ id }) => id === chosen);
      const move = event.key === "j" || event.key === "ArrowDown" ? 1 : event.key === "k" || event.key === "ArrowUp" ? -1 : 0;
      const verdict: Verdict | null = event.key === "a" ? "approve" : event.key === "r" ? "refuse" : null;
      if (move === 0 && verdict === null) return;
      const next = list[move === 0 ? Math.max(0, now) : Math.max(0, Math.min(list.length - 1, now + move))];
      if (!next) return;
      event.preventDefault();
      setSelected(next.id);
      scrollTo(next.id);
      setArmed(next.kind === "approval" && verdict !== null ? { id: next.id, verdict } : null);
      if (verdict !== null && next.kind !== "approval") firstControl(next.id)?.focus();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  return { selected: current, armedFor: (id: string): Verdict | null => (armed?.id === id ? armed.verdict : null), select, disarm };
}
