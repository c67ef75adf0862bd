import { useActions } from "#app/canvas/editor-context.tsx";
import type { PlaybookNode } from "#format";
import { BindingField } from "./binding-field.tsx";
import type { FormField } from "./fields.ts";

const FIELD: FormField = {
  name: "until", label: "Until", shape: { kind: "boolean" }, isRequired: false, isNullable: false, initial: undefined,
  hint: "True ends it. Asked after each round, with what the steps inside gave in that round; item is the number of the round, from 0.",
};

/** What ends a repeat. */
export function UntilField({ node }: { node: PlaybookNode }) {
  const { edit } = useActions();
  return (
    <BindingField field={FIELD} binding={node.until} modes={["expr"]} onChange={(label, next, { merge = false, before = [] } = {}) =>
      edit(label, [...before, { op: "set-node", id: node.id, changes: { until: next ?? null } }], merge ? `${node.id}.until` : undefined)} />
  );
}
