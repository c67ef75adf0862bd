/** Runs that the outside starts at an address of a playbook's own. Whoever knows the token may start that playbook, and do nothing else. */
import { createHash } from "node:crypto";
import type { PoolClient } from "pg";
import type { Json } from "#sdk";
import { type PlaybookTrigger, responseOf } from "#format";
import { notifyChanges } from "./events.ts";
import { uuidv5, uuidv7 } from "./ids.ts";
import { findPlaybook } from "./playbooks.ts";
import { insertRuns, PRIORITIES } from "./queue.ts";

export interface HookRequest {
  token: string;
  body: Json;
  /** The same one again, for the same playbook, is the same delivery. */
  idempotencyKey: string | null;
}

export type HookResult =
  | { runId: string; tenantId: string; isNew: boolean; response: ReturnType<typeof responseOf> }
  | { error: "not-found" | "not-published" | "disabled" | "other-trigger" };

/** All that is stored of a token. */
export const hashHookToken = (token: string): string => createHash("sha256").update(token).digest("hex");

export async function receiveHook(client: PoolClient, { token, body, idempotencyKey }: HookRequest): Promise<HookResult> {
  const { rows } = await client.query<{ playbook_id: string; tenant_id: string }>({
    name: "find-hook",
    text: "SELECT h.playbook_id, h.tenant_id FROM playbook_hooks h JOIN tenants t ON t.id = h.tenant_id WHERE h.token_hash = $1 AND t.active",
    values: [hashHookToken(token)],
  });
  const hook = rows[0];
  const playbook = hook && (await findPlaybook(client, hook.tenant_id, { id: hook.playbook_id }));
  if (!playbook) return { error: "not-found" };
  if (!playbook.versionId) return { error: "not-published" };
  if (!playbook.enabled) return { error: "disabled" };
  if (playbook.trigger.on !== "webhook") return { error: "other-trigger" };

  const { tenant_id: tenantId } = hook;
  const response = responseOf(playbook.trigger);
  const runId = idempotencyKey === null ? uuidv7() : uuidv5(playbook.id, `webhook ${idempotencyKey}`);
  if (idempotencyKey !== null && (await isKnown(client, runId))) return { runId, tenantId, isNew: false, response };
  await insertRuns(client, [newRun({ runId, tenantId, playbookId: playbook.id, versionId: playbook.versionId, trigger: playbook.trigger, body })]);
  await notifyChanges(client, [{ tenantId, runs: [runId] }]);
  return { runId, tenantId, isNew: true, response };
}

/** The name of the run follows from the key. Two deliveries at the same moment come one after the other. */
async function isKnown(client: PoolClient, runId: string): Promise<boolean> {
  await client.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [runId]);
  const { rowCount } = await client.query("SELECT FROM runs WHERE id = $1", [runId]);
  return rowCount !== 0;
}

const newRun = ({ runId, tenantId, playbookId, versionId, trigger, body }: { runId: string; tenantId: string; playbookId: string; versionId: string; trigger: PlaybookTrigger; body: Json }) => ({
  id: runId, tenantId, playbookId, versionId, alertId: null, correlationId: uuidv7(), mode: "live" as const, priority: PRIORITIES[trigger.priority], sequence: null,
  origin: { kind: "webhook" as const }, input: body,
});
