import { useMemo } from "react";
import { useEditor } from "#app/canvas/editor-context.tsx";
import { typeOf } from "#app/canvas/shapes.ts";
import type { PlaybookNode } from "#format";
import { Notice } from "#app/ui/state.tsx";
import { ApprovalSettings } from "./approval-settings.tsx";
import { ConfigField } from "./config-field.tsx";
import { ConnectionPicker } from "./connection-picker.tsx";
import { ExtraFields } from "./extra-fields.tsx";
import { fieldsOf } from "./fields.ts";
import { FailureSettings } from "./failure-settings.tsx";
import { NodeFormProvider, useNodeForm } from "./form-context.tsx";
import { InputField } from "./input-field.tsx";
import { LastTest } from "./last-test.tsx";
import { NodeHead } from "./node-head.tsx";
import { NoteField } from "./note-field.tsx";
import { Section } from "./section.tsx";
import { UntilField } from "./until-field.tsx";
import { UpstreamTree } from "./upstream-tree.tsx";
import { useFocusWish } from "./use-focus-wish.ts";

/** The one type whose document has a condition of its own beside its fields. */
const REPEAT = "core.repeat";

export function NodeForm({ id }: { id: string }) {
  const node = useEditor((state) => state.draft.document.nodes.find((each) => each.id === id));
  return node === undefined ? null : <NodeFormProvider key={id} node={id}><Form node={node} /></NodeFormProvider>;
}

function Form({ node }: { node: PlaybookNode }) {
  const type = useEditor((state) => typeOf(state.types, node));
  const isLocked = useEditor((state) => state.data.readOnly !== null);
  const { target } = useNodeForm();
  const config = useMemo(() => (type ? fieldsOf(type.config) : []), [type]);
  const inputs = useMemo(() => (type ? fieldsOf(type.input, type.requiredInputs) : []), [type]);
  const body = useFocusWish(node.id);
  const targetLabel = inputs.find(({ name }) => name === target)?.label ?? target ?? "";
  return (
    <>
      <div ref={body} className="scroll-y min-h-0 flex-1">
        <fieldset disabled={isLocked} className="contents">
          <NodeHead node={node} type={type} />
          {type === undefined && <div className="p-3"><Notice>No node of type {node.type} version {node.version} is installed here. Its settings stay as they are.</Notice></div>}
          {type?.connection != null && <Section title="Connection"><ConnectionPicker node={node.id} type={type.connection} chosen={node.connection} /></Section>}
          {config.length > 0 && <Section title="Settings">{config.map((field) => <ConfigField key={field.name} node={node.id} field={field} ports={type?.portsFrom?.list === field.name ? type.portsFrom.name : null} />)}</Section>}
          {inputs.length > 0 && <Section title="Input">{inputs.map((field) => <InputField key={field.name} field={field} />)}</Section>}
          {type?.type === REPEAT && <Section title="Loop"><UntilField node={node} /></Section>}
          {type?.anyInput === true && <ExtraFields node={node} known={inputs.map(({ name }) => name)} />}
          <ApprovalSettings node={node} />
          <FailureSettings node={node} type={type} />
          <NoteField node={node} />
        </fieldset>
        <LastTest node={node.id} />
      </div>
      {target !== null && <UpstreamTree target={target} label={targetLabel} />}
    </>
  );
}
