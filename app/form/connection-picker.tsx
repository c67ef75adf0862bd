import { ExternalLink } from "lucide-react";
import { useId } from "react";
import { useActions, useEditor } from "#app/canvas/editor-context.tsx";
import { inputLook } from "#app/ui/field.tsx";
import { FieldFrame } from "./field-frame.tsx";
import { type ConnectionChoice, useConnections } from "./use-connections.ts";

/** Which connection of the node's type it uses. Without a choice it is the only one there is. */
export function ConnectionPicker({ node, type, chosen }: { node: string; type: string; chosen: string | undefined }) {
  const { edit } = useActions();
  const title = useEditor((state) => state.data.connectionTypes.find((each) => each.type === type)?.title ?? type);
  const fitting = useConnections(type);
  const id = useId();
  const isMissing = chosen !== undefined && !fitting.some(({ name }) => name === chosen);
  const trouble = troubleOf({ title, chosen, fitting, isMissing });
  return (
    <FieldFrame id={id} name="connection" label={`${title} connection`} problems={trouble === null ? [] : [{ severity: "warning", code: "connection", message: trouble }]}
      aside={<a href="/settings/connections" target="_blank" rel="noreferrer" className="link inline-flex items-center gap-1 text-xs">{fitting.length === 0 ? "Create a connection" : "Connections"}<ExternalLink aria-hidden className="size-3" /><span className="sr-only"> (new tab)</span></a>}>
      <select id={id} value={chosen ?? ""} aria-describedby={trouble === null ? undefined : `${id}-problems`} onChange={(event) => edit("Choose the connection", [{ op: "set-node", id: node, changes: { connection: event.target.value === "" ? null : event.target.value } }])} className={`${inputLook} pr-1`}>
        <option value="">{fitting.length === 1 ? `The only one: ${fitting[0]!.name}` : fitting.length === 0 ? "None yet" : "Choose…"}</option>
        {fitting.map((connection) => <option key={connection.id} value={connection.name}>{connection.name}{stateOf(connection)}</option>)}
        {isMissing && <option value={chosen}>{chosen} (missing)</option>}
      </select>
    </FieldFrame>
  );
}

const isUnwell = ({ health }: ConnectionChoice): boolean => health === "unhealthy";

const stateOf = (connection: ConnectionChoice): string => (!connection.enabled ? " (off)" : isUnwell(connection) ? " (not working)" : connection.health === "healthy" ? " (working)" : "");

function troubleOf({ title, chosen, fitting, isMissing }: { title: string; chosen: string | undefined; fitting: readonly ConnectionChoice[]; isMissing: boolean }): string | null {
  if (isMissing) return `There is no ${title} connection “${chosen}” any more: choose another or create it`;
  if (fitting.length === 0) return `There is no ${title} connection yet, and a run needs one`;
  if (chosen === undefined && fitting.length > 1) return `There are ${fitting.length} ${title} connections: choose one`;
  const used = chosen === undefined ? fitting[0] : fitting.find(({ name }) => name === chosen);
  if (used?.enabled === false) return `“${used.name}” is switched off in the settings`;
  return used && isUnwell(used) ? `“${used.name}” did not work when it was last asked${used.health_message ? `: ${used.health_message}` : ""}` : null;
}
