/** What one run's commit means for the runs above and below it; in the same transaction, so that nobody waits for what never comes. */
import type { PoolClient } from "pg";
import type { Json } from "#sdk";
import type { FailureRecord } from "../errors.ts";
import { storeRuns } from "../queue.ts";
import { appendInbox } from "./inbox.ts";
import type { ChildRun, RunCommit } from "./writer.ts";

/** A playbook that runs itself would otherwise never end. */
const MAX_DEPTH = 10;

interface Parent {
  alert_id: string | null;
  correlation_id: string;
  mode: "live" | "test" | "backtest";
  priority: number;
  depth: number;
  by: string | null;
}

/** @returns playbooks with a limit of which runs were started: `admitRuns` lets them begin */
export async function followFamily(client: PoolClient, { runId, tenantId, runs = [], cancelledRuns = [], release }: RunCommit): Promise<string[]> {
  for (const child of cancelledRuns) await appendInbox(client, tenantId, child, { kind: "cancel", actor: { id: null, name: "the run that started it" }, reason: null });
  if (release?.parent) {
    const { status, result, error, parent } = release;
    await appendInbox(client, tenantId, parent.runId, { kind: "run-ended", stepId: parent.stepId, runId, status: status as "success" | "failed" | "cancelled", result: (result ?? null) as Json, error });
  }
  if (runs.length === 0) return [];
  const { rows } = await client.query<Parent>("SELECT alert_id, correlation_id, mode, priority, depth, origin->>'by' AS by FROM runs WHERE id = $1", [runId]);
  const limited: string[] = [];
  for (const child of runs) limited.push(...(await startChild(client, { tenantId, runId, parent: rows[0]!, child })));
  return limited;
}

/** A playbook that cannot be started is a child that has failed: the step that wants it hears why. */
async function startChild(client: PoolClient, { tenantId, runId, parent, child }: { tenantId: string; runId: string; parent: Parent; child: ChildRun }): Promise<string[]> {
  const { rows } = await client.query<{ id: string; enabled: boolean; version_id: string | null }>("SELECT id, enabled, published_version_id AS version_id FROM playbooks WHERE tenant_id = $1 AND slug = $2", [tenantId, child.playbook]);
  const playbook = rows[0];
  const refusal = !playbook ? `there is no playbook "${child.playbook}"`
    : playbook.version_id === null ? `the playbook "${child.playbook}" has no published version`
    : !playbook.enabled ? `the playbook "${child.playbook}" is disabled`
    : parent.depth >= MAX_DEPTH ? `playbooks start each other at most ${MAX_DEPTH} deep`
    : null;
  if (refusal !== null || !playbook?.version_id) {
    const error: FailureRecord = { kind: "rejected", message: refusal ?? "it cannot be started" };
    await appendInbox(client, tenantId, runId, { kind: "run-ended", stepId: child.stepId, runId: child.runId, status: "failed", result: null, error });
    return [];
  }
  return storeRuns(client, [{
    id: child.runId, tenantId, playbookId: playbook.id, versionId: playbook.version_id, alertId: child.withAlert ? parent.alert_id : null, correlationId: parent.correlation_id,
    mode: parent.mode, priority: parent.priority, sequence: null, origin: { kind: "run", by: parent.by, of: runId }, input: child.input,
    parent: { runId, stepId: child.stepId, depth: parent.depth + 1 },
  }]);
}
