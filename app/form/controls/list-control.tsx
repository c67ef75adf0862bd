import { X } from "lucide-react";
import { useState } from "react";
import type { Json } from "../bindings.ts";
import type { Shape } from "../fields.ts";
import { type ControlProps, groupAttributes, printScalar, readScalar } from "./control.ts";

/** Values as chips: Enter or a comma adds one, Backspace in the empty box takes the last away, pasting several lines adds each. */
export function ListControl({ item, suggestions, ...props }: ControlProps & { item: Shape; suggestions?: readonly string[] }) {
  const [text, setText] = useState("");
  const [refused, setRefused] = useState<string>();
  const items = Array.isArray(props.value) ? props.value : props.value === undefined || props.value === null ? [] : [props.value];
  const set = (next: Json[]) => props.onChange(next.length === 0 ? undefined : next);
  const choices = suggestions ?? (item.kind === "choice" ? item.choices : []);

  const add = (raw: string): void => {
    const parts = raw.split(/[,\n]/).map((part) => part.trim()).filter(Boolean);
    if (item.kind === "number") {
      const wrong = parts.find((part) => !Number.isFinite(Number(part)));
      if (wrong !== undefined) return setRefused(`${wrong} is not a number`);
    }
    const values = parts.map((part): Json => (item.kind === "number" ? Number(part) : item.kind === "any" ? readScalar(part) : part));
    setText("");
    setRefused(undefined);
    const fresh = values.filter((value) => !items.includes(value));
    if (fresh.length > 0) set([...items, ...fresh]);
  };

  return (
    <div {...groupAttributes(props)} className={`rounded-md border bg-surface p-1 ${props.invalid ? "border-red" : "border-line-strong"} focus-within:border-accent`}>
      <ul className="flex flex-wrap items-center gap-1">
        {items.map((value, index) => (
          <li key={`${index}-${String(value)}`} className="flex max-w-full items-center rounded-sm bg-hover pl-1.5 text-xs">
            <span className="min-w-0 truncate" title={printScalar(value, item)}>{printScalar(value, item)}</span>
            <button type="button" aria-label={`Remove ${printScalar(value, item)}`} onClick={() => set(items.toSpliced(index, 1))} className="ml-0.5 grid size-5 shrink-0 place-items-center rounded-sm text-fg-3 hover:text-fg"><X aria-hidden className="size-3" /></button>
          </li>
        ))}
        <li className="min-w-24 flex-1">
          <input
            aria-label={`Add to ${props.label}`}
            aria-describedby={refused === undefined ? undefined : `${props.id}-refused`}
            value={text}
            list={choices.length > 0 ? `${props.id}-choices` : undefined}
            placeholder={items.length === 0 ? (props.placeholder ?? "Type and press Enter") : "Add"}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => {
              const { value } = event.target;
              if (/[,\n]/.test(value) || choices.includes(value)) add(value);
              else setText(value);
            }}
            onBlur={() => text !== "" && add(text)}
            onKeyDown={(event) => {
              if (event.key === "Enter") {
                event.preventDefault();
                if (text !== "") add(text);
              } else if (event.key === "Backspace" && text === "" && items.length > 0) set(items.slice(0, -1));
            }}
            className="h-6 w-full bg-transparent px-1 text-sm placeholder:text-xs focus-visible:outline-none"
          />
          {choices.length > 0 && <datalist id={`${props.id}-choices`}>{choices.filter((choice) => !items.includes(choice)).map((choice) => <option key={choice} value={choice} />)}</datalist>}
        </li>
      </ul>
      {refused !== undefined && <p id={`${props.id}-refused`} role="alert" className="px-1 text-xs text-red">{refused}</p>}
    </div>
  );
}
