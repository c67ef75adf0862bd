/** What people do to runs: the engine decides, the audit log remembers, a "no" becomes a refusal. The same for API and pages. */
import type { Actor as AnyActor, Services } from "#app/server/context.ts";
import type { ReceiptChoice, RerunRefusal } from "#engine";
import type { Json } from "#sdk";
import { type AuditAction, recordAudit } from "./audit.server.ts";
import { inputRefusal } from "./input-refusal.ts";
import { isUuid } from "./page.ts";
import { resolvePlaybookId } from "./playbook.server.ts";
import { isRefusal, Refusal } from "./refusal.ts";
import { countWaitedFor } from "./run.server.ts";

type Access = Pick<Services, "db" | "engine">;
/** Only people do these things. */
type Actor = AnyActor & { kind: "user"; id: string; name: string };

export interface Answer {
  stepId: string;
  decision: "happened" | "again" | "fail";
  reason?: string | undefined;
  /** With `happened`: what the step would have returned. */
  data?: Json | undefined;
}

/** @throws Refusal not-found (playbook, alert), conflict (disabled, never published), invalid with one detail per field of its form. */
export async function startRun(access: Access, tenantId: string, request: { playbook: string; alertId?: string | null; input?: Json | undefined }, actor: Actor): Promise<{ run_id: string }> {
  if (request.alertId && !isUuid(request.alertId)) throw new Refusal("not-found", "Alert not found");
  const playbookId = await resolvePlaybookId(access.db, tenantId, request.playbook);
  if (!playbookId) throw new Refusal("not-found", "Playbook not found");
  const outcome = await access.engine.start({ tenantId, playbookId, alertId: request.alertId ?? null, input: request.input, actor });
  if ("error" in outcome) {
    switch (outcome.error) {
      case "playbook-not-found": throw new Refusal("not-found", "Playbook not found");
      case "alert-not-found": throw new Refusal("not-found", "Alert not found");
      case "not-published": throw new Refusal("conflict", "The playbook has no published version");
      case "disabled": throw new Refusal("conflict", "The playbook is disabled");
      case "invalid": throw inputRefusal(outcome.wrong);
      default: throw outcome satisfies never;
    }
  }
  await audit(access, tenantId, actor, "playbook_run", playbookId, { run_id: outcome.runId, alert_id: request.alertId ?? null });
  return { run_id: outcome.runId };
}

/** @returns how many runs that its steps started are cancelled with it. @throws Refusal not-found, conflict (finished already). */
export async function cancelRun(access: Access, tenantId: string, runId: string, actor: Actor, reason?: string): Promise<{ children: number }> {
  if (!isUuid(runId)) throw new Refusal("not-found", "Run not found");
  const children = await countWaitedFor(access.db, tenantId, runId);
  const outcome = await access.engine.cancel({ tenantId, runId, actor, reason: reason ?? null });
  switch (outcome) {
    case "cancelling": break;
    case "not-found": throw new Refusal("not-found", "Run not found");
    case "already-finished": throw new Refusal("conflict", "The run has already finished");
    default: throw outcome satisfies never;
  }
  await audit(access, tenantId, actor, "run_cancelled", runId, { reason: reason ?? null });
  return { children };
}

export interface Rerun {
  /** Step ids, or the steps that the run failed by; absent: from the start. */
  from?: readonly string[] | "failed" | undefined;
  version?: "same" | "published" | undefined;
  /** By step id: what becomes of calls that happened. */
  receipts?: Readonly<Record<string, ReceiptChoice>> | undefined;
  reason?: string | undefined;
}

/** @throws Refusal not-found, conflict (still going, nothing failed), invalid (no such step; a repeated containment needs a reason). */
export async function rerunRun(access: Access, tenantId: string, runId: string, actor: Actor, { reason, ...rerun }: Rerun = {}): Promise<{ run_id: string }> {
  if (!isUuid(runId)) throw new Refusal("not-found", "Run not found");
  const outcome = await access.engine.rerun({ tenantId, runId, actor, reason: reason ?? null, ...given(rerun) });
  if ("error" in outcome) throw rerunRefusal(outcome.error);
  await audit(access, tenantId, actor, "run_rerun", runId, { run_id: outcome.runId, from: rerun.from === undefined ? null : String(rerun.from), reason: reason ?? null });
  return { run_id: outcome.runId };
}

export interface RerunPreviewWire {
  version_id: string;
  anew: string[];
  reused: string[];
  receipts: { step_id: string; node_id: string; item: string; effect: "write" | "contain"; choice: ReceiptChoice }[];
  needs_reason: boolean;
}

/** What a re-run would do anew, and which calls that happened it comes to again. @throws Refusal as rerunRun */
export async function previewRerun(access: Access, tenantId: string, runId: string, rerun: Omit<Rerun, "reason"> = {}): Promise<RerunPreviewWire> {
  if (!isUuid(runId)) throw new Refusal("not-found", "Run not found");
  const preview = await access.engine.previewRerun({ tenantId, runId, ...given(rerun) });
  if ("error" in preview) throw rerunRefusal(preview.error);
  return {
    version_id: preview.versionId, anew: preview.anew, reused: preview.reused, needs_reason: preview.needsReason,
    receipts: preview.receipts.map(({ stepId, nodeId, ...rest }) => ({ step_id: stepId, node_id: nodeId, ...rest })),
  };
}

const given = ({ from, version, receipts }: Omit<Rerun, "reason">) => ({ ...(from === undefined ? {} : { from }), ...(version === undefined ? {} : { version }), ...(receipts === undefined ? {} : { receipts }) });

function rerunRefusal(error: RerunRefusal): Refusal {
  switch (error) {
    case "not-found": return new Refusal("not-found", "Run not found");
    case "of-a-backtest": return new Refusal("conflict", "This run is part of a backtest: start the backtest again");
    case "not-finished": return new Refusal("conflict", "The run has not finished yet: cancel it first");
    case "not-published": return new Refusal("conflict", "The playbook has no published version");
    case "nothing-failed": return new Refusal("conflict", "Nothing failed in this run: choose the step to begin with");
    case "no-such-step": return new Refusal("invalid", "This run has no such step", [{ loc: ["body", "from"], msg: "This run has no such step" }]);
    case "reason-required": return new Refusal("invalid", "Repeating a containment needs a reason", [{ loc: ["body", "reason"], msg: "Repeating a containment needs a reason" }]);
    default: throw error satisfies never;
  }
}

export interface BulkResult { id: string; ok: boolean; run_id: string | null; message: string | null }

/** Each by itself: one that is refused says why and stops none of the others. */
export async function bulkRuns(access: Access, tenantId: string, action: "rerun" | "retry" | "cancel", ids: readonly string[], actor: Actor, reason?: string): Promise<BulkResult[]> {
  const results: BulkResult[] = [];
  for (const id of new Set(ids)) {
    try {
      if (action === "cancel") await cancelRun(access, tenantId, id, actor, reason);
      const made = action === "cancel" ? null : await rerunRun(access, tenantId, id, actor, { reason, ...(action === "retry" ? { from: "failed" } : {}) });
      results.push({ id, ok: true, run_id: made?.run_id ?? null, message: null });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      results.push({ id, ok: false, run_id: null, message: error.message });
    }
  }
  return results;
}

/** @throws Refusal not-found (no such open question), conflict (answered before), invalid (a repeated containment needs a reason). */
export async function answerRun(access: Access, tenantId: string, runId: string, answer: Answer, actor: Actor): Promise<void> {
  const { stepId, decision, reason, data } = answer;
  if (!isUuid(runId) || !isUuid(stepId)) throw new Refusal("not-found", "This run has no such open question");
  const outcome = await access.engine.answer({ tenantId, runId, stepId, decision, reason: reason ?? null, ...(data === undefined ? {} : { data }), actor });
  switch (outcome) {
    case "answered": break;
    case "not-found": throw new Refusal("not-found", "This run has no such open question");
    case "already-answered": throw new Refusal("conflict", "The question has been answered already");
    case "reason-required": throw new Refusal("invalid", "Repeating a containment needs a reason", [{ loc: ["body", "reason"], msg: "Repeating a containment needs a reason" }]);
    default: throw outcome satisfies never;
  }
  await audit(access, tenantId, actor, "run_answered", runId, { step_id: stepId, decision, reason: reason ?? null });
}

const audit = ({ db }: Access, tenantId: string, actor: Actor, action: AuditAction, target: string, data: Record<string, string | null>): Promise<void> =>
  db.withTenant(tenantId, (tx) => recordAudit(tx, tenantId, { actor, action, target, data }));
