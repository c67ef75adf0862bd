import { ChevronRight, Search } from "lucide-react";
import clsx from "clsx";
import { memo, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { CopyButton } from "./copy.tsx";
import { childPath, entriesOf, findInJson, GROUP, groupPath, isBranch, ROOT, type Entry } from "./json-search.ts";

const LONG = 240;
/** Levels open at first, as long as they are short. */
const OPEN_DEPTH = 2;
const OPEN_SIZE = 24;
/** Beyond this the tree is indented no further: a 10 000-level payload stays on the page. */
const MAX_INDENT = 24;

interface Tree { isOpen(path: string, initially: boolean): boolean; toggle(path: string, open: boolean): void; hit: string | undefined; matches: ReadonlySet<string> }

/**
 * JSON as a tree: only open branches are rendered and long levels come in groups, so a megabyte opens at once.
 * Copies the whole or a branch, searches keys and values.
 */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  const [changed, setChanged] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const found = useMemo(() => findInJson(value, query.trim()), [value, query]);
  const box = useRef<HTMLDivElement>(null);
  const hit = found.matches[at];
  const matches = useMemo<ReadonlySet<string>>(() => new Set(found.matches), [found]);

  useEffect(() => setAt(0), [query]);
  useEffect(() => {
    if (hit !== undefined) box.current?.querySelector("[data-hit]")?.scrollIntoView({ block: "nearest" });
  }, [hit]);

  if (value === undefined || value === null) return <p className="px-3 py-2 text-fg-3">{value === undefined ? "nothing" : "null"}</p>;

  const tree: Tree = {
    isOpen: (path, initially) => changed.get(path) ?? (found.open.has(path) || initially),
    toggle: (path, open) => setChanged(new Map(changed).set(path, open)),
    hit,
    matches,
  };
  return (
    <div className="min-w-0">
      <div className="flex h-8 items-center gap-1 border-b border-line pr-1 pl-3">
        <Search aria-hidden className="size-3.5 shrink-0 text-fg-3" />
        <input
          type="search"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || found.matches.length === 0) return;
            event.preventDefault();
            setAt((at + (event.shiftKey ? found.matches.length - 1 : 1)) % found.matches.length);
          }}
          placeholder="Search keys and values"
          aria-label={`Search ${label}`}
          className="h-7 min-w-0 flex-1 bg-transparent px-1 text-xs focus-visible:outline-none"
        />
        <span role="status" className="text-xs text-fg-3">{query.trim() === "" ? "" : found.matches.length === 0 ? "no match" : `${at + 1} of ${found.matches.length}${found.matches.length === 200 ? "+" : ""}`}</span>
        <CopyButton label={`Copy ${label}`} text={() => JSON.stringify(value, null, 2)} />
      </div>
      <div ref={box} tabIndex={0} aria-label={label} role="region" className="max-h-[60vh] overflow-auto py-1.5 font-mono text-xs leading-5">
        <Branch tree={tree} path={ROOT} name={undefined} value={value} depth={0} />
      </div>
    </div>
  );
}

function Branch({ tree, path, name, value, depth }: { tree: Tree; path: string; name: string | number | undefined; value: unknown; depth: number }) {
  if (!isBranch(value)) return <Leaf name={name} value={value} depth={depth} marked={tree.matches.has(path)} hit={tree.hit === path} />;
  const entries = entriesOf(value);
  const list = Array.isArray(value);
  const open = entries.length > 0 && tree.isOpen(path, depth === 0 || (depth < OPEN_DEPTH && entries.length <= OPEN_SIZE));
  return (
    <>
      <Line depth={depth} open={open} onToggle={entries.length === 0 ? undefined : () => tree.toggle(path, !open)} marked={tree.matches.has(path)} hit={tree.hit === path}>
        <Name name={name} />
        <span className="text-fg-3">{list ? `[${open ? "" : `${entries.length === 0 ? "" : "…"}]`}` : `{${open ? "" : `${entries.length === 0 ? "" : "…"}}`}`}</span>
        {entries.length > 0 && <span className="ml-2 text-fg-3">{entries.length} {list ? (entries.length === 1 ? "item" : "items") : entries.length === 1 ? "key" : "keys"}</span>}
      </Line>
      {open && <Children tree={tree} path={path} entries={entries} depth={depth + 1} />}
    </>
  );
}

function Children({ tree, path, entries, depth }: { tree: Tree; path: string; entries: Entry[]; depth: number }) {
  if (entries.length <= GROUP) return entries.map(([key, child]) => <Branch key={key} tree={tree} path={childPath(path, key)} name={key} value={child} depth={depth} />);
  const groups = Array.from({ length: Math.ceil(entries.length / GROUP) }, (_, group) => group);
  return groups.map((group) => {
    const from = group * GROUP;
    const own = groupPath(path, from);
    const open = tree.isOpen(own, group === 0);
    return (
      <div key={own}>
        <Line depth={depth} open={open} onToggle={() => tree.toggle(own, !open)}><span className="text-fg-3">{from} … {Math.min(from + GROUP, entries.length) - 1}</span></Line>
        {open && entries.slice(from, from + GROUP).map(([key, child]) => <Branch key={key} tree={tree} path={childPath(path, key)} name={key} value={child} depth={depth + 1} />)}
      </div>
    );
  });
}

const Name = ({ name }: { name: string | number | undefined }) => (name === undefined ? null : <><span className={typeof name === "number" ? "text-fg-3" : "text-fg"}>{name}</span><span className="text-fg-3">: </span></>);

function Line({ depth, open, onToggle, marked, hit, children }: { depth: number; open?: boolean; onToggle?: (() => void) | undefined; marked?: boolean; hit?: boolean; children: ReactNode }) {
  const look = clsx("flex w-full items-start pr-3 text-left break-all whitespace-pre-wrap", marked && "bg-hover", hit && "!bg-selected");
  const style = { paddingLeft: 8 + Math.min(depth, MAX_INDENT) * 14 };
  if (!onToggle) return <div className={look} style={style} data-hit={hit || undefined}><span className="w-4 shrink-0" /><span className="min-w-0">{children}</span></div>;
  return (
    <button type="button" aria-expanded={open} onClick={onToggle} className={clsx(look, "hover:bg-hover focus-visible:outline-offset-[-2px]")} style={style} data-hit={hit || undefined}>
      <ChevronRight aria-hidden className={clsx("mt-1 mr-0.5 size-3 shrink-0 text-fg-3 transition-transform", open && "rotate-90")} />
      <span className="min-w-0">{children}</span>
    </button>
  );
}

const Leaf = memo(function Leaf({ name, value, depth, marked, hit }: { name: string | number | undefined; value: unknown; depth: number; marked: boolean; hit: boolean }) {
  const [whole, setWhole] = useState(false);
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  const color = typeof value === "string" ? "text-green" : typeof value === "number" ? "text-blue" : "text-violet";
  const cut = !whole && text.length > LONG;
  return (
    <Line depth={depth} marked={marked} hit={hit}>
      <Name name={name} />
      <span className={color}>{cut ? `${text.slice(0, LONG)}…` : text}</span>
      {text.length > LONG && (
        <button type="button" onClick={() => setWhole(!whole)} className="ml-1 rounded-sm px-1 font-sans text-accent hover:bg-hover">{cut ? `show all ${text.length.toLocaleString("en")} characters` : "show less"}</button>
      )}
    </Line>
  );
});
