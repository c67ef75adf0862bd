/** Waiting for the end of a run, for whoever sent what started it and stays on the line. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Services } from "#app/server/context.ts";
import { isFinalRun, type RunStatus } from "#engine/status.ts";

export interface RunEnd {
  status: Extract<RunStatus, "success" | "failed" | "cancelled">;
  /** What the stop node ended it with; null without one. */
  result: { message: string | null; result: unknown } | null;
}

/** Notifications can be lost. */
const LOOK_MS = 1_000;

/** @returns null when it has not ended after `ms`, or nobody waits any more */
export async function awaitRun({ db, live }: Pick<Services, "db" | "live">, { tenantId, runId, ms, signal }: { tenantId: string; runId: string; ms: number; signal: AbortSignal }): Promise<RunEnd | null> {
  const end = Date.now() + ms;
  let wake = (): void => undefined;
  const unsubscribe = live.subscribe(tenantId, ({ runs }) => {
    if (runs === "*" || runs.includes(runId)) wake();
  });
  try {
    for (;;) {
      // Before the look, so that nothing falls in between.
      const changed = new Promise<void>((resolve) => (wake = resolve));
      const run = await db.withTenant(tenantId, (tx) => tx.run.findFirst({ where: { id: runId, tenant_id: tenantId }, select: { status: true, result: true } }));
      if (run && isFinalRun(run.status as RunStatus)) return run as RunEnd;
      const left = end - Date.now();
      if (left <= 0 || signal.aborted) return null;
      const timer = new AbortController();
      const gone = AbortSignal.any([signal, timer.signal]);
      await Promise.race([changed, sleep(Math.min(left, LOOK_MS), undefined, { signal: gone }).catch(() => undefined)]);
      timer.abort();
    }
  } finally {
    unsubscribe();
  }
}
