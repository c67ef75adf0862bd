import clsx from "clsx";
import { ChevronRight } from "lucide-react";
import { useMemo, useState } from "react";
import { type ScopeRow, visibleRows } from "#app/form/scope.ts";
import { useScope } from "#app/form/use-scope.ts";

const OPEN_FIRST = ["steps", "alert", "item"];

/** What the node that runs this file is called with, by name and type, before anything has run. */
export function SeenTypes({ node, onInsert }: { node: string; /** Puts a path where the cursor is. */ onInsert(path: string): void }) {
  const { scope, retry } = useScope(node, true);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set(OPEN_FIRST));
  const [query, setQuery] = useState("");
  const rows = useMemo(() => visibleRows(scope.fields, open, query), [scope.fields, open, query]);
  const toggle = ({ field, isOpen }: ScopeRow) => setOpen((before) => new Set(isOpen ? [...before].filter((path) => path !== field.path) : [...before, field.path]));
  return (
    <>
      <input type="search" aria-label="Search what this node sees" placeholder="Search fields" value={query} onChange={(event) => setQuery(event.target.value)} className="mx-2 h-7 shrink-0 rounded-md border border-line bg-surface px-2 text-xs" />
      {scope.is === "failed" && <p role="alert" className="px-3 py-1 text-xs text-red">{scope.message} <button type="button" className="link" onClick={retry}>Try again</button></p>}
      <ul aria-label="What this node sees" aria-busy={scope.is === "loading"} className="scroll-y min-h-0 flex-1 py-1">
        {rows.map((row) => <Row key={row.field.path} row={row} onToggle={() => toggle(row)} onInsert={() => onInsert(row.field.path)} />)}
        {scope.is === "ready" && rows.length === 0 && <li className="px-3 text-xs text-fg-3">No field matches.</li>}
      </ul>
    </>
  );
}

function Row({ row: { field, depth, isOpen }, onToggle, onInsert }: { row: ScopeRow; onToggle(): void; onInsert(): void }) {
  const hasChildren = (field.children?.length ?? 0) > 0;
  return (
    <li className="flex min-h-6 items-center gap-1 pr-2 hover:bg-hover" style={{ paddingLeft: 6 + depth * 12 }}>
      {hasChildren
        ? <button type="button" aria-expanded={isOpen} aria-label={`Fields of ${field.path}`} onClick={onToggle} className="grid size-4 shrink-0 place-items-center text-fg-3"><ChevronRight aria-hidden className={clsx("size-3 transition-transform", isOpen && "rotate-90")} /></button>
        : <span className="size-4 shrink-0" />}
      <button type="button" onClick={onInsert} title={[`Insert ${field.path}`, field.summary].filter(Boolean).join("\n")} className="flex min-w-0 flex-1 items-baseline gap-1.5 text-left font-mono text-xs">
        <span className="shrink-0">{field.name}{field.optional ? "?" : ""}</span>
        <span className="min-w-0 truncate text-fg-3">{field.type}</span>
      </button>
    </li>
  );
}
