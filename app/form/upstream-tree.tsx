import clsx from "clsx";
import { ChevronRight, RotateCw, Search, X } from "lucide-react";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { useEditor } from "#app/canvas/editor-context.tsx";
import { Button, IconButton } from "#app/ui/button.tsx";
import { Skeleton } from "#app/ui/state.tsx";
import { DRAGGED_FIELD } from "./dragged-field.ts";
import { useNodeForm } from "./form-context.tsx";
import { inReadingOrder, type ScopeRow, valueInTest, visibleRows } from "./scope.ts";

/** Open from the start, with the step right before this one. */
const OPEN_FIRST = ["steps", "alert", "item"];
const MAX_VALUE = 80;

/** Everything the node may read, to search and to put into a field: by click, Enter or drag. */
export function UpstreamTree({ target, label }: { target: string; /** Of the field that gets it. */ label: string }) {
  const { node, scope, retryScope, insert, closeTree } = useNodeForm();
  const steps = useEditor((state) => state.test?.steps);
  const edges = useEditor((state) => state.draft.document.edges);
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set([...OPEN_FIRST, ...edges.filter(({ to }) => to === node).map(({ from }) => `steps.${from}`)]));
  const [query, setQuery] = useState("");
  /** Where the arrows have led; null: the first that the search is about. */
  const [active, setActive] = useState<number | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const id = useId();
  const fields = useMemo(() => inReadingOrder(scope.fields), [scope.fields]);
  const rows = useMemo(() => visibleRows(fields, open, query), [fields, open, query]);
  const at = Math.min(active ?? Math.max(0, rows.findIndex(({ isHit }) => isHit)), rows.length - 1);

  useEffect(() => {
    document.querySelector(`[data-field="${CSS.escape(target)}"]`)?.scrollIntoView({ block: "nearest" });
    search.current?.focus({ preventScroll: true });
  }, [target]);

  const toggle = ({ field, isOpen }: ScopeRow, to = !isOpen) => {
    const next = new Set(open);
    if (to) next.add(field.path);
    else next.delete(field.path);
    setOpen(next);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const row = rows[at];
    const isCursorFree = query === "";
    if (event.key === "ArrowDown" || event.key === "ArrowUp") setActive(Math.max(0, Math.min(rows.length - 1, at + (event.key === "ArrowDown" ? 1 : -1))));
    else if (event.key === "ArrowRight" && isCursorFree && row?.field.children) toggle(row, true);
    else if (event.key === "ArrowLeft" && isCursorFree && row?.isOpen) toggle(row, false);
    else if (event.key === "Enter" && row) insert(target, row.field.path);
    else if (event.key === "Escape") closeTree();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <section aria-label="Fields from upstream" className="flex h-[42%] min-h-48 shrink-0 flex-col border-t border-line-strong bg-raised">
      <header className="flex h-8 shrink-0 items-center gap-2 pr-1 pl-3">
        <h3 className="min-w-0 flex-1 truncate text-xs font-medium">Insert into <span className="text-accent">{label}</span></h3>
        <IconButton label="Close the tree (Esc)" className="!size-6" onClick={closeTree}><X aria-hidden className="size-3.5" /></IconButton>
      </header>
      <div className="flex h-8 shrink-0 items-center gap-1 border-y border-line px-3">
        <Search aria-hidden className="size-3.5 shrink-0 text-fg-3" />
        <input
          ref={search}
          type="search"
          role="combobox"
          aria-expanded
          aria-haspopup="tree"
          aria-controls={`${id}-rows`}
          aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
          aria-label="Search fields from upstream"
          placeholder="Search fields"
          value={query}
          onChange={(event) => { setQuery(event.target.value); setActive(null); }}
          onKeyDown={onKeyDown}
          className="h-7 min-w-0 flex-1 bg-transparent px-1 text-xs focus-visible:outline-none"
        />
      </div>
      <div className="scroll-y min-h-0 flex-1 py-1">
        {scope.is === "loading" && scope.fields.length === 0 && <div aria-label="Loading fields" role="status" className="space-y-2 px-3 py-2"><Skeleton /><Skeleton className="h-4 w-2/3" /><Skeleton className="h-4 w-3/4" /></div>}
        {scope.is === "failed" && <p role="alert" className="flex items-center gap-2 px-3 py-2 text-xs text-red"><span className="min-w-0 flex-1 break-words">{scope.message}</span><Button size="sm" onClick={retryScope}><RotateCw aria-hidden className="size-3" /> Try again</Button></p>}
        {scope.is === "ready" && rows.length === 0 && <p role="status" className="px-3 py-2 text-xs text-fg-3">{query === "" ? "Nothing is upstream of this node." : "No field matches."}</p>}
        <ul id={`${id}-rows`} role="tree" aria-label="Fields from upstream" className={rows.length === 0 ? "hidden" : undefined}>
          {rows.map((row, index) => <Row key={row.field.path} id={`${id}-${index}`} row={row} isActive={index === at} value={steps && valueInTest(row.field.path, steps)} onToggle={() => toggle(row)} onChoose={() => insert(target, row.field.path)} onHover={() => setActive(index)} />)}
        </ul>
      </div>
    </section>
  );
}

interface RowProps { id: string; row: ScopeRow; isActive: boolean; value: unknown; onToggle(): void; onChoose(): void; onHover(): void }

function Row({ id, row: { field, depth, isOpen }, isActive, value, onToggle, onChoose, onHover }: RowProps) {
  const hasChildren = field.children !== undefined && field.children.length > 0;
  return (
    <li
      id={id}
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={isActive}
      aria-expanded={hasChildren ? isOpen : undefined}
      ref={isActive ? (element) => element?.scrollIntoView({ block: "nearest" }) : undefined}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData(DRAGGED_FIELD, field.path);
        event.dataTransfer.setData("text/plain", field.path);
        event.dataTransfer.effectAllowed = "copy";
      }}
      onMouseMove={onHover}
      onClick={onChoose}
      title={[field.path, field.summary].filter(Boolean).join("\n")}
      className={clsx("flex h-6 cursor-pointer items-center gap-1.5 pr-3 text-xs", isActive && "bg-selected")}
      style={{ paddingLeft: 8 + depth * 14 }}
    >
      <span
        aria-hidden
        onClick={(event) => {
          if (!hasChildren) return;
          event.stopPropagation();
          onToggle();
        }}
        className="grid size-4 shrink-0 place-items-center text-fg-3"
      >
        {hasChildren && <ChevronRight className={clsx("size-3 transition-transform", isOpen && "rotate-90")} />}
      </span>
      <span className="min-w-0 shrink truncate font-mono">{field.name}</span>
      <span className="max-w-[45%] shrink-0 truncate text-fg-3">{field.type}{field.optional ? "?" : ""}</span>
      {value !== undefined && typeof value !== "object" && <span className="ml-auto min-w-0 truncate text-green" title={String(value)}>{JSON.stringify(value).slice(0, MAX_VALUE)}</span>}
      {value === null && <span className="ml-auto text-fg-3">null</span>}
    </li>
  );
}
