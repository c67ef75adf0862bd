import { lazy, Suspense, useSyncExternalStore } from "react";
import { PageHeader } from "#app/ui/panel.tsx";
import { Skeleton } from "#app/ui/state.tsx";
import type { EditorData } from "./store.ts";

const EditorPage = lazy(() => import("./editor-page.tsx"));

const never = () => () => {};

/** The editor where there is a browser. Until its code has come, the page already says what it is. */
export function EditorFrame({ data }: { data: EditorData }) {
  const inBrowser = useSyncExternalStore(never, () => true, () => false);
  const waiting = (
    <>
      <PageHeader title={data.draft.document.name} meta="opening the editor…" />
      <div className="grid flex-1 place-items-center p-8"><Skeleton className="h-24 w-2/3" /></div>
    </>
  );
  return inBrowser ? <Suspense fallback={waiting}><EditorPage data={data} /></Suspense> : waiting;
}
