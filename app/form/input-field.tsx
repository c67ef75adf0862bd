import clsx from "clsx";
import { Braces, FileCode, MoreHorizontal, Pencil, X } from "lucide-react";
import { useId, useRef, useState } from "react";
import { useActions, useEditor } from "#app/canvas/editor-context.tsx";
import type { Binding } from "#format";
import { Button, IconButton } from "#app/ui/button.tsx";
import { Menu, MenuItem } from "#app/ui/menu.tsx";
import { convert, insertIntoText, modeOf, type Mode } from "./bindings.ts";
import { CodeFileField } from "./code-file-field.tsx";
import { LiteralControl } from "./controls/literal-control.tsx";
import { ExpressionField } from "./expression-field.tsx";
import { describedBy, FieldFrame, hasError } from "./field-frame.tsx";
import { DRAGGED_FIELD } from "./dragged-field.ts";
import type { FormField } from "./fields.ts";
import { useFieldProblems, useInsert, useNodeForm } from "./form-context.tsx";

/** One input field of a node: a literal, an expression over what is upstream, or a code file. */
export function InputField({ field, extra }: { field: FormField; /** Of a node that takes any names: the field can be renamed and removed. */ extra?: React.ReactNode }) {
  const { node, openTree, target, insert } = useNodeForm();
  const { edit, say } = useActions();
  const binding = useEditor((state) => state.draft.document.nodes.find(({ id }) => id === node)?.input[field.name]);
  const problems = useFieldProblems(node, field.name);
  // An emptied expression cannot be stored, and is no reason to show another control.
  const [emptied, setEmptied] = useState<Mode | null>(null);
  const [isOver, setOver] = useState(false);
  const id = useId();
  const mode = binding === undefined ? (emptied ?? "value") : modeOf(binding);

  const set = (next: Binding | undefined, label = `Set ${field.label}`) => edit(label, [{ op: "set-input", id: node, field: field.name, ...(next === undefined ? {} : { binding: next }) }], `${node}.${field.name}`);
  const toMode = (next: Mode) => {
    setEmptied(next);
    if (next === "file" || next === mode) return;
    const { binding: converted, lost } = convert(binding, next);
    if (JSON.stringify(converted) === JSON.stringify(binding)) return;
    edit(next === "value" ? `${field.label} as a value` : `${field.label} as an expression`, [{ op: "set-input", id: node, field: field.name, ...(converted === undefined ? {} : { binding: converted }) }]);
    if (lost !== null) say(`${lost} is no value of its own and was taken out. Undo brings it back.`);
  };
  const setValue = (value: Extract<Binding, { value: unknown }>["value"] | undefined) => set(value === undefined ? (extra === undefined ? undefined : { value: "" }) : { value });

  const shared = { id, invalid: hasError(problems), describedBy: describedBy(id, { hint: field.hint, problems }) };
  return (
    <div
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(DRAGGED_FIELD)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        const path = event.dataTransfer.getData(DRAGGED_FIELD);
        if (path === "") return;
        event.preventDefault();
        insert(field.name, path);
      }}
      className={clsx("rounded-md", (isOver || target === field.name) && "bg-selected shadow-[0_0_0_4px_var(--selected)]")}
    >
      <FieldFrame id={id} label={field.label} name={field.name} isRequired={field.isRequired} hint={field.hint} problems={problems} aside={
        <>
          <ModeSwitch label={field.label} mode={mode} hasFile={mode === "file" || field.shape.kind === "any"} onChange={toMode} />
          <Button size="sm" variant="ghost" aria-label={`Insert field into ${field.label}`} title="Insert a field from upstream" aria-pressed={target === field.name} className="!px-1" onClick={() => openTree(field.name)}><Braces aria-hidden className="size-3.5" /></Button>
          {binding !== undefined && extra === undefined && (
            <Menu trigger={<IconButton label={`More for ${field.label}`} className="!size-6"><MoreHorizontal aria-hidden className="size-3.5" /></IconButton>}>
              <MenuItem onSelect={() => { setEmptied(null); set(undefined, `Clear ${field.label}`); }}><X aria-hidden className="size-3.5" /> Clear</MenuItem>
              {field.isNullable && <MenuItem onSelect={() => set({ value: null }, `Set ${field.label} to null`)}>Set to null</MenuItem>}
            </Menu>
          )}
          {extra}
        </>
      }>
        {mode === "expr" && (
          <ExpressionField {...shared} name={field.name} label={field.label} value={binding !== undefined && "expr" in binding ? binding.expr : ""} onChange={(text) => { setEmptied("expr"); set(text === "" ? undefined : { expr: text }); }} />
        )}
        {mode === "file" && <CodeFileField {...shared} field={field} path={binding !== undefined && "file" in binding ? binding.file : null} />}
        {mode === "value" && <LiteralField field={field} shared={shared} binding={binding} setValue={setValue} setBinding={(next) => { setEmptied("expr"); set(next, `Insert a field into ${field.label}`); }} />}
      </FieldFrame>
    </div>
  );
}

interface LiteralFieldProps {
  field: FormField;
  shared: { id: string; invalid: boolean; describedBy: string | undefined };
  binding: Binding | undefined;
  setValue(value: Extract<Binding, { value: unknown }>["value"] | undefined): void;
  setBinding(binding: Binding): void;
}

/** A literal; a field from upstream turns it into an expression, around the text that is there. */
function LiteralField({ field, shared, binding, setValue, setBinding }: LiteralFieldProps) {
  const box = useRef<HTMLDivElement>(null);
  const value = binding !== undefined && "value" in binding ? binding.value : undefined;
  useInsert(field.name, (path) => {
    const input = box.current?.querySelector<HTMLInputElement | HTMLTextAreaElement>("input, textarea");
    // Only texts have a place inside; any other value is replaced.
    const text = typeof value === "string" && (field.shape.kind === "text" || field.shape.kind === "any") ? value : "";
    const inserted = insertIntoText(text, path, input?.selectionStart ?? text.length);
    setBinding({ expr: inserted.text });
    setTimeout(() => {
      const expression = document.getElementById(shared.id);
      if (!(expression instanceof HTMLTextAreaElement)) return;
      expression.focus();
      expression.setSelectionRange(inserted.caret, inserted.caret);
    });
  });
  if (value === null) return <button type="button" id={shared.id} aria-label={`${field.label} is null. Clear it`} onClick={() => setValue(undefined)} className="flex h-8 w-full items-center justify-between rounded-md border border-line px-2.5 text-left text-fg-3 hover:bg-hover"><span className="font-mono text-xs">null</span><X aria-hidden className="size-3.5" /></button>;
  return <div ref={box}><LiteralControl {...shared} shape={field.shape} label={field.label} value={value} onChange={setValue} emptyLabel={field.isRequired ? "Choose…" : "Not set"} /></div>;
}

const MODES: readonly (readonly [Mode, string, typeof Pencil])[] = [["value", "Value", Pencil], ["expr", "Expression", Braces], ["file", "Code file", FileCode]];

function ModeSwitch({ label, mode, hasFile, onChange }: { label: string; mode: Mode; hasFile: boolean; onChange(mode: Mode): void }) {
  return (
    <div role="radiogroup" aria-label={`How ${label} is filled`} className="flex rounded-md border border-line bg-canvas p-px">
      {MODES.filter(([value]) => value !== "file" || hasFile).map(([value, word]) => (
        <button
          key={value}
          type="button"
          role="radio"
          aria-checked={mode === value}
          aria-label={word}
          title={word}
          tabIndex={mode === value ? 0 : -1}
          onClick={() => onChange(value)}
          onKeyDown={(event) => {
            const shown = MODES.filter(([each]) => each !== "file" || hasFile).map(([each]) => each);
            const by = event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : event.key === "ArrowLeft" || event.key === "ArrowUp" ? -1 : 0;
            if (by === 0) return;
            event.preventDefault();
            onChange(shown[(shown.indexOf(mode) + by + shown.length) % shown.length]!);
            const buttons = event.currentTarget.parentElement!.querySelectorAll("button");
            buttons[(shown.indexOf(mode) + by + shown.length) % shown.length]?.focus();
          }}
          className={clsx("h-5 rounded-[5px] px-1.5 text-2xs", mode === value ? "bg-raised font-medium text-fg shadow-[0_0_0_1px_var(--line)]" : "text-fg-3 hover:text-fg")}
        >
          {value === "value" ? "Value" : value === "expr" ? "fx" : "Code"}
        </button>
      ))}
    </div>
  );
}
