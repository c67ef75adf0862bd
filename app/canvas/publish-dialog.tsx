import { Link } from "@remix-run/react";
import { useEffect, useState } from "react";
import { describeChanges } from "#format/compare.ts";
import { Button } from "#app/ui/button.tsx";
import { Dialog } from "#app/ui/dialog.tsx";
import { CheckField } from "#app/ui/field.tsx";
import { Notice } from "#app/ui/state.tsx";
import { useToast } from "#app/ui/toast.tsx";
import { useEditor, useEditorStore } from "./editor-context.tsx";
import { ProblemGroups } from "./problems-panel.tsx";
import { publishDraft } from "./publish-draft.ts";

/** What would run from now on, what is in the way, and whether alerts start it. */
export function PublishDialog({ onClose }: { onClose(): void }) {
  const store = useEditorStore();
  const toast = useToast();
  const draft = useEditor((state) => state.draft);
  const published = useEditor((state) => state.published);
  const problems = useEditor((state) => state.problems);
  const checking = useEditor((state) => state.checking);
  const switched = useEditor((state) => state.enabled);
  const [saved, setSaved] = useState<boolean | null>(null);
  const [enabled, setEnabled] = useState(switched);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  useEffect(() => void store.actions.flush().then(setSaved), [store]);

  const changes = published === null ? [] : describeChanges(published.draft, draft);
  const errors = problems.filter(({ severity }) => severity === "error");
  const warnings = problems.filter(({ severity }) => severity === "warning");
  const isSame = published !== null && changes.length === 0;
  const reason = isSame && enabled === switched ? `Version ${published.version} already says this`
    : checking ? "It is still being checked"
    : errors.length > 0 ? "Errors are in the way"
    : draft.document.nodes.length === 0 ? "It has no nodes yet"
    : saved === false ? "The draft is not saved" : undefined;

  const publish = async () => {
    setBusy(true);
    const answer = await publishDraft(store, enabled);
    setBusy(false);
    if (!answer.ok) {
      setRefusal(answer.message);
      return;
    }
    toast(`Version ${answer.version} is published${enabled ? "" : ", and off"}`);
    onClose();
  };

  return (
    <Dialog open onOpenChange={onClose} title={published === null ? "Publish the first version" : `Publish version ${published.version + 1}`} wide>
      <div className="flex flex-col gap-4">
        {published === null
          ? <p>Until now nothing of this playbook runs. The published version never changes again; you go on editing the draft.</p>
          : <section><h3 className="mb-1 text-xs font-semibold text-fg-2">Since version {published.version}</h3>{isSame ? <p className="text-fg-3">Nothing has changed.</p> : <ul className="flex flex-col gap-0.5">{changes.map((change) => <li key={change} className="break-words first-letter:uppercase">{change}</li>)}</ul>}</section>}
        {errors.length > 0 && <section className="rounded-md border border-line bg-canvas py-2"><h3 className="mb-1 px-3 text-xs font-semibold text-red">{errors.length === 1 ? "One error is" : `${errors.length} errors are`} in the way</h3><ProblemGroups problems={errors} onGone={onClose} /></section>}
        {warnings.length > 0 && <section className="rounded-md border border-line bg-canvas py-2"><h3 className="mb-1 px-3 text-xs font-semibold text-fg-2">{warnings.length === 1 ? "One warning" : `${warnings.length} warnings`}</h3><ProblemGroups problems={warnings} onGone={onClose} /></section>}
        <CheckField label="On: alerts that match its trigger start it" hint="Holds for all versions, at once, everywhere." checked={enabled} onChange={(event) => setEnabled(event.target.checked)} />
        {saved === false && <Notice tone="yellow">The draft is not saved yet. Look at the save state in the header first.</Notice>}
        {refusal !== null && <Notice>{refusal}</Notice>}
        <div className="flex items-center justify-end gap-2">
          {published !== null && <Link to={`/playbooks/${store.getState().data.playbook.slug}`} className="link mr-auto text-xs">All versions</Link>}
          <Button onClick={onClose}>Back</Button>
          <Button variant="primary" busy={busy || saved === null} reason={reason} onClick={publish}>Publish</Button>
        </div>
      </div>
    </Dialog>
  );
}
