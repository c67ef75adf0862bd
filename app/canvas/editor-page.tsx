/** Puts the editor together: header, canvas, inspector, panel, and the questions over them. */
import { lazy, Suspense, useEffect, useState } from "react";
import { Inspector } from "#app/form/inspector.tsx";
import { FollowTest } from "#app/test-panel/follow-test.tsx";
import { TestPanel } from "#app/test-panel/test-panel.tsx";
import { Notice, Skeleton } from "#app/ui/state.tsx";
import { useToast } from "#app/ui/toast.tsx";
import { CanvasCommands } from "./canvas-commands.tsx";
import { draftClient } from "./draft-client.ts";
import EditCanvas from "./edit-canvas.tsx";
import { EditorDialogs } from "./editor-dialogs.tsx";
import { EditorHeader } from "./editor-header.tsx";
import { EditorProvider, useEditor, useEditorStore } from "./editor-context.tsx";
import { newViewSlot, ViewProvider } from "./editor-view.tsx";
import { LeaveGuard } from "./leave-guard.tsx";
import { ProblemsPanel } from "./problems-panel.tsx";
import { Resizable } from "./resizable.tsx";
import { StaleDialog } from "./stale-dialog.tsx";
import { createEditorStore, type EditorData } from "./store.ts";
import { useShortcuts } from "./use-shortcuts.ts";

/** Monaco comes with it, so only when a file is opened. */
const CodeStudio = lazy(async () => ({ default: (await import("#app/code/code-studio.tsx")).CodeStudio }));

export default function EditorPage({ data }: { data: EditorData }) {
  const [store] = useState(() => createEditorStore(data, draftClient(data.playbook.slug)));
  const [view] = useState(newViewSlot);
  useEffect(() => () => store.actions.close(), [store]);
  return (
    <EditorProvider value={store}>
      <ViewProvider value={view}>
        <Editor />
      </ViewProvider>
    </EditorProvider>
  );
}

function Editor() {
  const panel = useEditor((state) => state.panel);
  const studio = useEditor((state) => state.studio !== null);
  const readOnly = useEditor((state) => state.data.readOnly);
  useShortcuts();
  useNotices();
  useFreshDraft();
  return (
    <>
      <EditorHeader />
      {readOnly !== null && <div className="border-b border-line bg-surface px-4 py-2"><Notice tone="accent">{readOnly}.</Notice></div>}
      <div className="flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col">
          <div className="min-h-32 flex-1"><EditCanvas /></div>
          {panel !== null && (
            <Resizable name="panel" edge="top" min={120} max={560} initial={240} label="Height of the panel">
              {panel === "problems" ? <ProblemsPanel /> : <TestPanel />}
            </Resizable>
          )}
        </div>
        <Resizable name="inspector" edge="left" min={360} max={640} initial={400} label="Width of the inspector">
          <aside id="inspector" aria-label="Inspector" tabIndex={-1} className="h-full min-h-0 focus-visible:outline-none"><h2 className="sr-only">Inspector</h2><Inspector /></aside>
        </Resizable>
      </div>
      {studio && <Suspense fallback={<Skeleton className="fixed inset-8 z-40" />}><CodeStudio /></Suspense>}
      <FollowTest />
      <EditorDialogs />
      <StaleDialog />
      <LeaveGuard />
      <CanvasCommands />
    </>
  );
}

/** What could not be done is said where everything short is said. */
function useNotices(): void {
  const notice = useEditor((state) => state.notice);
  const toast = useToast();
  useEffect(() => {
    if (notice) toast(notice.text, "yellow");
  }, [notice, toast]);
}

/** Somebody else may have edited while this tab was not looked at. */
function useFreshDraft(): void {
  const { actions } = useEditorStore();
  useEffect(() => {
    const onFocus = () => void actions.refresh();
    addEventListener("focus", onFocus);
    return () => removeEventListener("focus", onFocus);
  }, [actions]);
}
