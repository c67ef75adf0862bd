import { useId } from "react";
import type { Json } from "#app/form/bindings.ts";
import { LiteralControl } from "#app/form/controls/literal-control.tsx";
import { describedBy, FieldFrame } from "#app/form/field-frame.tsx";
import type { FormField, Problem } from "#format";
import { shapeOfField } from "./form-shape.ts";

interface FormFieldsProps {
  fields: readonly FormField[];
  values: Readonly<Record<string, Json>>;
  /** By field: what the server said. */
  errors: Readonly<Record<string, string>>;
  onChange(values: Record<string, Json>): void;
}

/** What a field begins with: its default, which may be emptied. */
export const initialValues = (fields: readonly FormField[]): Record<string, Json> =>
  Object.fromEntries(fields.flatMap((field) => (field.default !== undefined ? [[field.name, field.default]] : field.type === "boolean" ? [[field.name, false]] : [])));

/** The form that a person fills in to start a playbook. */
export function FormFields({ fields, values, errors, onChange }: FormFieldsProps) {
  const id = useId();
  return (
    <div className="space-y-3">
      {fields.map((field) => {
        const { name, label = name, hint, required } = field;
        const message = errors[name];
        const problems: Problem[] = message === undefined ? [] : [{ severity: "error", code: "input", message }];
        const fieldId = `${id}-${name}`;
        return (
          <FieldFrame key={name} id={fieldId} name={name} label={label} isRequired={required} problems={problems} {...(hint === undefined ? {} : { hint })}>
            {/* null is "left empty", in spite of a default. */}
            <LiteralControl id={fieldId} shape={shapeOfField(field)} label={label} value={values[name] ?? undefined} invalid={message !== undefined} describedBy={describedBy(fieldId, { hint, problems })} onChange={(value) => onChange({ ...values, [name]: value ?? null })} />
          </FieldFrame>
        );
      })}
    </div>
  );
}
