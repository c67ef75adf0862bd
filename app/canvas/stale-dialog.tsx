import { useState } from "react";
import { describeChanges } from "#format/compare.ts";
import { Button } from "#app/ui/button.tsx";
import { Dialog } from "#app/ui/dialog.tsx";
import { Time } from "#app/ui/time.tsx";
import { describeOperation } from "./describe-operation.ts";
import { downloadDraft } from "./download-draft.ts";
import { useActions, useEditor, useEditorStore } from "./editor-context.tsx";
import type { SaveState } from "./save-queue.ts";

/** Somebody else saved first: what they did, what of one's own is not saved, and the choice. Nothing is lost before it is made. */
export function StaleDialog() {
  const save = useEditor((state) => state.save);
  const hidden = useEditor((state) => state.staleHidden);
  const { set } = useActions();
  const [lost, setLost] = useState<{ label: string; message: string }[]>([]);
  return (
    <>
      {save.is === "stale" && (
        <Dialog open={!hidden} onOpenChange={(open) => set({ staleHidden: !open })} title="Somebody else has changed this draft" wide>
          <Choice theirs={save.theirs} onLost={setLost} />
        </Dialog>
      )}
      <Dialog open={lost.length > 0} onOpenChange={() => setLost([])} title="Some of your edits no longer fit">
        <p className="mb-2">The others are on top of the newer draft. These were left out:</p>
        <ul className="mb-3 flex flex-col gap-1">{lost.map(({ label, message }, index) => <li key={index} className="break-words"><b className="font-medium">{label}</b>: <span className="text-fg-2">{message}</span></li>)}</ul>
        <div className="flex justify-end"><Button variant="primary" onClick={() => setLost([])}>Go on</Button></div>
      </Dialog>
    </>
  );
}

function Choice({ theirs, onLost }: { theirs: Extract<SaveState, { is: "stale" }>["theirs"]; onLost(lost: { label: string; message: string }[]): void }) {
  const store = useEditorStore();
  const confirmed = useEditor((state) => state.confirmed);
  const draft = useEditor((state) => state.draft);
  const changes = describeChanges(confirmed, theirs);
  // Typing is many edits of one field: said once.
  const mine = [...new Set(store.actions.unsaved().map((operation) => describeOperation(operation, draft.document)))];
  const resolve = (choice: "theirs" | "mine-on-top") => {
    store.actions.set({ staleHidden: false });
    onLost(store.actions.resolveStale(choice));
  };
  return (
    <div className="flex flex-col gap-4">
      <p>{theirs.updated_by ?? "Somebody"} saved it{theirs.updated_at !== null && <> <Time at={theirs.updated_at} suffix=" ago" /></>}, after you had opened it. Your last {mine.length === 1 ? "edit is" : `${mine.length} edits are`} kept here, but not saved.</p>
      <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
        <List title={`What ${theirs.updated_by ?? "they"} changed`} lines={changes} none="Nothing that you do not have" />
        <List title="What you changed, not saved yet" lines={mine} none="Nothing" />
      </div>
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="ghost" onClick={() => downloadDraft(store)}>Download my draft (JSON)</Button>
        <Button onClick={() => resolve("theirs")}>Take theirs</Button>
        <Button variant="primary" onClick={() => resolve("mine-on-top")}>Put my edits on top</Button>
      </div>
    </div>
  );
}

const SHOWN = 12;

function List({ title, lines, none }: { title: string; lines: readonly string[]; none: string }) {
  return (
    <section className="min-w-0 rounded-md border border-line bg-canvas px-3 py-2">
      <h3 className="mb-1 text-xs font-semibold text-fg-2">{title}</h3>
      {lines.length === 0 ? <p className="text-fg-3">{none}</p> : <ul className="flex flex-col gap-0.5">{lines.slice(0, SHOWN).map((line) => <li key={line} className="break-words">{line}</li>)}</ul>}
      {lines.length > SHOWN && <p className="text-fg-3">and {lines.length - SHOWN} more</p>}
    </section>
  );
}
