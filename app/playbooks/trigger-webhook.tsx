import { useId, useState } from "react";
import { useEditor } from "#app/canvas/editor-context.tsx";
import type { HookWire } from "#app/models/playbook-hook.server.ts";
import { FieldFrame } from "#app/form/field-frame.tsx";
import { NumberControl } from "#app/form/controls/number-control.tsx";
import { useReason } from "#app/shell/permission.ts";
import { Button } from "#app/ui/button.tsx";
import { CopyBlock } from "#app/ui/copy.tsx";
import { inputLook } from "#app/ui/field.tsx";
import { Notice } from "#app/ui/state.tsx";
import { Time } from "#app/ui/time.tsx";
import { useJson } from "#app/ui/use-json.ts";
import { MAX_RESPOND_WITHIN, responseOf } from "#format";
import { useTrigger } from "./use-trigger.ts";

/** How its webhook answers. */
export function TriggerWebhook() {
  const { trigger, set } = useTrigger();
  const id = useId();
  const response = responseOf(trigger);
  const change = (changes: Partial<typeof response>) => set("Change the answer", { webhook: { ...response, ...changes } }, `webhook.${Object.keys(changes).join()}`);
  return (
    <div data-field="webhook" className="space-y-3">
      <FieldFrame id={`${id}-respond`} name="respond" label="Answers" hint={response.respond === "result" ? "With the result of the stop node; with 202 and the run's id where that takes longer." : "With 202 and the run's id, before the run has begun."}>
        <select id={`${id}-respond`} value={response.respond} aria-describedby={`${id}-respond-hint`} onChange={(event) => change({ respond: event.target.value as typeof response.respond })} className={`${inputLook} pr-1`}>
          <option value="accepted">At once</option>
          <option value="result">When the run has ended</option>
        </select>
      </FieldFrame>
      {response.respond === "result" && (
        <FieldFrame id={`${id}-within`} name="within" label="Within seconds">
          <NumberControl id={`${id}-within`} label="Within seconds" value={response.within} invalid={false} describedBy={undefined} limits={{ isWhole: false, min: 1, max: MAX_RESPOND_WITHIN }} onChange={(value) => typeof value === "number" && change({ within: value })} />
        </FieldFrame>
      )}
    </div>
  );
}

/** The address itself. It is no part of the draft: undo and publish leave it alone. */
export function WebhookAddress() {
  const slug = useEditor((state) => state.data.playbook.slug);
  const url = `/api/v1/playbooks/${encodeURIComponent(slug)}/hook`;
  const { data, loading } = useJson<{ hook: HookWire | null }>(url);
  const reason = useReason()("playbooks:manage");
  const [made, setMade] = useState<HookWire & { url: string }>();
  const [fault, setFault] = useState<string>();
  const [busy, setBusy] = useState(false);
  const hook = made ?? data?.hook ?? null;
  const make = async () => {
    setBusy(true);
    const response = await fetch(url, { method: "POST" }).catch(() => null);
    setBusy(false);
    setFault(response?.ok ? undefined : response === null ? "The server cannot be reached" : `The server answered ${response.status}`);
    if (response?.ok) setMade((await response.json()) as HookWire & { url: string });
  };
  if (loading && made === undefined) return null;
  return (
    <div className="space-y-2">
      {made !== undefined && (
        <>
          <CopyBlock text={made.url} label="address" />
          <p className="text-xs text-fg-2">Copy it now: it is not shown again. Whoever has it can start this playbook.</p>
        </>
      )}
      {made === undefined && <p className="text-fg-2">{hook === null ? "It has no address yet." : <>It has an address that ends in <code className="font-mono">…{hook.hint}</code>, made <Time at={hook.created_at} suffix=" ago" />{hook.created_by === null ? "" : ` by ${hook.created_by}`}.</>}</p>}
      <Button busy={busy} reason={reason} onClick={make}>{hook === null ? "Make an address" : "Make another address"}</Button>
      {hook !== null && <p className="text-xs text-fg-3">Another address takes its place; this one is refused from then on.</p>}
      {fault !== undefined && <Notice>{fault}</Notice>}
    </div>
  );
}
