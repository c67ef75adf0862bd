import { lazy, Suspense, useSyncExternalStore } from "react";
import { Skeleton } from "#app/ui/state.tsx";
import type { TraceCanvasProps } from "./trace-canvas.tsx";

const TraceCanvas = lazy(() => import("./trace-canvas.tsx"));

const never = () => () => {};

/** The canvas where there is a browser; its place is kept until the code has come. */
export function PictureFrame(props: TraceCanvasProps) {
  const inBrowser = useSyncExternalStore(never, () => true, () => false);
  const waiting = <div className="grid h-full place-items-center p-8"><Skeleton className="h-24 w-2/3" /></div>;
  return inBrowser ? <Suspense fallback={waiting}><TraceCanvas {...props} /></Suspense> : waiting;
}
