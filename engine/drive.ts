/**
 * Advances one run for as long as this process holds its lease: plan, start what may start, journal what settled,
 * and give the lease back when nothing is in flight. README.md has the state diagram.
 */
import { type AnyNode, Failure, type Iteration, type WaitAnswer } from "#sdk";
import { Advance, freshStep } from "./advance.ts";
import type { Outcome, StepServices } from "./attempt.ts";
import { Aborted, Fenced } from "./errors.ts";
import { closed } from "./backtest/closed-world.ts";
import { Flight, type Ground, outcomeOfReceipt } from "./flight.ts";
import type { GraphNode } from "./graph.ts";
import { uuidv7 } from "./ids.ts";
import { applyMessage } from "./inbox-rules.ts";
import { isWithin, stepKey } from "./item-path.ts";
import type { InboxItem } from "./journal/inbox.ts";
import type { LateReceipt } from "./journal/load.ts";
import type { StepRecord } from "./journal/records.ts";
import type { CommitResult, Release, RunCommit } from "./journal/writer.ts";
import { releaseOf } from "./release.ts";
import type { RunState } from "./run-state.ts";
import { giveUp, settle, type Settlement } from "./settle.ts";

export interface DriveDeps {
  commit(commit: RunCommit): Promise<CommitResult>;
  readInbox(runId: string, seen: number): Promise<InboxItem[]>;
  lateReceipts(runId: string): Promise<Map<string, LateReceipt>>;
  /** Keeps what a call came to when the run is no longer ours. */
  keepReceipt(tenantId: string, runId: string, stepId: string, receipt: LateReceipt): Promise<void>;
  resolveNode(type: string, version: number): AnyNode | undefined;
  services(run: RunState["run"], playbookName: string): StepServices;
  now(): number;
  random(): number;
}

/** Steps of one run in flight at a time; more wait for a place. */
const MAX_IN_FLIGHT = 20;
/** A live trace is never further behind than this (DESIGN 5.6). */
const FLUSH_MS = 100;

export class Drive {
  readonly #deps: DriveDeps;
  readonly #state: RunState;
  readonly #ground: Ground;
  readonly #planner: Advance;
  /** By the step's key. */
  readonly #inFlight = new Map<string, Flight>();
  #commits: Promise<unknown> = Promise.resolve();
  #unread: boolean;
  #draining = false;
  #broken: Error | null = null;
  #signal = Promise.withResolvers<void>();
  #flushTimer: NodeJS.Timeout | undefined;

  constructor(deps: DriveDeps, state: RunState) {
    this.#deps = deps;
    this.#state = state;
    this.#ground = {
      state,
      services: state.backtest && state.backtest.missing !== "live" ? closed(deps.services(state.run, state.version.playbookName)) : deps.services(state.run, state.version.playbookName),
      now: () => deps.now(),
      apply: (step, outcome, attemptStarted) => this.#apply(step, outcome, attemptStarted),
      flush: () => this.#flush(),
      refuseIfBroken: () => {
        if (this.#broken) throw this.#broken;
      },
      keepReceipt: (stepId, receipt) => deps.keepReceipt(state.run.tenant_id, state.run.id, stepId, receipt),
    };
    this.#planner = new Advance(state, {
      now: () => deps.now(),
      launch: (entry, item) => this.#launch(entry, freshStep(entry, item)),
      resume: (entry, step, { done }) => this.#launch(entry, step, { kind: "loop", iterations: inOrder(done.values()), until: false }),
      unjoinable: (entry, item, message) => this.#apply(freshStep(entry, item), { kind: "failure", failure: new Failure("rejected", message) }),
      abort: (iteration) => this.#abortWithin(iteration),
      isInFlight: (step) => this.#inFlight.has(stepKey(step.node, step.item)),
    });
    this.#unread = state.run.inbox_seq > 0;
  }

  /** The inbox has something new. */
  wake(): void {
    this.#unread = true;
    this.#signal.resolve();
  }

  /** Stop at the next step boundary and hand the run to whoever is next. */
  drain(): void {
    this.#draining = true;
    for (const flight of this.#inFlight.values()) if (!flight.calledOut) flight.abort(new Aborted("drain", "this worker is stopping"));
    this.#signal.resolve();
  }

  /** The lease is lost: nothing may be committed any more. */
  fence(): void {
    this.#break(new Fenced("this worker was declared dead"));
  }

  /**
   * Returns when the lease has been given back.
   * @throws Fenced when somebody took the run over; any other error when the database is gone. Either way nothing is in flight.
   */
  async run(): Promise<void> {
    try {
      await this.#recover();
      for (;;) {
        if (this.#broken) throw this.#broken;
        if (this.#unread) await this.#readInbox();
        if (!this.#state.ending && !this.#draining) this.#advance();
        if (this.#inFlight.size === 0) {
          if (await this.#release()) return;
          continue;
        }
        if (this.#state.ending) this.#abortWhatIsHarmless();
        this.#scheduleFlush();
        await this.#nextEvent();
      }
    } catch (error) {
      this.#break(error as Error);
      await Promise.all([...this.#inFlight.values()].map((flight) => flight.done));
      throw error;
    } finally {
      clearTimeout(this.#flushTimer);
    }
  }

  /** What a dead worker left running: reads start anew, calls that may have happened are settled as ambiguous (or by their late receipt). */
  async #recover(): Promise<void> {
    // A loop is at work as long as its iterations are: there is no call of its own that could have been lost.
    const running = [...this.#state.steps.values()].filter((step) => step.status === "running" && !step.loop);
    if (running.length === 0) return;
    const receipts = running.some((step) => step.calledOut) ? await this.#deps.lateReceipts(this.#state.run.id) : new Map<string, LateReceipt>();
    for (const step of running) {
      const receipt = receipts.get(this.#state.id(step));
      if (!step.calledOut || (receipt && "notSent" in receipt)) {
        this.#startAnew(step);
        continue;
      }
      const outcome: Outcome = receipt ? outcomeOfReceipt(receipt) : { kind: "failure", failure: new Failure("ambiguous", "the worker stopped while this step was calling out") };
      this.#apply(step, outcome, step.startedAt);
    }
  }

  async #readInbox(): Promise<void> {
    this.#unread = false;
    for (const { seq, message } of await this.#deps.readInbox(this.#state.run.id, this.#state.seenInbox)) {
      this.#state.seenInbox = seq;
      const receipts = message.kind === "late-receipt" ? await this.#deps.lateReceipts(this.#state.run.id) : null;
      const effect = applyMessage(this.#state, message, this.#deps.now());
      if (effect.do === "settle") this.#carryOut(effect.settlement);
      if (effect.do === "receipt") {
        const receipt = receipts?.get(this.#state.id(effect.step));
        if (!receipt) continue;
        // Nobody has to be asked any more.
        this.#state.wait({ id: effect.waitId, step_id: this.#state.id(effect.step), kind: "decision", question: {}, until: null, answer: { decision: "receipt" }, answered_by: { name: "the worker that made the call" } });
        if ("notSent" in receipt) this.#carryOut({ step: startAnew(effect.step, this.#deps.now()) });
        else this.#apply(effect.step, outcomeOfReceipt(receipt));
      }
    }
  }

  /** This attempt was stopped before anything could happen. What people have said, attempts and iterations before it are not lost with it. */
  #startAnew(step: StepRecord): void {
    const again: StepRecord = { ...step, calledOut: false };
    const now = new Date(this.#deps.now()).toISOString();
    if (step.loop) this.#state.put(step);
    else if (step.attempt > 1) this.#state.put({ ...again, status: "waiting", attempt: step.attempt - 1, next: "retry", waitingOn: { kind: "timer", text: `attempt ${step.attempt}, which had not begun`, until: now } });
    else if (step.answer || step.approved) this.#state.put({ ...again, status: "waiting", ...(step.answer ? { next: "resume" as const } : {}), waitingOn: { kind: "timer", text: "it goes on with what was said", until: now } });
    // An intent that is stored has to be taken back, or the next owner would ask whether it happened.
    else if (step.calledOut) this.#state.put({ ...again, status: "pending" });
    else this.#state.forget(step);
  }

  #advance(): void {
    this.#wakeSleepers();
    this.#planner.run();
  }

  /** Steps whose time has come. */
  #wakeSleepers(): void {
    const now = this.#deps.now();
    for (const step of [...this.#state.steps.values()]) {
      if (step.status !== "waiting" || step.waitingOn?.until === undefined || Date.parse(step.waitingOn.until) > now) continue;
      if (step.waitingOn.kind !== "timer" && step.waitingOn.kind !== "concurrency") this.#giveUpWaiting(step, step.waitingOn);
      else if (step.next === "iterate") {
        const { waitingOn: _timer, next: _next, ...rest } = step;
        this.#state.put({ ...rest, status: "running" });
      } else this.#launch(this.#state.version.graph.byId.get(step.node)!, step, step.answer ?? (step.next === "resume" ? { kind: "timer" } : undefined));
    }
  }

  /** Nobody has answered in time. */
  #giveUpWaiting(step: StepRecord, wait: NonNullable<StepRecord["waitingOn"]>): void {
    if (!("wait_id" in wait)) return;
    this.#state.wait({ id: wait.wait_id, step_id: this.#state.id(step), kind: wait.kind, question: {}, until: null, answer: { timed_out: true }, answered_by: { name: "nobody" } });
    const { waitingOn: _waitingOn, next: _next, ...rest } = step;
    const { node } = this.#state.version.graph.byId.get(step.node)!;
    if (wait.kind === "approval") this.#carryOut(giveUp({ node, step: rest, now: this.#deps.now() }, { kind: "rejected", message: "nobody has allowed it in time" }));
    else this.#state.put({ ...rest, next: "resume", answer: { kind: "timer" }, waitingOn: { kind: "timer", text: "nobody has answered in time", until: new Date(this.#deps.now()).toISOString() } });
  }

  /** @param answer what the node's `resume` is handed; without one it is run */
  #launch(entry: GraphNode, { waitingOn: _timer, next, error: _error, calledOut: _called, ...before }: StepRecord, answer?: WaitAnswer): void {
    if (this.#inFlight.size >= MAX_IN_FLIGHT) return;
    const key = stepKey(before.node, before.item);
    const step: StepRecord = { ...before, status: "running", attempt: before.attempt + (next === "retry" ? 1 : 0), startedAt: before.startedAt ?? this.#deps.now() };
    // Iterations tell of themselves.
    if (answer && answer.kind !== "loop") step.answer = answer;
    const flight = new Flight(this.#ground, entry.node, this.#deps.resolveNode(entry.node.type, entry.node.version)!, step);
    this.#state.steps.set(key, step);
    this.#inFlight.set(key, flight);
    flight.done = flight
      .fly(answer)
      .catch((error: unknown) => this.#break(error as Error))
      .finally(() => {
        this.#inFlight.delete(key);
        this.#signal.resolve();
      });
  }

  /** An iteration is ending: as when the run ends, but for its own steps alone. */
  #abortWithin(iteration: string): void {
    const reason = new Aborted("run-failed", "another step of this iteration, or another iteration, has failed");
    for (const flight of this.#inFlight.values()) if (isWithin(flight.item, iteration) && !flight.calledOut) flight.abort(reason);
  }

  #apply(step: StepRecord, outcome: Outcome, attemptStarted = this.#deps.now()): void {
    const node = this.#state.version.graph.byId.get(step.node)!.node;
    const definition = this.#deps.resolveNode(node.type, node.version)!;
    this.#carryOut(
      settle({ stepId: () => this.#state.id(step), early: (id) => this.#state.earlyCallbacks.get(id), hasFreePlace: (id) => this.#state.freePlaces.delete(id), node, definition, step, outcome, effect: step.effect, ending: this.#state.ending !== null, now: this.#deps.now(), random: this.#deps.random(), newWaitId: uuidv7 }),
      step, attemptStarted,
    );
  }

  #carryOut(settlement: Settlement, before?: StepRecord, attemptStarted = this.#deps.now()): void {
    if (settlement.step === null) {
      if (!before) return;
      this.#startAnew(before);
      return;
    }
    const settled = settlement.step;
    const certain = settled.calledOut && !settled.ambiguous && settled.status !== "waiting";
    this.#state.put(settled, certain ? { receiptAt: this.#deps.now() } : {});
    if (settlement.attempt) this.#state.attempt(settled, { startedAt: attemptStarted, ...settlement.attempt });
    if (settlement.ask) {
      const { waitId, kind, question, until } = settlement.ask;
      this.#state.wait({ id: waitId, step_id: this.#state.id(settled), kind, question, until });
    }
    if (settlement.child) this.#state.startRun(settlement.child);
    // What fails in an iteration ends the iteration; its container decides what that means.
    if (settlement.ending && !(settlement.ending.status === "failed" && settled.item !== "" && settled.status === "failed")) this.#state.ending ??= settlement.ending;
  }

  /**
   * Reads stop at once when a run ends. Calls that have left are awaited when it failed; a cancel aborts them too, which
   * starts nothing new and gives them their grace for a receipt (attempt.ts).
   */
  #abortWhatIsHarmless(): void {
    const cancelled = this.#state.ending?.status === "cancelled";
    const reason = new Aborted(cancelled ? "cancel" : "run-failed", cancelled ? "the run was cancelled" : "the run is over");
    for (const flight of this.#inFlight.values()) if (cancelled || !flight.calledOut) flight.abort(reason);
  }

  /** @returns true when the lease is given back */
  async #release(): Promise<boolean> {
    const release: Release = releaseOf(this.#state, { draining: this.#draining, now: this.#deps.now() });
    const result = await this.#commit(release);
    if (result === "ok") return true;
    this.#unread = true;
    return false;
  }

  async #flush(): Promise<void> {
    if (this.#state.hasUnsaved) await this.#commit();
  }

  /** One commit at a time per run, in order. A refused release keeps the lease but saves what was with it. */
  #commit(release?: Release): Promise<CommitResult> {
    const work = this.#commits.then(async () => {
      const { id: runId, tenant_id: tenantId, epoch } = this.#state.run;
      const unsaved = this.#state.takeUnsaved();
      const commit: RunCommit = { runId, tenantId, epoch, ...unsaved };
      let result = await this.#deps.commit(release ? { ...commit, release } : commit);
      if (result === "inbox" && Object.keys(unsaved).length > 0) {
        const saved = await this.#deps.commit(commit);
        result = saved === "ok" ? "inbox" : saved;
      }
      if (result === "fenced") throw new Fenced(`run ${runId} belongs to another worker`);
      return result;
    });
    this.#commits = work.catch(() => undefined);
    return work;
  }

  #scheduleFlush(): void {
    this.#flushTimer ??= setTimeout(() => {
      this.#flushTimer = undefined;
      for (const key of this.#inFlight.keys()) this.#state.show(key);
      this.#flush().catch((error: unknown) => this.#break(error as Error));
    }, FLUSH_MS);
  }

  #break(error: Error): void {
    this.#broken ??= error;
    const reason = new Aborted("fenced", "this worker no longer holds the run");
    for (const flight of this.#inFlight.values()) if (!flight.calledOut) flight.abort(reason);
    this.#signal.resolve();
  }

  /** A flight landed, the inbox rang, or a timer of a waiting step is due. */
  async #nextEvent(): Promise<void> {
    const due = Math.min(...[...this.#state.steps.values()].flatMap((step) => (step.status === "waiting" && step.waitingOn?.until !== undefined ? [Date.parse(step.waitingOn.until)] : [])));
    const timer = Number.isFinite(due) ? setTimeout(() => this.#signal.resolve(), Math.max(0, Math.min(due - this.#deps.now(), 60_000))) : undefined;
    await this.#signal.promise;
    clearTimeout(timer);
    this.#signal = Promise.withResolvers<void>();
  }
}

const inOrder = (iterations: Iterable<Iteration>): Iteration[] => [...iterations].sort((a, b) => a.index - b.index);

/** A step that turns out never to have left is due at once. */
function startAnew(step: StepRecord, now: number): StepRecord {
  return { ...step, status: "waiting", ambiguous: false, calledOut: false, next: "retry", waitingOn: { kind: "timer", text: "the call was never made: it is made now", until: new Date(now).toISOString() } };
}
