import { useRef } from "react";
import { useEditor, useEditorStore } from "#app/canvas/editor-context.tsx";
import { type ExpressionHandle, ExpressionEditor } from "#app/code/expression-editor.tsx";
import type { Problem } from "#format";
import { type Insert, useInsert, useNodeForm } from "./form-context.tsx";
import { PlainExpression } from "./plain-expression.tsx";

interface ExpressionFieldProps { id: string; name: string; label: string; value: string; invalid: boolean; describedBy: string | undefined; problems: readonly Problem[]; onChange(text: string): void }

/** An expression over what is upstream: a plain field at first, which Monaco takes the place of when somebody goes into it. */
export function ExpressionField(props: ExpressionFieldProps) {
  const { name, label, value, problems, onChange } = props;
  const { node, wantScope } = useNodeForm();
  const { actions } = useEditorStore();
  const slug = useEditor((state) => state.data.playbook.slug);
  const draft = useEditor((state) => state.draft);
  const isLocked = useEditor((state) => state.data.readOnly !== null);
  const editor = useRef<ExpressionHandle>(null);
  const plain = useRef<Insert>(() => {});
  useInsert(name, (path) => {
    if (editor.current?.insert(path) !== true) plain.current(path);
  });
  return (
    <div onFocusCapture={wantScope}>
      <ExpressionEditor
        ref={editor}
        playbook={slug}
        draft={draft}
        node={node}
        field={name}
        value={value}
        onChange={onChange}
        label={label}
        id={props.id}
        readOnly={isLocked}
        problems={problems}
        onSave={() => void actions.flush()}
        fallback={<PlainExpression {...props} insert={plain} />}
      />
    </div>
  );
}
