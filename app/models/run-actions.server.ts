/** What people do to runs: the engine decides, the audit log remembers, a "no" becomes a refusal. The same for API and pages. */
import type { Actor as AnyActor, Services } from "#app/server/context.ts";
import type { Json } from "#sdk";
import { type AuditAction, recordAudit } from "./audit.server.ts";
import { isUuid } from "./page.ts";
import { resolvePlaybookId } from "./playbook.server.ts";
import { Refusal } from "./refusal.ts";
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

/** @throws Refusal not-found (playbook, alert), conflict (disabled, never published). */
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
      default: throw outcome.error satisfies never;
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

/** @throws Refusal not-found, conflict (still going). */
export async function rerunRun(access: Access, tenantId: string, runId: string, actor: Actor): Promise<{ run_id: string }> {
  if (!isUuid(runId)) throw new Refusal("not-found", "Run not found");
  const outcome = await access.engine.rerun({ tenantId, runId, actor });
  if ("error" in outcome) {
    switch (outcome.error) {
      case "not-found": throw new Refusal("not-found", "Run not found");
      case "not-finished": throw new Refusal("conflict", "The run has not finished yet: cancel it first");
      default: throw outcome.error satisfies never;
    }
  }
  await audit(access, tenantId, actor, "run_rerun", runId, { run_id: outcome.runId });
  return { run_id: outcome.runId };
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
