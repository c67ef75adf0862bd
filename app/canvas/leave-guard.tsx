import { useBlocker } from "@remix-run/react";
import { useEffect } from "react";
import { Button } from "#app/ui/button.tsx";
import { Dialog } from "#app/ui/dialog.tsx";
import { downloadDraft } from "./download-draft.ts";
import { useEditor, useEditorStore } from "./editor-context.tsx";

/** Leaving waits until everything is saved, and asks where that cannot be. */
export function LeaveGuard() {
  const store = useEditorStore();
  const isSaving = useEditor(({ save }) => save.is === "saving");
  const blocker = useBlocker(({ currentLocation, nextLocation }) => currentLocation.pathname !== nextLocation.pathname && store.getState().save.is !== "saved");

  const { state, proceed } = blocker;
  useEffect(() => {
    if (state !== "blocked") return;
    let gone = false;
    void store.actions.flush().then((saved) => {
      if (saved && !gone) proceed?.();
    });
    return () => { gone = true; };
  }, [state, proceed, store]);

  useEffect(() => {
    const onLeave = (event: BeforeUnloadEvent) => {
      if (store.getState().save.is === "saved") return;
      void store.actions.flush();
      event.preventDefault();
    };
    const onHide = () => {
      if (document.visibilityState === "hidden") void store.actions.flush();
    };
    addEventListener("beforeunload", onLeave);
    document.addEventListener("visibilitychange", onHide);
    return () => {
      removeEventListener("beforeunload", onLeave);
      document.removeEventListener("visibilitychange", onHide);
    };
  }, [store]);

  return (
    <Dialog open={state === "blocked" && !isSaving} onOpenChange={(open) => { if (!open) blocker.reset?.(); }} title="Some edits are not saved">
      <p className="mb-3">They could not be sent to the server. If you leave now, they are lost.</p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="ghost" onClick={() => downloadDraft(store)}>Download my draft (JSON)</Button>
        <Button variant="danger" onClick={() => { store.actions.abandon(); proceed?.(); }}>Leave without them</Button>
        <Button variant="primary" onClick={() => blocker.reset?.()}>Stay</Button>
      </div>
    </Dialog>
  );
}
