/** What one run of a backtest came to: the way it took, and what it would have changed. */
import type { ClientBase } from "pg";
import type { Json } from "#sdk";
import { inputHash } from "../bind.ts";
import type { FailureRecord } from "../errors.ts";
import { loadJournal } from "../journal/load.ts";
import type { StepRecord } from "../journal/records.ts";

export interface PathStep {
  node: string;
  item: string;
  status: string;
  /** null: it ended without leaving by one. */
  port: string | null;
}

/** A write or containment that was held. */
export interface IntendedWrite {
  /** Of a playbook that the run started: "slug: node". */
  node: string;
  item: string;
  type: string;
  effect: "write" | "contain";
  /** null where it is too long to be kept twice: the run has it. */
  input: Json;
  /** Of type and input. */
  hash: string;
}

export interface RunSummary {
  run_id: string;
  status: "success" | "failed" | "cancelled";
  result: Json;
  error: FailureRecord | null;
  /** Nodes of the run itself that were not skipped, in the order they were come to. */
  path: PathStep[];
  writes: IntendedWrite[];
  /** Reads that nothing was recorded of, whatever was done about them. */
  unrecorded: string[];
}

/** Loops can be long; what is beyond these is in the run. */
const LONGEST_PATH = 500;
const MOST_WRITES = 200;
const LONGEST_INPUT = 8_000;

interface Relative {
  id: string;
  slug: string;
}

/** The run and those that its steps started, nearest first. */
const FAMILY = `
WITH RECURSIVE family AS (
  SELECT id, playbook_id, depth FROM runs WHERE id = $1
  UNION ALL SELECT r.id, r.playbook_id, r.depth FROM runs r JOIN family f ON r.parent_run_id = f.id
) SELECT f.id, p.slug FROM family f JOIN playbooks p ON p.id = f.playbook_id ORDER BY f.depth, f.id`;

/** @param runId of a run that has ended */
export async function summarize(client: ClientBase, runId: string): Promise<RunSummary> {
  const { rows: [run] } = await client.query<Pick<RunSummary, "status" | "result" | "error">>("SELECT status, result, error FROM runs WHERE id = $1", [runId]);
  const { rows: family } = await client.query<Relative>(FAMILY, [runId]);
  const summary: RunSummary = { run_id: runId, status: run!.status, result: run!.result ?? null, error: run!.error, path: [], writes: [], unrecorded: [] };
  for (const relative of family) {
    const steps = [...(await loadJournal(client, relative.id)).steps.values()];
    const name = (step: StepRecord): string => (relative.id === runId ? step.node : `${relative.slug}: ${step.node}`);
    if (relative.id === runId) summary.path = steps.filter(({ status }) => status !== "skipped").slice(0, LONGEST_PATH).map(({ node, item, status, port }) => ({ node, item, status, port }));
    for (const step of steps) {
      if (step.recording === "none") summary.unrecorded.push(name(step));
      if (step.status === "held" && (step.effect === "write" || step.effect === "contain") && summary.writes.length < MOST_WRITES) summary.writes.push(intended(name(step), step));
    }
  }
  return summary;
}

function intended(node: string, { item, type, effect, input = null }: StepRecord): IntendedWrite {
  const isLong = JSON.stringify(input).length > LONGEST_INPUT;
  return { node, item, type, effect: effect as IntendedWrite["effect"], input: isLong ? null : input, hash: inputHash({ type, input }) };
}
