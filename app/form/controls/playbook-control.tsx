import type { PlaybookSummary } from "#app/models/wire.ts";
import { inputLook } from "#app/ui/field.tsx";
import { useJson } from "#app/ui/use-json.ts";
import { attributes, type ControlProps } from "./control.ts";

/** Another playbook, stored by its slug. One that is gone stays chosen, and says so. */
export function PlaybookControl(props: ControlProps) {
  const { data } = useJson<PlaybookSummary[]>("/api/v1/playbooks");
  const slug = typeof props.value === "string" ? props.value : "";
  const isKnown = slug === "" || data?.some((playbook) => playbook.slug === slug) === true;
  return (
    <select {...attributes(props)} value={slug} onChange={({ target: { value } }) => props.onChange(value === "" ? undefined : value)} className={`${inputLook} pr-1 ${slug === "" ? "text-fg-3" : ""}`}>
      <option value="">{props.placeholder ?? "Choose…"}</option>
      {data?.map((playbook) => <option key={playbook.id} value={playbook.slug}>{playbook.name}{playbook.version === null ? " (not published)" : ""}</option>)}
      {!isKnown && <option value={slug}>{slug}{data === undefined ? "" : " (there is none)"}</option>}
    </select>
  );
}
