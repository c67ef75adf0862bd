import { useCallback, useState } from "react";
import { useOutcome } from "#app/shell/use-outcome.ts";
import { Button } from "#app/ui/button.tsx";
import { Dialog } from "#app/ui/dialog.tsx";
import { CheckField, SelectField, TextField } from "#app/ui/field.tsx";
import { Notice } from "#app/ui/state.tsx";
import { settingFields, type SettingField } from "./schema-form.ts";

export interface ConnectionType { type: string; title: string; description: string; docs: string | null; settings: Record<string, unknown>; secrets: string[] }

export function ConnectionForm({ types, open, onOpenChange }: { types: ConnectionType[]; open: boolean; onOpenChange(open: boolean): void }) {
  const { fetcher, busy, errors } = useOutcome(useCallback(() => onOpenChange(false), [onOpenChange]));
  const [typeName, setTypeName] = useState(types[0]?.type ?? "");
  const type = types.find((candidate) => candidate.type === typeName);
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Connect a product" description="Playbooks use the connection by its name. Secrets are encrypted and never shown again.">
      <fetcher.Form method="post" className="flex flex-col gap-3" autoComplete="off">
        <input type="hidden" name="intent" value="create" />
        <SelectField label="Product" name="type" value={typeName} onChange={(event) => setTypeName(event.target.value)} error={errors["type"]}>
          {types.map(({ type: value, title }) => <option key={value} value={value}>{title}</option>)}
        </SelectField>
        {type && <p className="-mt-1 text-xs text-fg-3">{type.description}{type.docs !== null && <> <a href={type.docs} target="_blank" rel="noreferrer" className="link">Documentation</a></>}</p>}
        <TextField key={`name-${typeName}`} label="Name" name="name" required maxLength={100} defaultValue={type?.title ?? ""} error={errors["name"]} />
        {type && settingFields(type.settings, type.secrets).map((field) => <Setting key={`${typeName}.${field.name}`} field={field} error={errors[field.name]} />)}
        <CheckField name="allow_private" label="May reach private addresses" hint="Needed only for a product inside your own network." />
        <TextField name="max_concurrent" label="Steps at a time (optional)" hint="Further steps wait in line. Empty: any number." inputMode="numeric" pattern="[1-9][0-9]{0,2}|1000" error={errors["max_concurrent"]} />
        {errors[""] !== undefined && <Notice>{errors[""]}</Notice>}
        <div className="flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Back</Button>
          <Button variant="primary" type="submit" busy={busy}>Connect</Button>
        </div>
      </fetcher.Form>
    </Dialog>
  );
}

function Setting({ field, error }: { field: SettingField; error: string | undefined }) {
  const name = `settings.${field.name}`;
  const label = `${field.label}${field.required ? "" : " (optional)"}`;
  const hint = field.hint ?? undefined;
  switch (field.kind) {
    case "boolean": return <CheckField name={name} label={field.label} {...(hint === undefined ? {} : { hint })} defaultChecked={field.initial === "true"} />;
    case "choice": return (
      <SelectField name={name} label={label} hint={hint} error={error} defaultValue={field.initial} required={field.required}>
        {!field.required && <option value="">default</option>}
        {field.choices.map((choice) => <option key={choice}>{choice}</option>)}
      </SelectField>
    );
    case "secret": return <TextField name={name} label={label} hint={hint} error={error} type="password" autoComplete="new-password" required={field.required} />;
    case "number": return <TextField name={name} label={label} hint={hint} error={error} inputMode="decimal" defaultValue={field.initial} required={field.required} />;
    case "list": return <TextField name={name} label={label} hint={hint ?? "Several, separated by commas"} error={error} defaultValue={field.initial} required={field.required} />;
    case "text": return <TextField name={name} label={label} hint={hint} error={error} defaultValue={field.initial} required={field.required} />;
    default: return field.kind satisfies never;
  }
}
