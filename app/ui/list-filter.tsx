import { Form, useSearchParams, useSubmit } from "@remix-run/react";
import { ChevronDown, Search, X } from "lucide-react";
import { useEffect, useRef, type RefObject } from "react";
import { Button } from "./button.tsx";
import { Kbd } from "./kbd.tsx";
import { Menu, MenuCheck } from "./menu.tsx";
import { words } from "./words.ts";

export interface Choice { value: string; label?: string; count?: number }

/** One filter of a list: several values in the address, separated by commas (one only where `single`). Changing it starts at the first page. */
export function FilterMenu({ name, label, choices, single }: { name: string; label: string; choices: Choice[]; single?: boolean }) {
  const [params, setParams] = useSearchParams();
  const chosen = (params.get(name) ?? "").split(",").filter(Boolean);
  const set = (values: string[]) =>
    setParams((before) => {
      const next = new URLSearchParams(before);
      next.delete("cursor");
      if (values.length === 0) next.delete(name);
      else next.set(name, values.join(","));
      return next;
    }, { preventScrollReset: true });
  // A value in the address that no row has (any more) can still be taken away.
  const shown = [...choices, ...chosen.filter((value) => !choices.some((choice) => choice.value === value)).map((value): Choice => ({ value }))];

  return (
    <div className="flex">
      <Menu align="start" trigger={
        <Button size="sm" className={chosen.length > 0 ? "rounded-r-none !border-accent bg-selected" : "!border-dashed"}>
          {label}{chosen.length > 0 && <span className="max-w-40 truncate text-accent">{chosen.map((value) => shown.find((choice) => choice.value === value)?.label ?? words(value)).join(", ")}</span>}
          <ChevronDown aria-hidden className="size-3 text-fg-3" />
        </Button>
      }>
        {shown.length === 0 && <p className="px-2 py-1 text-fg-3">Nothing to choose yet</p>}
        {shown.map(({ value, label: text, count }) => (
          <MenuCheck key={value} checked={chosen.includes(value)} onChange={(on) => set(on ? (single ? [value] : [...chosen, value]) : chosen.filter((other) => other !== value))}>
            <span className="flex-1">{text ?? words(value)}</span>
            {count !== undefined && <span className="pl-4 text-xs text-fg-3">{count}</span>}
          </MenuCheck>
        ))}
      </Menu>
      {chosen.length > 0 && <Button size="sm" aria-label={`Clear ${label.toLowerCase()}`} className="rounded-l-none border-l-0 !border-accent bg-selected !px-1" onClick={() => set([])}><X aria-hidden className="size-3" /></Button>}
    </div>
  );
}

/** Search over all rows, not only the page: submits itself shortly after typing. */
export function SearchBox({ inputRef, label, placeholder = label }: { inputRef: RefObject<HTMLInputElement>; label: string; placeholder?: string }) {
  const [params] = useSearchParams();
  const submit = useSubmit();
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(timer.current), []);
  const query = params.get("q") ?? "";

  useEffect(() => {
    const input = inputRef.current;
    if (input && document.activeElement !== input) input.value = query;
  }, [query, inputRef]);

  return (
    <Form role="search" method="get" className="relative w-72 min-w-40 shrink" onSubmit={() => clearTimeout(timer.current)}>
      {[...params].filter(([name]) => name !== "q" && name !== "cursor").map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)}
      <Search aria-hidden className="pointer-events-none absolute top-1.5 left-2 size-3.5 text-fg-3" />
      <input
        ref={inputRef}
        type="search"
        name="q"
        defaultValue={query}
        aria-label={label}
        placeholder={placeholder}
        maxLength={200}
        onChange={(event) => {
          const form = event.currentTarget.form;
          clearTimeout(timer.current);
          timer.current = setTimeout(() => submit(form, { replace: true, preventScrollReset: true }), 300);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          // Chromium would empty the field; leaving it keeps the search.
          event.preventDefault();
          event.currentTarget.blur();
        }}
        className="h-6.5 w-full rounded-md border border-line-strong bg-surface pr-7 pl-7 text-xs"
      />
      <span aria-hidden className="pointer-events-none absolute top-1 right-1.5"><Kbd>/</Kbd></span>
    </Form>
  );
}
