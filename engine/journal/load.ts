/** Reading back what a run remembers. */
import type { ClientBase, Pool } from "pg";
import type { FailureKind, Json } from "#sdk";
import { decode } from "./codec.ts";
import { fetchPayloads } from "./payloads.ts";
import { stepKey } from "../item-path.ts";
import type { RunOrigin, SegmentBody, StepRecord } from "./records.ts";

export interface Journal {
  origin: RunOrigin | null;
  /** Newest record of each step by its key, in the order of first appearance. */
  steps: Map<string, StepRecord>;
  nextSegment: number;
}

/** Merges segments in order: the newest record of a key wins. */
export function mergeSegments(bodies: Iterable<SegmentBody>): Pick<Journal, "origin" | "steps"> {
  const steps = new Map<string, StepRecord>();
  let origin: RunOrigin | null = null;
  for (const body of bodies) {
    origin ??= body.origin ?? null;
    for (const step of body.steps) steps.set(stepKey(step.node, step.item), step);
  }
  return { origin, steps };
}

export async function loadJournal(db: Pool | ClientBase, runId: string): Promise<Journal> {
  const journal = await loadOutline(db, runId);
  await fetchPayloads(db, runId, journal.steps);
  return journal;
}

/** Without what lies apart: its steps carry previews of it. */
export async function loadOutline(db: Pool | ClientBase, runId: string): Promise<Journal> {
  const { rows } = await db.query<{ seq: number; body: Buffer }>({ name: "load-segments", text: "SELECT seq, body FROM segments WHERE run_id = $1 ORDER BY seq", values: [runId] });
  return { ...mergeSegments(rows.map((row) => decode<SegmentBody>(row.body))), nextSegment: (rows.at(-1)?.seq ?? 0) + 1 };
}

/** What a write's call came to, when its worker could still tell but no longer advance the run. */
export type LateReceipt =
  | { port: string; data: Json }
  | { failure: { kind: FailureKind; message: string } }
  /** The intent may be stored, but the call was never made. */
  | { notSent: true };

/** Receipts that arrived after a takeover, by step id. */
export async function loadLateReceipts(db: Pool, runId: string): Promise<Map<string, LateReceipt>> {
  const { rows } = await db.query<{ id: string; late_receipt: Buffer }>({
    name: "load-late-receipts",
    text: "SELECT id, late_receipt FROM steps WHERE run_id = $1 AND late_receipt IS NOT NULL",
    values: [runId],
  });
  return new Map(rows.map((row) => [row.id, decode<LateReceipt>(row.late_receipt)]));
}
