/** The memory of a run while it is held: its steps, what of them is not journalled yet, and how it is ending. */
import type { AlertView, Json } from "#sdk";
import type { Backtest } from "./backtest/policy.ts";
import type { RunScope } from "./bind.ts";
import type { FailureRecord } from "./errors.ts";
import type { ClaimedRun } from "./lease/claim.ts";
import type { RunOrigin, StepRecord } from "./journal/records.ts";
import type { AttemptRow, ChildRun, RunCommit, StepRow, WaitRow } from "./journal/writer.ts";
import { stepId } from "./ids.ts";
import { enter, iterationOf, leave, outerPath, stepKey } from "./item-path.ts";
import type { WaitingOn } from "./status.ts";
import type { Pin } from "./test-options.ts";
import type { LoadedVersion } from "./versions.ts";

export type Ending = { status: "success" | "failed" | "cancelled"; error: FailureRecord | null; result: Json };

const iso = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());

export interface RunStateInput {
  run: ClaimedRun;
  version: LoadedVersion;
  origin: RunOrigin;
  /** null: the run begins now. */
  journal: { steps: ReadonlyMap<string, StepRecord>; nextSegment: number } | null;
  /** Keys of the steps that have rows of their own already. */
  narrow?: Iterable<string>;
  callbacks: RunCallbacks;
  /** Of a run of a backtest. */
  backtest?: Backtest | null;
}

/** Where the outside answers steps of this run. */
export interface RunCallbacks {
  /** Ids of the nodes that wait for it. */
  nodes: readonly string[];
  url(runId: string, stepId: string): string;
}

export class RunState {
  readonly run: ClaimedRun;
  readonly version: LoadedVersion;
  readonly origin: RunOrigin;
  readonly backtest: Backtest | null;
  /** By key (item-path.ts). */
  readonly steps = new Map<string, StepRecord>();
  ending: Ending | null = null;
  seenInbox = 0;
  nextSegment: number;

  readonly #callbacks: RunCallbacks;
  /** By step id: what came before the step waited for it. */
  readonly earlyCallbacks = new Map<string, Json>();
  /** Ids of steps that were told of a free place before they had begun to wait for it. */
  readonly freePlaces = new Set<string>();
  #originPending: boolean;
  #dirty = new Set<string>();
  /** Steps that have (or get) a row of their own. */
  readonly #narrow: Set<string>;
  #rows = new Map<string, StepRow>();
  #attempts: AttemptRow[] = [];
  /** By id: what is asked and over again before it is stored goes as one row. */
  #waits = new Map<string, WaitRow>();
  #runs: ChildRun[] = [];
  #cancelledRuns: string[] = [];

  constructor({ run, version, origin, journal, narrow = [], callbacks, backtest = null }: RunStateInput) {
    this.run = run;
    this.version = version;
    this.#callbacks = callbacks;
    this.backtest = backtest;
    this.origin = origin;
    this.nextSegment = journal?.nextSegment ?? 1;
    this.#originPending = journal === null || journal.nextSegment === 1;
    this.#narrow = new Set(narrow);
    // `pending` in the journal is an intent that was taken back: the step has not begun.
    for (const step of journal?.steps.values() ?? []) if (step.status !== "pending") this.steps.set(stepKey(step.node, step.item), step);
  }

  /** What expressions and code see of the run in an iteration ("" outside loops): its own steps and those of the bodies around it. */
  scopeAt(item: string): RunScope {
    return {
      trigger: this.origin.trigger,
      alert: this.origin.alert as unknown as Json,
      vars: this.version.document.vars as Json,
      run: this.#view(item),
      item: this.#itemOf(item),
      output: (id) => this.output(id, item),
      nodeIds: () => this.version.graph.byId.keys(),
    };
  }

  #view(item: string): Json {
    const { id, mode, correlation_id, started_at } = this.run;
    const { byId } = this.version.graph;
    const urls = this.#callbacks.nodes.map((node) => [node, this.#callbacks.url(id, stepId(id, node, outerPath(item, byId.get(node)?.depth ?? 0)))] as const);
    return {
      id, mode, correlation_id, started_at: new Date(started_at).toISOString(), playbook: this.version.playbookName, version: this.version.number,
      ...(urls.length > 0 ? { callback_urls: Object.fromEntries(urls) } : {}),
    };
  }

  step(node: string, item: string): StepRecord | undefined {
    return this.steps.get(stepKey(node, item));
  }

  /** As a step of this iteration sees it. The loops that it is in show where they are: {item, index, total}. */
  output(nodeId: string, item: string): Json | undefined {
    const entry = this.version.graph.byId.get(nodeId);
    if (!entry) return undefined;
    const path = outerPath(item, entry.depth);
    // A step of another loop's body is nothing that can be seen from here.
    if (entry.depth > 0 && iterationOf(path).container !== entry.body) return undefined;
    const step = this.step(nodeId, path);
    if (!step) return undefined;
    if (step.port !== null) return step.output;
    const inside = outerPath(item, entry.depth + 1);
    if (!step.loop || inside === path || iterationOf(inside).container !== nodeId) return undefined;
    const { index } = iterationOf(inside);
    return { item: itemAt(step, index), index, total: step.loop.count };
  }

  #itemOf(path: string): Json | undefined {
    if (path === "") return undefined;
    const { container, index } = iterationOf(path);
    const step = this.step(container, leave(path));
    return step && itemAt(step, index);
  }

  /** How many iterations of a container have begun, by their steps: nothing else is kept of them. Walks all steps. */
  begunIterations(container: StepRecord): number {
    const prefix = enter(container.item, container.node, 0).slice(0, -2);
    let begun = 0;
    for (const { item } of this.steps.values()) {
      if (!item.startsWith(prefix)) continue;
      begun = Math.max(begun, Number.parseInt(item.slice(prefix.length), 10) + 1);
    }
    return begun;
  }

  /** What a test or a re-run says the step gave, where it does. */
  pin(nodeId: string, item: string): Pin | undefined {
    const key = stepKey(nodeId, item);
    const pins = this.run.rerun?.pins ?? this.run.test?.pins;
    return pins && Object.hasOwn(pins, key) ? pins[key] : undefined;
  }

  /** Whoever repeats the run wants it left out. */
  isLeftOut(nodeId: string, item: string): boolean {
    return this.run.rerun?.skipped.includes(stepKey(nodeId, item)) ?? false;
  }

  id(step: StepRecord): string {
    return stepId(this.run.id, step.node, step.item);
  }

  /** Replaces what is known of a step and remembers to journal it; a step that waits, failed, was tried again or called out also gets its own row. */
  put(step: StepRecord, marks: { intentAt?: number; receiptAt?: number } = {}): void {
    const key = stepKey(step.node, step.item);
    const before = this.steps.get(key)?.waitingOn;
    if (before) this.#stopWaiting(before, step);
    this.steps.set(key, step);
    this.#dirty.add(key);
    if (step.status === "waiting" || step.status === "failed" || step.attempt > 1 || step.calledOut || step.ambiguous) this.#narrow.add(key);
    if (!this.#narrow.has(key)) return;
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
  forget({ node, item }: StepRecord): void {
    const key = stepKey(node, item);
    this.steps.delete(key);
    this.#dirty.delete(key);
  }

  /** Journals a running step as it stands, so that a live trace shows it. */
  show(key: string): void {
    if (this.steps.get(key)?.status === "running") this.#dirty.add(key);
  }

  /** The first answer stays, as it does in the table. */
  wait(row: WaitRow): void {
    const asked = this.#waits.get(row.id);
    this.#waits.set(row.id, asked ? { ...asked, answer: asked.answer ?? row.answer, answered_by: asked.answered_by ?? row.answered_by } : row);
  }

  /** Nobody is asked any more what the step no longer waits for. Whether a call has happened is worth knowing even then. */
  #stopWaiting(before: WaitingOn, { status, waitingOn }: StepRecord): void {
    if (before.kind === "run" && status === "cancelled") this.#cancelledRuns.push(before.run_id);
    if (before.kind !== "approval" && before.kind !== "question" && before.kind !== "callback") return;
    if (waitingOn && "wait_id" in waitingOn && waitingOn.wait_id === before.wait_id) return;
    const over = { id: before.wait_id, step_id: before.step_id, kind: before.kind, question: {}, until: null };
    if (status === "cancelled") this.wait({ ...over, answer: { withdrawn: true }, answered_by: { name: "nobody" } });
    else if (before.kind === "callback") this.wait({ ...over, answer: { called: true }, answered_by: { name: "the outside" } });
  }

  /** Begins with the commit that says that a step waits for it. */
  startRun(run: ChildRun): void {
    this.#runs.push(run);
  }

  get hasUnsaved(): boolean {
    return this.#dirty.size > 0 || this.#rows.size > 0;
  }

  /** Takes everything that is not journalled yet. Steps still running go along, so that a live trace shows them. */
  takeUnsaved(): Pick<RunCommit, "segment" | "steps" | "attempts" | "waits" | "runs" | "cancelledRuns"> {
    const steps = [...this.#dirty].map((key) => this.steps.get(key)!);
    const taken: ReturnType<RunState["takeUnsaved"]> = {};
    if (steps.length > 0 || this.#originPending) {
      taken.segment = { seq: this.nextSegment++, body: { ...(this.#originPending ? { origin: this.origin } : {}), steps } };
    }
    if (this.#rows.size > 0) taken.steps = [...this.#rows.values()];
    if (this.#attempts.length > 0) taken.attempts = this.#attempts;
    if (this.#waits.size > 0) taken.waits = [...this.#waits.values()];
    if (this.#runs.length > 0) taken.runs = this.#runs;
    if (this.#cancelledRuns.length > 0) taken.cancelledRuns = this.#cancelledRuns;
    this.#runs = [];
    this.#cancelledRuns = [];
    this.#originPending = false;
    this.#dirty = new Set();
    this.#rows = new Map();
    this.#attempts = [];
    this.#waits = new Map();
    return taken;
  }
}

/** What an iteration sees as `item`: its number where the loop has no list. */
const itemAt = ({ loop }: StepRecord, index: number): Json => (loop?.items ? (loop.items[index] ?? null) : index);

/** The origin of a run that starts now. */
export function originOf(run: ClaimedRun, alert: AlertView | null): RunOrigin {
  if (run.test?.alert) return { trigger: (run.input ?? null) as Json, alert: run.test.alert };
  // Who starts a run on an alert may give it an input of its own; the alert is there all the same.
  return { trigger: run.input === null && run.raw_payload ? parsePayload(run.raw_payload) : ((run.input ?? null) as Json), alert };
}

function parsePayload(raw: Buffer): Json {
  try {
    return JSON.parse(raw.toString("utf8")) as Json;
  } catch {
    return raw.toString("utf8");
  }
}
