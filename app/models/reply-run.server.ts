/** A person allows or refuses a step, or answers its question. The first answer counts: the engine decides who was first. */
import type { SignedIn, Services } from "#app/server/context.ts";
import { actorOf } from "#app/server/context.ts";
import type { Json } from "#sdk";
import { findApproval } from "./approval.server.ts";
import { recordAudit } from "./audit.server.ts";
import { isUuid } from "./page.ts";
import { Refusal } from "./refusal.ts";

export interface Reply {
  waitId: string;
  choice: string | null;
  values: Record<string, Json>;
  reason: string | null;
}

/** What is kept with a run for as long as it waits. */
const MAX_VALUES = 64 * 1024;

const unknown = () => new Refusal("not-found", "This run has no such open question");

/** @throws Refusal not-found, forbidden (it is for other roles), conflict (answered before, or withdrawn), invalid (per field). */
export async function replyRun({ db, engine }: Pick<Services, "db" | "engine">, runId: string, { waitId, choice, values, reason }: Reply, user: SignedIn): Promise<void> {
  if (!isUuid(runId) || !isUuid(waitId)) throw unknown();
  const size = JSON.stringify(values).length;
  if (size > MAX_VALUES) throw new Refusal("invalid", "The answer is too long", [{ loc: ["body", "values"], msg: `an answer holds at most ${MAX_VALUES / 1024} kB; this one has ${Math.ceil(size / 1024)}` }]);
  const tenantId = user.tenant_id;
  const outcome = await engine.reply({ tenantId, runId, waitId, role: user.role, value: { choice, values, reason }, actor: actorOf(user) });
  switch (outcome) {
    case "answered": break;
    case "not-found": throw unknown();
    case "already-answered": throw new Refusal("conflict", await endOf(db, tenantId, runId, waitId));
    case "not-for-you": throw new Refusal("forbidden", await whoMay(db, tenantId, runId, waitId, user.role));
    default: {
      const details = outcome.invalid.map(({ field, message }) => ({ loc: field === "choice" ? ["body", "choice"] : ["body", "values", field], msg: message }));
      throw new Refusal("invalid", "The answer does not fit the question", details);
    }
  }
  await db.withTenant(tenantId, (tx) => recordAudit(tx, tenantId, { actor: actorOf(user), action: "run_replied", target: runId, data: { wait_id: waitId, choice, reason, values: JSON.stringify(values) } }));
}

async function endOf(db: Services["db"], tenantId: string, runId: string, waitId: string): Promise<string> {
  const answer = (await findApproval(db, tenantId, runId, waitId))?.answer;
  switch (answer?.outcome) {
    case "timed_out": return "Nobody answered in time: the run has gone on without";
    case "withdrawn": return "Nobody is asked any more: what asked has ended";
    default: return `${answer?.by ?? "Somebody"} has answered already${answer?.choice ? `: ${answer.choice}` : ""}`;
  }
}

async function whoMay(db: Services["db"], tenantId: string, runId: string, waitId: string, role: string): Promise<string> {
  const roles = (await findApproval(db, tenantId, runId, waitId))?.roles ?? [];
  return `Only ${roles.join(" or ")} may answer this; your role is ${role}`;
}
