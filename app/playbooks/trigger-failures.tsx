import { useId } from "react";
import { X } from "lucide-react";
import { useEditor } from "#app/canvas/editor-context.tsx";
import type { PlaybookSummary } from "#app/models/wire.ts";
import { FieldFrame } from "#app/form/field-frame.tsx";
import { IconButton } from "#app/ui/button.tsx";
import { inputLook } from "#app/ui/field.tsx";
import { useJson } from "#app/ui/use-json.ts";
import { useTrigger } from "./use-trigger.ts";

/** Whose failed runs start this playbook: any, or some. */
export function TriggerFailures() {
  const { trigger, set } = useTrigger();
  const own = useEditor((state) => state.data.playbook.slug);
  const { data } = useJson<PlaybookSummary[]>("/api/v1/playbooks");
  const id = useId();
  const chosen = trigger.playbooks ?? [];
  const rest = (data ?? []).filter(({ slug }) => slug !== own && !chosen.includes(slug));
  const choose = (slugs: string[]) => set("Change whose failures it handles", { playbooks: slugs.length === 0 ? null : slugs });
  const nameOf = (slug: string): string => data?.find((playbook) => playbook.slug === slug)?.name ?? (data === undefined ? slug : `${slug} (there is none)`);
  return (
    <FieldFrame id={id} name="playbooks" label="Of which playbooks" hint="What failed, and why, is in trigger: run_id, playbook, error, alert_id. A failure of this playbook, or of what it starts, starts no handler.">
      {chosen.length > 0 && (
        <ul className="mb-1.5 space-y-1">
          {chosen.map((slug) => (
            <li key={slug} className="flex items-center gap-1 rounded-md border border-line bg-canvas pl-2 text-sm"><span className="min-w-0 flex-1 truncate" title={slug}>{nameOf(slug)}</span><IconButton label={`Remove ${nameOf(slug)}`} className="!size-6" onClick={() => choose(chosen.filter((each) => each !== slug))}><X aria-hidden className="size-3.5" /></IconButton></li>
          ))}
        </ul>
      )}
      <select id={id} value="" aria-describedby={`${id}-hint`} onChange={({ target: { value } }) => value !== "" && choose([...chosen, value])} className={`${inputLook} pr-1`}>
        <option value="">{chosen.length === 0 ? "Any playbook" : "Another one…"}</option>
        {rest.map(({ slug, name }) => <option key={slug} value={slug}>{chosen.length === 0 ? `Only of ${name}` : name}</option>)}
      </select>
    </FieldFrame>
  );
}
