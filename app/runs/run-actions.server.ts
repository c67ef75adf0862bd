/** The forms of a run's page, as calls of the model that does the thing. */
import { z } from "zod";
import { Refusal } from "#app/models/refusal.ts";
import { cancelRun as cancelModel, rerunRun as rerunModel } from "#app/models/run-actions.server.ts";
import { actorOf, type AppContext, type SignedIn } from "#app/server/context.ts";
import { attempt, text } from "#app/shell/outcome.server.ts";
import { RECEIPT_CHOICES } from "#engine";
import { rerunBody, type RerunWish } from "./rerun.ts";

interface Request { app: AppContext & { user: SignedIn }; runId: string }

export const cancelRun = ({ app, runId }: Request) =>
  attempt("cancel", async () => {
    const { children } = await cancelModel(app, app.user.tenant_id, runId, actorOf(app.user));
    return children === 0 ? "Cancelling" : `Cancelling, with ${children} ${children === 1 ? "run" : "runs"} that it started`;
  });

const wishSchema = z.object({
  from: z.union([z.enum(["start", "failed"]), z.guid()]),
  version: z.enum(["same", "published"]),
  receipts: z.record(z.guid(), z.enum(RECEIPT_CHOICES)),
});

/** Without any field: the same again, from the start. The new run is where one wants to be. */
export const rerunRun = ({ app, runId }: Request, form: FormData) =>
  attempt("rerun", async () => {
    const { run_id } = await rerunModel(app, app.user.tenant_id, runId, actorOf(app.user), { ...rerunBody(wishOf(form)), reason: text(form, "reason").slice(0, 2000) });
    return { to: `/runs/${run_id}` };
  });

function wishOf(form: FormData): RerunWish {
  const wish = wishSchema.safeParse({ from: text(form, "from") || "start", version: text(form, "version") || "same", receipts: parsed(text(form, "receipts") || "{}") });
  if (!wish.success) throw new Refusal("invalid", "This is no way to repeat a run: open the dialog again");
  return wish.data;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
