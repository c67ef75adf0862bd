/** Re-runs, for the door: reads the run that is repeated, plans (rerun.ts), and starts the new one. */
import type { PoolClient } from "pg";
import { type PlaybookDocument, parseDocument } from "#format";
import { notifyChanges } from "./events.ts";
import { stepId, uuidv7 } from "./ids.ts";
import { loadJournal } from "./journal/load.ts";
import type { StepRecord } from "./journal/records.ts";
import { insertRuns, type NewRun, PRIORITIES } from "./queue.ts";
import { failedSteps, needsReason, planRerun, type ReceiptChoice, type RerunPlan } from "./rerun.ts";
import type { TestOptions } from "./test-options.ts";

export interface RerunRequest {
  tenantId: string;
  runId: string;
  /** Where it begins: these steps, or those that the run failed by. Absent: at the start. */
  from?: readonly string[] | "failed";
  /** The version that it ran, or the one that is published now. */
  version?: "same" | "published";
  /** By step id: what becomes of calls that happened. */
  receipts?: Readonly<Record<string, ReceiptChoice>>;
  /** Needed to repeat a containment. */
  reason?: string | null;
  actor: { id: string | null; name: string };
}

export type RerunRefusal = "of-a-backtest" | "not-found" | "not-finished" | "not-published" | "no-such-step" | "nothing-failed" | "reason-required";
export type RerunResult = { runId: string } | { error: RerunRefusal };

export interface RerunPreview {
  versionId: string;
  /** Step ids. */
  anew: string[];
  reused: string[];
  receipts: { stepId: string; nodeId: string; item: string; effect: "write" | "contain"; choice: ReceiptChoice }[];
  needsReason: boolean;
}

interface OldRun {
  playbook_id: string;
  version_id: string;
  alert_id: string | null;
  correlation_id: string;
  status: string;
  mode: NewRun["mode"];
  input: unknown;
  test: TestOptions | null;
}

interface Planned {
  run: OldRun;
  versionId: string;
  from: string[];
  plan: RerunPlan;
}

export async function rerun(client: PoolClient, request: RerunRequest): Promise<RerunResult> {
  const planned = await planOf(client, request);
  if ("error" in planned) return planned;
  const { run, versionId, from, plan } = planned;
  const { tenantId, runId, actor } = request;
  const reason = request.reason?.trim() ?? "";
  if (needsReason(plan) && reason === "") return { error: "reason-required" };
  const id = uuidv7();
  await insertRuns(client, [{
    id, tenantId, playbookId: run.playbook_id, versionId, alertId: run.alert_id, correlationId: run.correlation_id,
    // What was a test stays one: never live by way of a re-run.
    mode: run.mode, test: run.test && { ...run.test, by: actor.name },
    // Somebody is looking at the screen.
    priority: PRIORITIES.high, sequence: null, origin: { kind: "rerun", by: actor.name, of: runId }, input: run.input,
    rerun: run.test ? null : { of: runId, from: from[0] ?? null, pins: plan.pins, skipped: plan.skipped, reason: reason === "" ? null : reason },
  }]);
  await notifyChanges(client, [{ tenantId, runs: [id], ...(run.alert_id && run.mode === "live" ? { alerts: [run.alert_id] } : {}) }]);
  return { runId: id };
}

export async function previewRerun(client: PoolClient, request: Omit<RerunRequest, "actor" | "reason">): Promise<RerunPreview | { error: RerunRefusal }> {
  const planned = await planOf(client, request);
  if ("error" in planned) return planned;
  const { plan, versionId } = planned;
  const idOf = (key: string): string => {
    const [node = "", item = ""] = key.split("@");
    return stepId(request.runId, node, item);
  };
  return {
    versionId,
    anew: plan.anew.map(idOf),
    reused: Object.keys(plan.pins).map(idOf),
    receipts: plan.receipts.map(({ key, node, item, effect }) => ({
      stepId: idOf(key), nodeId: node, item, effect, choice: plan.skipped.includes(key) ? "skip" : plan.anew.includes(key) ? "repeat" : "reuse",
    })),
    needsReason: needsReason(plan),
  };
}

async function planOf(client: PoolClient, { tenantId, runId, from: wanted, version, receipts = {} }: Omit<RerunRequest, "actor" | "reason">): Promise<Planned | { error: RerunRefusal }> {
  const { rows } = await client.query<OldRun & { published_version_id: string | null }>(
    `SELECT r.playbook_id, r.version_id, r.alert_id, r.correlation_id, r.status, r.mode, r.input, r.test, p.published_version_id
     FROM runs r JOIN playbooks p ON p.id = r.playbook_id WHERE r.id = $1 AND r.tenant_id = $2`,
    [runId, tenantId],
  );
  const run = rows[0];
  if (!run) return { error: "not-found" };
  // Its result is one side of a comparison: the backtest as a whole is what can be repeated.
  if (run.mode === "backtest") return { error: "of-a-backtest" };
  // Two runs of one trigger at the same time would act twice.
  if (!["success", "failed", "cancelled"].includes(run.status)) return { error: "not-finished" };
  const versionId = version === "published" ? run.published_version_id : run.version_id;
  if (versionId === null) return { error: "not-published" };

  const { steps } = await loadJournal(client, runId);
  const keyOf = new Map([...steps].map(([key, { node, item }]) => [stepId(runId, node, item), key]));
  const from = startsOf(steps, keyOf, wanted);
  if ("error" in from) return from;
  const choices: Record<string, ReceiptChoice> = {};
  for (const [id, choice] of Object.entries(receipts)) {
    const key = keyOf.get(id);
    if (key === undefined) return { error: "no-such-step" };
    choices[key] = choice;
  }
  const plan = planRerun({ document: await documentOf(client, versionId), steps, from: from.keys, choices });
  return { run, versionId, from: from.keys, plan };
}

function startsOf(steps: ReadonlyMap<string, StepRecord>, keyOf: ReadonlyMap<string, string>, wanted: RerunRequest["from"]): { keys: string[] } | { error: RerunRefusal } {
  if (wanted === undefined) return { keys: [] };
  if (wanted === "failed") {
    const keys = failedSteps(steps);
    return keys.length > 0 ? { keys } : { error: "nothing-failed" };
  }
  const keys = wanted.map((id) => keyOf.get(id));
  return keys.includes(undefined) || keys.length === 0 ? { error: "no-such-step" } : { keys: keys as string[] };
}

async function documentOf(client: PoolClient, versionId: string): Promise<PlaybookDocument> {
  const { rows } = await client.query<{ document: unknown }>("SELECT document FROM playbook_versions WHERE id = $1", [versionId]);
  return parseDocument(rows[0]!.document);
}
