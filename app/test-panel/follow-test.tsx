import { useCallback, useEffect } from "react";
import { useActions, useEditor } from "#app/canvas/editor-context.tsx";
import type { RunDetail } from "#app/models/wire.ts";
import { useLive } from "#app/ui/live.tsx";
import { getJson } from "#app/ui/use-json.ts";

const FINISHED: ReadonlySet<string> = new Set(["success", "failed", "cancelled"]);
/** Notifications can be lost; a test is short, and somebody is looking at it (milliseconds). */
const LOOK_AGAIN = 1000;

/** Brings the steps of the running test into the editor's state, whichever panel is open. Shows nothing. */
export function FollowTest() {
  const runId = useEditor(({ test }) => test?.runId ?? null);
  const finished = useEditor(({ test }) => test !== null && FINISHED.has(test.status));
  const { set } = useActions();

  const load = useCallback(async () => {
    if (runId === null) return;
    const run = await getJson<RunDetail>(`/api/v1/runs/${runId}`);
    if (run) set({ test: { runId, status: run.status, steps: run.steps } });
  }, [runId, set]);

  useLive({ runs: runId === null ? [] : [runId] }, load);
  useEffect(() => {
    if (runId === null || finished) return;
    void load();
    const timer = setInterval(() => void load(), LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [runId, finished, load]);
  return null;
}
