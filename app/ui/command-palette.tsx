import { useNavigate } from "@remix-run/react";
import clsx from "clsx";
import { Search } from "lucide-react";
import { Dialog } from "radix-ui";
import { useId, useMemo, useState, type ReactNode } from "react";
import { Kbd } from "./kbd.tsx";
import { usePageActions } from "./page-actions.ts";
import { useJson } from "./use-json.ts";

export interface Destination { to: string; label: string; detail?: string; group: string; icon?: ReactNode }
/** What the search address answers to `?q=`. */
export interface Hits { hits: { to: string; label: string; detail: string; group: string }[] }

interface PaletteProps { open: boolean; onOpenChange(open: boolean): void; pages: Destination[]; searchUrl: string; placeholder: string; /** By group, for what the server finds. */ icons: Record<string, ReactNode> }

/** A place to go, or something that the open page can do. */
type Item = Destination | (Omit<Destination, "to"> & { run(): void; id: string });

const keyOf = (item: Item): string => ("run" in item ? `action ${item.id}` : item.to);

/** Ctrl-K: type, arrow, Enter. Pages and the open page's actions match at once, records come from the server. */
export function CommandPalette({ open, onOpenChange, ...rest }: PaletteProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-(--scrim)" />
        <Dialog.Content aria-describedby={undefined} className="fixed top-[14vh] left-1/2 z-40 w-[calc(100vw-32px)] max-w-xl -translate-x-1/2 animate-[rise_120ms_ease-out] overflow-hidden rounded-lg bg-raised shadow-float">
          <Dialog.Title className="sr-only">Go to</Dialog.Title>
          <Body {...rest} onClose={() => onOpenChange(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Body({ pages, searchUrl, placeholder, icons, onClose }: Omit<PaletteProps, "open" | "onOpenChange"> & { onClose(): void }) {
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const navigate = useNavigate();
  const list = useId();
  const needle = query.trim();

  const { data, loading } = useJson<Hits>(needle === "" ? null : `${searchUrl}?q=${encodeURIComponent(needle)}`, 160);

  const actions = usePageActions();
  const items = useMemo<Item[]>(() => {
    const matches = ({ label }: { label: string }) => label.toLowerCase().includes(needle.toLowerCase());
    // Untyped, it leads to pages; what a page can do is found by name.
    return [...(needle === "" ? [] : actions.filter(matches)), ...pages.filter(matches), ...(data?.hits ?? [])];
  }, [pages, actions, needle, data]);
  const at = Math.min(active, items.length - 1);

  const go = (item: Item | undefined) => {
    if (!item) return;
    onClose();
    // Once the palette has given the focus back, so that what opens can take it.
    if ("run" in item) requestAnimationFrame(() => setTimeout(item.run));
    else navigate(item.to);
  };

  return (
    <div>
      <div className="flex items-center gap-2 border-b border-line px-3">
        <Search aria-hidden className="size-4 shrink-0 text-fg-3" />
        <input
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls={list}
          aria-activedescendant={at >= 0 ? `${list}-${at}` : undefined}
          aria-label={placeholder}
          placeholder={placeholder}
          value={query}
          onChange={(event) => { setQuery(event.target.value); setActive(0); }}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown" || event.key === "ArrowUp") {
              event.preventDefault();
              setActive((at + (event.key === "ArrowDown" ? 1 : items.length - 1)) % Math.max(1, items.length));
            } else if (event.key === "Enter") {
              event.preventDefault();
              go(items[at]);
            }
          }}
          className="h-11 min-w-0 flex-1 bg-transparent text-base focus-visible:outline-none"
        />
        <Kbd>Esc</Kbd>
      </div>
      <ul role="listbox" id={list} aria-label="Results" className="max-h-[46vh] overflow-y-auto p-1">
        {items.map((item, index) => (
          <li
            key={keyOf(item)}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === at}
            ref={index === at ? (element) => element?.scrollIntoView({ block: "nearest" }) : undefined}
            onMouseMove={() => setActive(index)}
            onClick={() => go(item)}
            className={clsx("flex h-8 cursor-pointer items-center gap-2 rounded-md px-2", index === at && "bg-selected")}
          >
            <span aria-hidden className="grid size-4 shrink-0 place-items-center text-fg-3">{item.icon ?? icons[item.group]}</span>
            <span className="min-w-0 flex-1 truncate">{item.label}</span>
            {item.detail !== undefined && <span className="max-w-[40%] truncate text-xs text-fg-3">{item.detail}</span>}
            <span className="shrink-0 text-xs text-fg-3">{item.group}</span>
          </li>
        ))}
      </ul>
      <p role="status" className={clsx("px-4 pb-3 text-xs text-fg-3", items.length > 0 && !loading && "hidden")}>{loading ? "Searching…" : "Nothing matches."}</p>
    </div>
  );
}
