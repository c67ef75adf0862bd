import type { ReactNode } from "react";
import { useActions, useEditor } from "#app/canvas/editor-context.tsx";
import type { Mode } from "./bindings.ts";
import { BindingField } from "./binding-field.tsx";
import type { FormField } from "./fields.ts";
import { useNodeForm } from "./form-context.tsx";

/** The likeliest first: a fixed yes or no, or a list written out by hand, is hardly ever what a step should work on. */
function modesOf({ shape }: FormField): readonly Mode[] {
  if (shape.kind === "boolean" || shape.kind === "json") return ["expr", "value"];
  // Code gives whatever it likes: where a field says nothing of its type, a file is as good as an expression.
  return shape.kind === "any" ? ["value", "expr", "file"] : ["value", "expr"];
}

/** One input field of a node. */
export function InputField({ field, extra }: { field: FormField; /** Of a node that takes any names: renaming and removing it. */ extra?: ReactNode }) {
  const { node } = useNodeForm();
  const { edit } = useActions();
  const binding = useEditor((state) => state.draft.document.nodes.find(({ id }) => id === node)?.input[field.name]);
  return (
    <BindingField field={field} binding={binding} modes={modesOf(field)} extra={extra} onChange={(label, next, { merge = false, before = [] } = {}) =>
      edit(label, [...before, { op: "set-input", id: node, field: field.name, ...(next === undefined ? {} : { binding: next }) }], merge ? `${node}.${field.name}` : undefined)} />
  );
}
