import clsx from "clsx";
import { Braces, MoreHorizontal, X } from "lucide-react";
import { useId, useState, type ReactNode } from "react";
import { useActions } from "#app/canvas/editor-context.tsx";
import type { Binding, Operation } from "#format";
import { Button, IconButton } from "#app/ui/button.tsx";
import { Menu, MenuItem } from "#app/ui/menu.tsx";
import { convert, type Json, modeOf, type Mode } from "./bindings.ts";
import { CodeFileField } from "./code-file-field.tsx";
import { ExpressionField } from "./expression-field.tsx";
import { describedBy, FieldFrame, hasError } from "./field-frame.tsx";
import { DRAGGED_FIELD } from "./dragged-field.ts";
import type { FormField } from "./fields.ts";
import { useFieldProblems, useNodeForm } from "./form-context.tsx";
import { LiteralField } from "./literal-field.tsx";
import { ModeSwitch } from "./mode-switch.tsx";

/** @param merge typing: undone together. @param before what has to be there first, in the same edit: a file. @returns whether it applied. */
export type ChangeBinding = (label: string, binding: Binding | undefined, options?: { merge?: boolean; before?: Operation[] }) => boolean;

interface BindingFieldProps {
  field: FormField;
  binding: Binding | undefined;
  modes: readonly Mode[];
  onChange: ChangeBinding;
  /** More that can be done with the field. Such a field is never without a value: it is there or it is not. */
  extra?: ReactNode;
}

/** One field that is bound: to a literal, to an expression over what is upstream, or to a code file. */
export function BindingField({ field, binding, modes, onChange, extra }: BindingFieldProps) {
  const { node, openTree, target, insert } = useNodeForm();
  const { say } = useActions();
  const problems = useFieldProblems(node, field.name);
  // An emptied expression and a file that is still to be chosen cannot be stored, and are no reason to show another control.
  const [wanted, setWanted] = useState<Mode | null>(null);
  const [isOver, setOver] = useState(false);
  const id = useId();
  const isBlank = binding === undefined || ("value" in binding && binding.value === "");
  const mode = wanted !== null && (isBlank || wanted === "file") ? wanted : binding === undefined ? modes[0]! : modeOf(binding);
  /** A field that exists by having a value has at least an empty one. */
  const empty = extra === undefined ? undefined : { value: "" };

  const set = (next: Binding | undefined) => onChange(`Set ${field.label}`, next, { merge: true });
  const toMode = (next: Mode) => {
    setWanted(next);
    if (next === "file" || next === mode) return;
    const { binding: converted = empty, lost } = convert(binding, next);
    if (JSON.stringify(converted) === JSON.stringify(binding)) return;
    onChange(next === "value" ? `${field.label} as a value` : `${field.label} as an expression`, converted);
    if (lost !== null) say(`${lost} is no value of its own and was taken out. Undo brings it back.`);
  };
  const setValue = (value: Json | undefined) => set(value === undefined ? empty : { value });

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
          <ModeSwitch label={field.label} mode={mode} modes={modes.includes(mode) ? modes : [...modes, mode]} onChange={toMode} />
          <Button size="sm" variant="ghost" aria-label={`Insert field into ${field.label}`} title="Insert a field from upstream" aria-pressed={target === field.name} className="!px-1" onClick={() => openTree(field.name)}><Braces aria-hidden className="size-3.5" /></Button>
          {binding !== undefined && extra === undefined && (
            <Menu trigger={<IconButton label={`More for ${field.label}`} className="!size-6"><MoreHorizontal aria-hidden className="size-3.5" /></IconButton>}>
              <MenuItem onSelect={() => { setWanted(null); onChange(`Clear ${field.label}`, undefined); }}><X aria-hidden className="size-3.5" /> Clear</MenuItem>
              {field.isNullable && <MenuItem onSelect={() => onChange(`Set ${field.label} to null`, { value: null })}>Set to null</MenuItem>}
            </Menu>
          )}
          {extra}
        </>
      }>
        {mode === "expr" && (
          <ExpressionField {...shared} name={field.name} label={field.label} problems={problems} value={binding !== undefined && "expr" in binding ? binding.expr : ""} onChange={(text) => { setWanted("expr"); set(text === "" ? empty : { expr: text }); }} />
        )}
        {mode === "file" && <CodeFileField {...shared} path={binding !== undefined && "file" in binding ? binding.file : null} label={field.label} onChange={onChange} />}
        {mode === "value" && <LiteralField field={field} shared={shared} binding={binding} setValue={setValue} setBinding={(next) => { setWanted("expr"); onChange(`Insert a field into ${field.label}`, next); }} />}
      </FieldFrame>
    </div>
  );
}
