import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import clsx from "clsx";
import { insertAt } from "./bindings.ts";
import { GrowingText } from "./controls/text-control.tsx";
import { type Insert, useNodeForm } from "./form-context.tsx";
import { type Completion, completionsAt } from "./scope.ts";

interface PlainExpressionProps {
  id: string;
  label: string;
  value: string;
  invalid: boolean;
  describedBy: string | undefined;
  onChange(text: string): void;
  /** Gets what puts a path where the cursor is. */
  insert: React.MutableRefObject<Insert>;
}

/** An expression as text, with the names that fit where the cursor is: until Monaco is there, and where it cannot be had. */
export function PlainExpression({ id, label, value, invalid, describedBy, onChange, insert }: PlainExpressionProps) {
  const { scope } = useNodeForm();
  const list = useId();
  const box = useRef<HTMLDivElement>(null);
  /** Where the cursor belongs after a change that the keyboard did not make. */
  const caret = useRef<number | null>(null);
  /** Where it was when the keyboard was last here; before that, an insertion goes to the end. */
  const selected = useRef<{ from: number; to: number } | null>(null);
  const [completion, setCompletion] = useState<Completion | null>(null);
  const [active, setActive] = useState(0);
  const area = () => box.current?.querySelector("textarea") ?? null;

  useLayoutEffect(() => {
    if (caret.current === null) return;
    area()?.setSelectionRange(caret.current, caret.current);
    selected.current = { from: caret.current, to: caret.current };
    caret.current = null;
  }, [value]);

  const put = (path: string, from: number, to: number) => {
    const inserted = insertAt(value, path, from, to);
    caret.current = inserted.caret;
    setCompletion(null);
    onChange(inserted.text);
    area()?.focus();
  };
  useEffect(() => {
    insert.current = (path) => {
      const { from, to } = selected.current ?? { from: value.length, to: value.length };
      put(path, from, to);
    };
  });

  const complete = (text: string, at: number) => {
    setCompletion(completionsAt(text, at, scope.fields));
    setActive(0);
  };
  const accept = (index: number) => {
    const option = completion?.options[index];
    const element = area();
    if (completion && option && element) put(option.path, completion.from, element.selectionStart);
  };

  const onKeyDown = (event: React.KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      complete(value, event.currentTarget.selectionStart);
      return;
    }
    if (completion === null) return;
    const { length } = completion.options;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") setActive((active + (event.key === "ArrowDown" ? 1 : length - 1)) % length);
    else if (event.key === "Enter" || event.key === "Tab") accept(active);
    else if (event.key === "Escape") setCompletion(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div ref={box} className="relative">
      <GrowingText
        id={id}
        value={value}
        spellCheck={false}
        autoCapitalize="off"
        placeholder="An expression"
        aria-controls={completion === null ? undefined : list}
        aria-autocomplete="list"
        aria-activedescendant={completion === null ? undefined : `${list}-${active}`}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        onSelect={({ currentTarget: { selectionStart, selectionEnd } }) => { selected.current = { from: selectionStart, to: selectionEnd }; }}
        onBlur={() => setCompletion(null)}
        onChange={(event) => {
          onChange(event.target.value);
          complete(event.target.value, event.target.selectionStart);
        }}
        onKeyDown={onKeyDown}
        rows={1}
        className="!bg-canvas font-mono !text-xs leading-5"
      />
      <span role="status" className="sr-only">{completion === null ? "" : `${completion.options.length} fields fit: arrows choose, Enter inserts`}</span>
      {completion !== null && (
        <ul id={list} role="listbox" aria-label={`Fields for ${label}`} className="absolute top-full right-0 left-0 z-30 mt-1 max-h-56 overflow-y-auto rounded-md bg-raised p-1 shadow-float">
          {completion.options.map(({ path, type }, index) => (
            <li
              key={path}
              id={`${list}-${index}`}
              role="option"
              aria-selected={index === active}
              ref={index === active ? (element) => element?.scrollIntoView({ block: "nearest" }) : undefined}
              onMouseDown={(event) => {
                event.preventDefault();
                accept(index);
              }}
              className={clsx("flex h-6 cursor-pointer items-center gap-2 rounded-sm px-2 font-mono text-xs", index === active && "bg-selected")}
            >
              <span className="min-w-0 flex-1 truncate">{path}</span>
              <span className="max-w-[45%] shrink-0 truncate text-fg-3">{type}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
