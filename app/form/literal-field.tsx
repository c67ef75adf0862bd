import { X } from "lucide-react";
import { useRef } from "react";
import type { Binding } from "#format";
import { insertIntoText, type Json } from "./bindings.ts";
import { LiteralControl } from "./controls/literal-control.tsx";
import type { FormField } from "./fields.ts";
import { useInsert } from "./form-context.tsx";

interface LiteralFieldProps {
  field: FormField;
  shared: { id: string; invalid: boolean; describedBy: string | undefined };
  binding: Binding | undefined;
  setValue(value: Json | undefined): void;
  setBinding(binding: Binding): void;
}

/** A literal; a field from upstream turns it into an expression, around the text that is there. */
export function LiteralField({ field, shared, binding, setValue, setBinding }: LiteralFieldProps) {
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
