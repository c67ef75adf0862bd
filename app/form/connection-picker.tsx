import { ExternalLink } from "lucide-react";
import { useId } from "react";
import { useActions, useEditor } from "#app/canvas/editor-context.tsx";
import { inputLook } from "#app/ui/field.tsx";
import { FieldFrame } from "./field-frame.tsx";

/** Which connection of the node's type it uses. Without a choice it is the only one there is. */
export function ConnectionPicker({ node, type, chosen }: { node: string; type: string; chosen: string | undefined }) {
  const { edit } = useActions();
  const all = useEditor((state) => state.data.connections);
  const title = useEditor((state) => state.data.connectionTypes.find((each) => each.type === type)?.title ?? type);
  const id = useId();
  const fitting = all.filter((connection) => connection.type === type);
  const isMissing = chosen !== undefined && !fitting.some(({ name }) => name === chosen);
  const problem = missing({ title, chosen, fitting, isMissing });
  return (
    <FieldFrame id={id} name="connection" label={`${title} connection`} problems={problem === null ? [] : [{ severity: "error", code: "connection", message: problem }]}
      aside={<a href="/settings/connections" target="_blank" rel="noreferrer" className="link inline-flex items-center gap-1 text-xs">{fitting.length === 0 ? "Create a connection" : "Connections"}<ExternalLink aria-hidden className="size-3" /><span className="sr-only">(new tab)</span></a>}>
      <select id={id} value={chosen ?? ""} aria-invalid={problem !== null || undefined} aria-describedby={problem === null ? undefined : `${id}-problems`} onChange={(event) => edit("Choose the connection", [{ op: "set-node", id: node, changes: { connection: event.target.value === "" ? null : event.target.value } }])} className={`${inputLook} pr-1`}>
        <option value="">{fitting.length === 1 ? `The only one: ${fitting[0]!.name}` : fitting.length === 0 ? "None yet" : "Choose…"}</option>
        {fitting.map(({ id: key, name, enabled }) => <option key={key} value={name}>{name}{enabled ? "" : " (off)"}</option>)}
        {isMissing && <option value={chosen}>{chosen} (missing)</option>}
      </select>
    </FieldFrame>
  );
}

function missing({ title, chosen, fitting, isMissing }: { title: string; chosen: string | undefined; fitting: readonly { name: string; enabled: boolean }[]; isMissing: boolean }): string | null {
  if (isMissing) return `There is no ${title} connection “${chosen}” any more: choose another or create it`;
  if (fitting.length === 0) return `A test or a run needs a ${title} connection: create one, then come back`;
  if (chosen === undefined && fitting.length > 1) return `There are ${fitting.length} ${title} connections: choose one`;
  const used = chosen === undefined ? fitting[0] : fitting.find(({ name }) => name === chosen);
  return used?.enabled === false ? `“${used.name}” is switched off in the settings` : null;
}
