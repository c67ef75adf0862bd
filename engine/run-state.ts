/** The memory of a run while it is held: its steps, what of them is not journalled yet, and how it is ending. */
import type { AlertView, Json } from "#sdk";
import type { RunScope } from "./bind.ts";
import type { FailureRecord } from "./errors.ts";
import type { ClaimedRun } from "./lease/claim.ts";
import type { RunOrigin, SegmentBody, StepRecord } from "./journal/records.ts";
import type { AttemptRow, StepRow, WaitRow } from "./journal/writer.ts";
import { stepId } from "./ids.ts";
import type { PlannedStep } from "./plan.ts";
import type { Pin } from "./test-options.ts";
import type { LoadedVersion } from "./versions.ts";

export type Ending = { status: "success" | "failed" | "cancelled"; error: FailureRecord | null; result: Json };

const iso = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());

export class RunState {
  readonly run: ClaimedRun;
  readonly version: LoadedVersion;
  readonly origin: RunOrigin;
  readonly steps = new Map<string, StepRecord>();
  ending: Ending | null = null;
  seenInbox = 0;
  nextSegment: number;

  #originPending: boolean;
  #dirty = new Set<string>();
  /** Steps that have (or get) a row of their own. */
  readonly #narrow: Set<string>;
  #rows = new Map<string, StepRow>();
  #attempts: AttemptRow[] = [];
  #waits: WaitRow[] = [];

  constructor(run: ClaimedRun, version: LoadedVersion, origin: RunOrigin, journal: { steps: ReadonlyMap<string, StepRecord>; nextSegment: number } | null, narrow: Iterable<string> = []) {
    this.run = run;
    this.version = version;
    this.origin = origin;
    this.nextSegment = journal?.nextSegment ?? 1;
    this.#originPending = journal === null || journal.nextSegment === 1;
    this.#narrow = new Set(narrow);
    // `pending` in the journal is an intent that was taken back: the step has not begun.
    for (const step of journal?.steps.values() ?? []) if (step.status !== "pending") this.steps.set(step.node, step);
  }

  /** What expressions and code see of the run. */
  get scope(): RunScope {
    return {
      trigger: this.origin.trigger,
      alert: this.origin.alert as unknown as Json,
      vars: this.version.document.vars as Json,
      run: this.#view(),
      output: (id) => this.output(id),
      nodeIds: () => this.steps.keys(),
    };
  }

  #view(): Json {
    const { id, mode, correlation_id, started_at } = this.run;
    return { id, mode, correlation_id, started_at: new Date(started_at).toISOString(), playbook: this.version.playbookName, version: this.version.number };
  }
  output(nodeId: string): Json | undefined {
    const step = this.steps.get(nodeId);
    return step && step.port !== null ? step.output : undefined;
  }
  planned(): ReadonlyMap<string, PlannedStep> {
    return this.steps;
  }

  /** What a test says the node gave, where it does. */
  pin(nodeId: string): Pin | undefined {
    const pins = this.run.test?.pins;
    return pins && Object.hasOwn(pins, nodeId) ? pins[nodeId] : undefined;
  }

  id(step: StepRecord): string {
    return stepId(this.run.id, step.node, step.item);
  }

  /** Replaces what is known of a step and remembers to journal it; a step that waits, failed, was tried again or called out also gets its own row. */
  put(step: StepRecord, marks: { intentAt?: number; receiptAt?: number } = {}): void {
    this.steps.set(step.node, step);
    this.#dirty.add(step.node);
    if (step.status === "waiting" || step.status === "failed" || step.attempt > 1 || step.calledOut || step.ambiguous) this.#narrow.add(step.node);
    if (!this.#narrow.has(step.node)) return;
    const id = this.id(step);
    const known = this.#rows.get(id);
    this.#rows.set(id, {
      id,
      node_id: step.node,
      node_type: step.type,
      item: step.item,
      status: step.status,
      effect: step.effect,
      attempt: step.attempt,
      idempotency_key: step.idempotencyKey ?? null,
      input_hash: step.inputHash ?? null,
      intent_at: iso(marks.intentAt) ?? known?.intent_at ?? null,
      receipt_at: iso(marks.receiptAt),
      ambiguous: step.ambiguous ?? false,
      waiting_on: step.waitingOn ?? null,
      error: step.error ?? null,
      started_at: iso(step.startedAt),
      finished_at: iso(step.finishedAt),
    });
  }

  attempt(step: StepRecord, row: { outcome: string; startedAt: number; error?: FailureRecord; retryAt?: number }): void {
    this.#attempts.push({ step_id: this.id(step), number: step.attempt, started_at: iso(row.startedAt)!, finished_at: new Date().toISOString(), outcome: row.outcome, error: row.error ?? null, retry_at: iso(row.retryAt) });
  }

  /** Forgets a step that was stopped before anything happened: it starts anew wherever the run goes on. */
  forget(node: string): void {
    this.steps.delete(node);
    this.#dirty.delete(node);
  }

  /** Journals a running step as it stands, so that a live trace shows it. */
  show(node: string): void {
    if (this.steps.get(node)?.status === "running") this.#dirty.add(node);
  }

  wait(row: WaitRow): void {
    this.#waits.push(row);
  }

  get hasUnsaved(): boolean {
    return this.#dirty.size > 0 || this.#rows.size > 0;
  }

  /** Takes everything that is not journalled yet. Steps still running go along, so that a live trace shows them. */
  takeUnsaved(): { segment?: { seq: number; body: SegmentBody }; steps?: StepRow[]; attempts?: AttemptRow[]; waits?: WaitRow[] } {
    const steps = [...this.#dirty].map((node) => this.steps.get(node)!);
    const taken: ReturnType<RunState["takeUnsaved"]> = {};
    if (steps.length > 0 || this.#originPending) {
      taken.segment = { seq: this.nextSegment++, body: { ...(this.#originPending ? { origin: this.origin } : {}), steps } };
    }
    if (this.#rows.size > 0) taken.steps = [...this.#rows.values()];
    if (this.#attempts.length > 0) taken.attempts = this.#attempts;
    if (this.#waits.length > 0) taken.waits = this.#waits;
    this.#originPending = false;
    this.#dirty = new Set();
    this.#rows = new Map();
    this.#attempts = [];
    this.#waits = [];
    return taken;
  }
}

/** The origin of a run that starts now. */
export function originOf(run: ClaimedRun, alert: AlertView | null): RunOrigin {
  if (run.test?.alert) return { trigger: (run.input ?? null) as Json, alert: run.test.alert };
  return { trigger: run.raw_payload ? parsePayload(run.raw_payload) : ((run.input ?? null) as Json), alert };
}

function parsePayload(raw: Buffer): Json {
  try {
    return JSON.parse(raw.toString("utf8")) as Json;
  } catch {
    return raw.toString("utf8");
  }
}
