import { CircleCheck, CloudOff, LoaderCircle, OctagonX, UsersRound } from "lucide-react";
import { useState } from "react";
import { Button } from "#app/ui/button.tsx";
import { Dialog } from "#app/ui/dialog.tsx";
import { Notice } from "#app/ui/state.tsx";
import { downloadDraft } from "./download-draft.ts";
import { useActions, useEditor, useEditorStore } from "./editor-context.tsx";

/** Whether one's edits are safe. */
export function SaveMark() {
  const save = useEditor((state) => state.save);
  const { set } = useActions();
  const [why, setWhy] = useState(false);
  const look = "flex shrink-0 items-center gap-1.5 px-1 text-xs";
  switch (save.is) {
    case "saved": return <span role="status" title={save.at === null ? undefined : new Date(save.at).toLocaleString()} className={`${look} text-fg-3`}><CircleCheck aria-hidden className="size-3.5 text-green" />Saved</span>;
    case "saving": return <span role="status" className={`${look} text-fg-2`}><LoaderCircle aria-hidden className="size-3.5 animate-[spin-slow_1.4s_linear_infinite]" />Saving…</span>;
    case "offline": return <span role="status" title={save.message} data-tone="yellow" className={`${look} text-tone`}><CloudOff aria-hidden className="size-3.5" />Offline, trying again</span>;
    case "stale": return <Button size="sm" variant="danger" onClick={() => set({ dialog: null, staleHidden: false })}><UsersRound aria-hidden className="size-3.5" /> Conflict…</Button>;
    case "refused": return (
      <>
        <Button size="sm" variant="danger" onClick={() => setWhy(true)}><OctagonX aria-hidden className="size-3.5" /> Not saved…</Button>
        <Refused open={why} onOpenChange={setWhy} message={save.message} />
      </>
    );
    default: return save satisfies never;
  }
}

function Refused({ open, onOpenChange, message }: { open: boolean; onOpenChange(open: boolean): void; message: string }) {
  const store = useEditorStore();
  const unsaved = store.actions.unsaved().length;
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="The server did not take the last edits">
      <div className="flex flex-col gap-3">
        <Notice>{message}</Notice>
        <p>{unsaved} {unsaved === 1 ? "edit is" : "edits are"} not saved, and nothing more will be, because later edits build on them. Keep a copy of your draft, then load the page anew: it opens what the server has, and you go on from there.</p>
        <div className="flex justify-end gap-2">
          <Button onClick={() => downloadDraft(store)}>Download my draft (JSON)</Button>
          <Button variant="primary" onClick={() => { store.actions.abandon(); location.reload(); }}>Load what the server has</Button>
        </div>
      </div>
    </Dialog>
  );
}
