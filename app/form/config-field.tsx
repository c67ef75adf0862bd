import { RotateCcw } from "lucide-react";
import { useId } from "react";
import { useActions, useEditor, useEditorStore } from "#app/canvas/editor-context.tsx";
import { IconButton } from "#app/ui/button.tsx";
import type { Json } from "./bindings.ts";
import { LiteralControl } from "./controls/literal-control.tsx";
import { describedBy, FieldFrame, hasError } from "./field-frame.tsx";
import type { FormField } from "./fields.ts";
import { useFieldProblems } from "./form-context.tsx";
import { followPorts, portNames } from "./port-edges.ts";

/** One setting of a node: always a literal, since it is chosen while authoring. Left out, the type's default holds. */
export function ConfigField({ node, field, ports }: { node: string; field: FormField; /** Name of an entry's field that names a port; null where this setting lists no ports. */ ports: string | null }) {
  const store = useEditorStore();
  const { edit } = useActions();
  const set = useEditor((state) => state.draft.document.nodes.find(({ id }) => id === node)?.config[field.name]);
  const problems = useFieldProblems(node, field.name);
  const id = useId();
  const initial = field.initial as Json | undefined;
  const change = (value: Json | undefined) => {
    const follow = ports === null ? [] : followPorts(store.getState().draft.document.edges, node, portNames(set ?? initial, ports), portNames(value ?? initial, ports));
    edit(`Set ${field.label}`, [{ op: "set-config", id: node, field: field.name, ...(value === undefined ? {} : { value }) }, ...follow], follow.length > 0 ? undefined : `${node}.${field.name}`);
  };
  // A list shows its default to be changed; a text or a choice says it where nothing is chosen.
  const value = set ?? (field.shape.kind === "list" || field.shape.kind === "rows" || field.shape.kind === "boolean" || field.shape.kind === "choice" ? initial : undefined);
  return (
    <FieldFrame id={id} label={field.label} name={field.name} isRequired={field.isRequired} hint={field.hint} problems={problems}
      aside={set !== undefined && initial !== undefined && JSON.stringify(set) !== JSON.stringify(initial) ? <IconButton label={`${field.label} back to its default`} className="!size-6" onClick={() => change(undefined)}><RotateCcw aria-hidden className="size-3.5" /></IconButton> : undefined}>
      <LiteralControl id={id} shape={field.shape} label={field.label} value={value} onChange={change} invalid={hasError(problems)} describedBy={describedBy(id, { hint: field.hint, problems })} placeholder={initial === undefined || typeof initial === "object" ? undefined : `Default: ${String(initial)}`} emptyLabel={initial === undefined ? "Not set" : `Default: ${String(initial)}`} />
    </FieldFrame>
  );
}
