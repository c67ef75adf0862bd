import clsx from "clsx";
import { Search } from "lucide-react";
import { Fragment, useEffect, useId, useRef, useState, type DragEvent, type ReactNode } from "react";

export interface Pick {
  id: string;
  label: string;
  detail?: string | undefined;
  /** A line below the label. */
  note?: ReactNode;
  group?: string;
  icon?: ReactNode;
  /** Why it cannot be picked. */
  refusal?: string | undefined;
}

interface PickListProps {
  /** What is typed → what is offered, best first; items of one group stand together. */
  find(query: string): Pick[];
  onPick(item: Pick): void;
  onClose(): void;
  label: string;
  placeholder: string;
  /** Said where nothing is found. */
  nothing(query: string): ReactNode;
  onDragStart?(item: Pick, event: DragEvent): void;
  /** Of the list alone, as a class. */
  height?: string;
}

/** Type, arrow, Enter: a field and the list it filters. The field keeps the focus. */
export function PickList({ find, onPick, onClose, label, placeholder, nothing, onDragStart, height = "max-h-[46vh]" }: PickListProps) {
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const list = useId();
  const field = useRef<HTMLInputElement>(null);
  const byKey = useRef(true);
  useEffect(() => field.current?.focus({ preventScroll: true }), []);

  const items = find(query);
  const at = Math.min(active, items.length - 1);
  const pick = (item: Pick | undefined) => {
    if (item && item.refusal === undefined) onPick(item);
  };
  const step = (by: number) => {
    byKey.current = true;
    setActive((at + by + items.length) % Math.max(1, items.length));
  };

  return (
    <div className="flex min-h-0 flex-col">
      <div className="flex items-center gap-2 border-b border-line px-3">
        <Search aria-hidden className="size-4 shrink-0 text-fg-3" />
        <input
          ref={field}
          role="combobox"
          aria-expanded
          aria-controls={list}
          aria-activedescendant={at >= 0 ? `${list}-${at}` : undefined}
          aria-label={label}
          placeholder={placeholder}
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => { setQuery(event.target.value); setActive(0); byKey.current = true; }}
          onKeyDown={(event) => {
            const acts: Record<string, () => void> = { ArrowDown: () => step(1), ArrowUp: () => step(-1), PageDown: () => step(Math.min(8, items.length - 1 - at)), PageUp: () => step(-Math.min(8, at)), Enter: () => pick(items[at]), Escape: onClose };
            const act = acts[event.key];
            if (!act || event.nativeEvent.isComposing) return;
            event.preventDefault();
            event.stopPropagation();
            act();
          }}
          className="h-10 min-w-0 flex-1 bg-transparent text-sm focus-visible:outline-none"
        />
      </div>
      <ul role="listbox" id={list} aria-label={label} className={clsx("scroll-y min-h-0 flex-1 p-1", height)}>
        {items.map((item, index) => (
          <Fragment key={item.id}>
            {item.group !== undefined && item.group !== items[index - 1]?.group && <li role="presentation" className="px-2 pt-2 pb-1 text-2xs font-semibold tracking-wide text-fg-3 uppercase">{item.group}</li>}
            <li
              id={`${list}-${index}`}
              role="option"
              aria-selected={index === at}
              aria-disabled={item.refusal !== undefined || undefined}
              title={item.refusal}
              draggable={onDragStart !== undefined && item.refusal === undefined}
              onDragStart={(event) => onDragStart?.(item, event)}
              ref={index === at && byKey.current ? (element) => element?.scrollIntoView({ block: "nearest" }) : undefined}
              onMouseMove={() => { byKey.current = false; setActive(index); }}
              onMouseDown={(event) => { if (onDragStart === undefined) event.preventDefault(); }}
              onClick={() => pick(item)}
              className={clsx("flex cursor-pointer items-start gap-2 rounded-md px-2 py-1.5", index === at && "bg-selected", item.refusal !== undefined && "cursor-not-allowed")}
            >
              {item.icon !== undefined && <span aria-hidden className="mt-0.5 shrink-0">{item.icon}</span>}
              <span className="min-w-0 flex-1">
                <span className="flex min-w-0 items-baseline gap-2">
                  <span className={clsx("min-w-0 truncate", item.refusal !== undefined && "text-fg-3")}>{item.label}</span>
                  {item.detail !== undefined && <span className="ml-auto max-w-[50%] shrink-0 truncate text-xs text-fg-3">{item.detail}</span>}
                </span>
                {(item.refusal ?? item.note) !== undefined && <span className="line-clamp-2 text-xs text-fg-3">{item.refusal ?? item.note}</span>}
              </span>
            </li>
          </Fragment>
        ))}
      </ul>
      {items.length === 0 && <p role="status" className="px-4 pb-4 text-sm text-fg-2">{nothing(query)}</p>}
    </div>
  );
}
