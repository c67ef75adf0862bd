import { useEffect, useState } from "react";
import { useActions, useEditor } from "#app/canvas/editor-context.tsx";
import { useReason } from "#app/shell/permission.ts";
import { Switch } from "#app/ui/field.tsx";
import { useJson } from "#app/ui/use-json.ts";

/** On or off from now on, whatever starts it. It is no part of the draft: undo and publish leave it alone. */
export function TriggerEnabled() {
  const { slug, name } = useEditor((state) => state.data.playbook);
  const version = useEditor((state) => state.published?.version);
  const enabled = useEditor((state) => state.enabled);
  const { say, set } = useActions();
  const reason = useReason()("playbooks:manage");
  // The switch is elsewhere, too: what the page was loaded with may be old.
  const { data } = useJson<{ enabled: boolean }>(`/api/v1/playbooks/${encodeURIComponent(slug)}`);
  useEffect(() => { if (data) set({ enabled: data.enabled }); }, [data, set]);
  const [busy, setBusy] = useState(false);
  const change = async (next: boolean) => {
    setBusy(true);
    set({ enabled: next });
    const response = await fetch(`/api/v1/playbooks/${encodeURIComponent(slug)}`, { method: "PATCH", headers: { "content-type": "application/json" }, body: JSON.stringify({ enabled: next }) }).catch(() => null);
    setBusy(false);
    if (response?.ok) return;
    set({ enabled: !next });
    say(`It is still ${next ? "off" : "on"}: ${response === null ? "the server cannot be reached" : `the server answered ${response.status}`}`);
  };
  return (
    <div className="flex items-start gap-3 border-b border-line p-3">
      <span className="pt-0.5"><Switch checked={enabled} label={`${name} enabled`} reason={reason ?? (busy ? "One moment" : undefined)} onChange={change} /></span>
      <p>
        {enabled ? "On" : "Off"}
        <span className="block text-xs text-fg-3">{version === undefined ? "Holds from its first published version on." : enabled ? `Version ${version} is what starts.` : "Nothing starts it, nor can anybody."} Switching takes effect at once, everywhere, whatever this draft says.</span>
      </p>
    </div>
  );
}
