/** The forms of a run's page, as calls of the model that does the thing. */
import { answerRun as answerModel, cancelRun as cancelModel, rerunRun as rerunModel } from "#app/models/run-actions.server.ts";
import { actorOf, type AppContext, type SignedIn } from "#app/server/context.ts";
import { attempt, refused, text } from "#app/shell/outcome.server.ts";
import type { Json } from "#sdk";
import { DECISIONS } from "./decisions.ts";

interface Request { app: AppContext & { user: SignedIn }; runId: string; form: FormData }

export const cancelRun = ({ app, runId }: Request) =>
  attempt("cancel", async () => {
    await cancelModel(app, app.user.tenant_id, runId, actorOf(app.user));
    return "Cancelling";
  });

/** The new run is where one wants to be. */
export const rerunRun = ({ app, runId }: Request) =>
  attempt("rerun", async () => ({ to: `/runs/${(await rerunModel(app, app.user.tenant_id, runId, actorOf(app.user))).run_id}` }));

export async function answerRun({ app, runId, form }: Request) {
  const decision = DECISIONS.find((value) => value === text(form, "decision"));
  if (decision === undefined) return refused("answer", { "": "Choose what is true" });
  const parsed = parseOutput(text(form, "data"));
  if (!parsed.ok) return refused("answer", { data: parsed.message });
  const reason = text(form, "reason").slice(0, 2000) || undefined;
  const data = decision === "happened" ? parsed.value : undefined;
  return attempt("answer", async () => {
    await answerModel(app, app.user.tenant_id, runId, { stepId: text(form, "step_id"), decision, reason, data }, actorOf(app.user));
    return "Answered";
  });
}

function parseOutput(source: string): { ok: true; value: Json | undefined } | { ok: false; message: string } {
  if (source === "") return { ok: true, value: undefined };
  try {
    return { ok: true, value: JSON.parse(source) as Json };
  } catch (error) {
    return { ok: false, message: `This is not JSON: ${error instanceof Error ? error.message : "unreadable"}` };
  }
}
