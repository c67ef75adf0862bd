import type { AppContext, SignedIn } from "#app/server/context.ts";
import { alertCounts } from "#app/models/alert-query.server.ts";
import { countApprovals } from "#app/models/approval.server.ts";
import { listRuns } from "#app/models/run.server.ts";
import { can } from "#app/server/permissions.ts";
import type { RailCounts } from "./rail.tsx";

/** What waits for somebody: new alerts, what people are asked, and runs that have not ended. null where the user may not know. */
export async function railCounts({ db, user }: AppContext & { user: SignedIn }): Promise<RailCounts> {
  const [alerts, approvals, runs] = await Promise.all([
    can(user, "alerts:read") ? alertCounts(db, user.tenant_id).then(({ by_status }) => by_status["new"] ?? 0) : null,
    can(user, "playbooks:read") ? countApprovals(db, user.tenant_id) : null,
    can(user, "playbooks:read") ? listRuns(db, user.tenant_id, { status: ["pending", "running", "waiting", "cancelling"], mode: "live" }, { limit: 1 }).then(({ total }) => total) : null,
  ]);
  return { alerts, approvals, runs };
}
