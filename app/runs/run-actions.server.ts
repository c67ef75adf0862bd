/** What a person does to a run from its page: the engine's door, with an audit entry for each. */
import { redirect } from "@remix-run/node";
import { recordAudit, type AuditAction } from "#app/models/audit.server.ts";
import { actorOf, type AppContext, type SignedIn } from "#app/server/context.ts";
import { done, refused, text } from "#app/shell/outcome.server.ts";
import type { Json } from "#sdk";
import { DECISIONS } from "./decisions.ts";

interface Request { app: AppContext & { user: SignedIn }; runId: string; form: FormData }

const personOf = ({ id, username }: SignedIn) => ({ id, name: username });

const audit = ({ db, user }: Request["app"], action: AuditAction, target: string, data: Record<string, string | null>) =>
  db.withTenant(user.tenant_id, (tx) => recordAudit(tx, user.tenant_id, { actor: actorOf(user), action, target, data }));

export async function cancelRun({ app, runId }: Request) {
  const outcome = await app.engine.cancel({ tenantId: app.user.tenant_id, runId, actor: personOf(app.user) });
  if (outcome === "not-found") throw new Response("There is no such run.", { status: 404 });
  if (outcome === "already-finished") return refused("cancel", { "": "The run has already finished" }, 409);
  await audit(app, "run_cancelled", runId, { reason: null });
  return done("cancel", "Cancelling");
}

/** The new run is where one wants to be. */
export async function rerunRun({ app, runId }: Request) {
  const outcome = await app.engine.rerun({ tenantId: app.user.tenant_id, runId, actor: personOf(app.user) });
  if ("error" in outcome) {
    if (outcome.error === "not-finished") return refused("rerun", { "": "The run has not finished yet: cancel it first, or wait" }, 409);
    throw new Response("There is no such run.", { status: 404 });
  }
  await audit(app, "run_rerun", runId, { run_id: outcome.runId });
  return redirect(`/runs/${outcome.runId}`);
}

export async function answerRun({ app, runId, form }: Request) {
  const decision = DECISIONS.find((value) => value === text(form, "decision"));
  if (decision === undefined) return refused("answer", { "": "Choose what is true" });
  const parsed = parseOutput(text(form, "data"));
  if (!parsed.ok) return refused("answer", { data: parsed.message });
  const reason = text(form, "reason").slice(0, 2000) || undefined;
  const stepId = text(form, "step_id");
  const outcome = await app.engine.answer({
    tenantId: app.user.tenant_id, runId, stepId, decision, reason, actor: personOf(app.user), ...(parsed.value === undefined || decision !== "happened" ? {} : { data: parsed.value }),
  });
  if (outcome === "not-found") return refused("answer", { "": "This run has no such open question (any more)" }, 404);
  if (outcome === "already-answered") return refused("answer", { "": "Somebody has answered already" }, 409);
  if (outcome === "reason-required") return refused("answer", { reason: "Repeating a containment needs a reason" });
  await audit(app, "run_answered", runId, { step_id: stepId, decision, reason: reason ?? null });
  return done("answer", "Answered");
}

function parseOutput(source: string): { ok: true; value: Json | undefined } | { ok: false; message: string } {
  if (source === "") return { ok: true, value: undefined };
  try {
    return { ok: true, value: JSON.parse(source) as Json };
  } catch (error) {
    return { ok: false, message: `This is not JSON: ${error instanceof Error ? error.message : "unreadable"}` };
  }
}
