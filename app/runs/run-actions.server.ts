/** The forms of a run's page, as calls of the model that does the thing. */
import { cancelRun as cancelModel, rerunRun as rerunModel } from "#app/models/run-actions.server.ts";
import { actorOf, type AppContext, type SignedIn } from "#app/server/context.ts";
import { attempt } from "#app/shell/outcome.server.ts";

interface Request { app: AppContext & { user: SignedIn }; runId: string }

export const cancelRun = ({ app, runId }: Request) =>
  attempt("cancel", async () => {
    const { children } = await cancelModel(app, app.user.tenant_id, runId, actorOf(app.user));
    return children === 0 ? "Cancelling" : `Cancelling, with ${children} ${children === 1 ? "run" : "runs"} that it started`;
  });

/** The new run is where one wants to be. */
export const rerunRun = ({ app, runId }: Request) =>
  attempt("rerun", async () => ({ to: `/runs/${(await rerunModel(app, app.user.tenant_id, runId, actorOf(app.user))).run_id}` }));
