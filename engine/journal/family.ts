/** What one run's commit means for the runs above and below it; in the same transaction, so that nobody waits for what never comes. */
import type { PoolClient } from "pg";
import { startInput } from "#format";
import type { Json } from "#sdk";
import type { FailureRecord } from "../errors.ts";
import { findPlaybook } from "../playbooks.ts";
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
  backtest_id: string | null;
}

/** @returns playbooks with a limit of which runs were started: `admitRuns` lets them begin */
export async function followFamily(client: PoolClient, { runId, tenantId, runs = [], cancelledRuns = [], release }: RunCommit): Promise<string[]> {
  for (const child of cancelledRuns) await appendInbox(client, tenantId, child, { kind: "cancel", actor: { id: null, name: "the run that started it" }, reason: null });
  if (release?.parent) {
    const { status, result, error, parent } = release;
    await appendInbox(client, tenantId, parent.runId, { kind: "run-ended", stepId: parent.stepId, runId, status: status as "success" | "failed" | "cancelled", result: (result ?? null) as Json, error });
  }
  if (runs.length === 0) return [];
  const { rows } = await client.query<Parent>("SELECT alert_id, correlation_id, mode, priority, depth, origin->>'by' AS by, backtest_id FROM runs WHERE id = $1", [runId]);
  const limited: string[] = [];
  for (const child of runs) limited.push(...(await startChild(client, { tenantId, runId, parent: rows[0]!, child })));
  return limited;
}

/** A playbook that cannot be started is a child that has failed: the step that wants it hears why. */
async function startChild(client: PoolClient, { tenantId, runId, parent, child }: { tenantId: string; runId: string; parent: Parent; child: ChildRun }): Promise<string[]> {
  const playbook = await findPlaybook(client, tenantId, { slug: child.playbook });
  const started = playbook && startInput(playbook.trigger, child.input, new Date());
  const refusal = !playbook ? `there is no playbook "${child.playbook}"`
    : playbook.versionId === null ? `the playbook "${child.playbook}" has no published version`
    : !playbook.enabled ? `the playbook "${child.playbook}" is disabled`
    : parent.depth >= MAX_DEPTH ? `playbooks start each other at most ${MAX_DEPTH} deep`
    : !started?.ok ? `the playbook "${child.playbook}" cannot start with this input: ${started?.wrong.map(({ field, message }) => (field === "" ? message : `${field}: ${message}`)).join("; ")}`
    : null;
  if (refusal !== null || !playbook?.versionId || !started?.ok) {
    const error: FailureRecord = { kind: "rejected", message: refusal ?? "it cannot be started" };
    await appendInbox(client, tenantId, runId, { kind: "run-ended", stepId: child.stepId, runId: child.runId, status: "failed", result: null, error });
    return [];
  }
  return storeRuns(client, [{
    id: child.runId, tenantId, playbookId: playbook.id, versionId: playbook.versionId, alertId: child.withAlert ? parent.alert_id : null, correlationId: parent.correlation_id,
    mode: parent.mode, priority: parent.priority, sequence: null, origin: { kind: "run", by: parent.by, of: runId }, input: started.input,
    backtestId: parent.backtest_id, parent: { runId, stepId: child.stepId, depth: parent.depth + 1 },
  }]);
}
