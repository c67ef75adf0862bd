import { useEffect, useState } from "react";
import type { RerunPreviewWire } from "#app/models/run-actions.server.ts";
import { rerunBody, type RerunWish } from "./rerun.ts";

export interface Preview {
  /** Of the wish before, while the newest is asked about: the list does not jump. */
  preview: RerunPreviewWire | undefined;
  /** Why there is none. */
  problem: string | undefined;
  asking: boolean;
}

/** What a re-run would do, asked again whenever the wish changes. */
export function useRerunPreview(runId: string, wish: RerunWish): Preview {
  const body = JSON.stringify(rerunBody(wish));
  const [known, setKnown] = useState<{ body: string; preview?: RerunPreviewWire; problem?: string }>();
  useEffect(() => {
    const abort = new AbortController();
    const answer = ask(runId, body, abort.signal);
    void answer.then((next) => abort.signal.aborted || setKnown({ body, ...next }));
    return () => abort.abort();
  }, [runId, body]);
  return { preview: known?.preview, problem: known?.problem, asking: known?.body !== body };
}

async function ask(runId: string, body: string, signal: AbortSignal): Promise<{ preview: RerunPreviewWire } | { problem: string }> {
  const response = await fetch(`/api/v1/runs/${runId}/rerun/preview`, { method: "POST", headers: { "content-type": "application/json" }, body, signal }).catch(() => null);
  const answer = (await response?.json().catch(() => null)) as (RerunPreviewWire & { detail?: unknown }) | null | undefined;
  if (response?.ok && answer) return { preview: answer };
  if (!response) return { problem: "The server cannot be reached" };
  return { problem: typeof answer?.detail === "string" ? answer.detail : `The server answered ${response.status}` };
}
