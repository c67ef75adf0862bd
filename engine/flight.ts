/** One step in flight: its input, its intent, the call, and its receipt, in that order. Drive decides which steps fly. */
import { type AnyNode, Failure, type Json, type WaitAnswer } from "#sdk";
import type { PlaybookNode } from "#format";
import { type AttemptContext, type AttemptRequest, evaluateUntil, type Outcome, recordedInput, resolveInput, type ResolvedInput, runAttempt, type StepServices } from "./attempt.ts";
import { inputHash } from "./bind.ts";
import { answerApproval, answerRead, type Backtest, type ReadAnswer } from "./backtest/policy.ts";
import { givenToCode } from "./code-field.ts";
import { Aborted, toFailure } from "./errors.ts";
import { isHeld } from "./hold.ts";
import { enter, stepKey } from "./item-path.ts";
import type { LateReceipt } from "./journal/load.ts";
import type { StepRecord } from "./journal/records.ts";
import { passWaits } from "./pass-wait.ts";
import type { RunState } from "./run-state.ts";

/** What a flight needs of the drive that started it. */
export interface Ground {
  state: RunState;
  services: StepServices;
  now(): number;
  /** Puts the outcome into the run's memory. */
  apply(step: StepRecord, outcome: Outcome, attemptStarted: number): void;
  /** Commits everything that is not journalled yet. @throws Fenced; any error of the database */
  flush(): Promise<void>;
  /** Throws when the lease is known to be lost. */
  refuseIfBroken(): void;
  /** Keeps what a call came to when the run is no longer ours. */
  keepReceipt(stepId: string, receipt: LateReceipt): Promise<void>;
}

export class Flight {
  readonly #ground: Ground;
  readonly #node: PlaybookNode;
  readonly #definition: AnyNode;
  readonly #step: StepRecord;
  readonly #started: number;
  readonly #controller = new AbortController();
  /** From its intent on it is left to finish: only its receipt says what happened. */
  calledOut = false;
  /** Settles when nothing of it is going on any more; never rejects. */
  done: Promise<void> = Promise.resolve();

  constructor(ground: Ground, node: PlaybookNode, definition: AnyNode, step: StepRecord) {
    this.#ground = ground;
    this.#node = node;
    this.#definition = definition;
    this.#step = step;
    this.#started = ground.now();
  }

  abort(reason: Aborted): void {
    this.#controller.abort(reason);
  }

  /** The iteration that it flies in. */
  get item(): string {
    return this.#step.item;
  }

  /** @param answer to what the node waited for, which its `resume` is handed. @throws what the journal throws */
  async fly(answer?: WaitAnswer): Promise<void> {
    const step = this.#step;
    const { state } = this.#ground;
    const { run, version } = state;
    const context: AttemptContext = {
      run: { id: run.id, tenantId: run.tenant_id, mode: run.mode, alertId: run.alert_id, correlationId: run.correlation_id },
      version, scope: state.scopeAt(step.item), node: this.#node, definition: this.#definition, services: this.#ground.services,
    };
    const resolved = await this.#resolve(context, answer);
    if (!resolved) return;
    if (this.#node.approval && !step.approved && run.mode === "live") {
      step.effect = resolved.effect;
      this.#apply(await runAttempt({ ...context, ...this.#request(resolved), held: false, asks: true }));
      return;
    }
    step.effect = resolved.effect;
    step.input = resolved.input as Json;
    if (state.backtest && this.#isRefused(state.backtest)) return;
    const stepId = state.id(step);
    let held = isHeld(run.mode, resolved.effect);
    const callsOut = !held && (resolved.effect === "write" || resolved.effect === "contain");
    if (callsOut || resolved.effect === "read") step.inputHash = inputHash({ config: resolved.config, input: resolved.input } as Json);
    if (state.backtest && resolved.effect === "read") {
      const replay = this.#replay(state.backtest, context, resolved);
      if ("outcome" in replay) {
        this.#apply(replay.outcome);
        return;
      }
      held = replay.do === "hold";
    }

    if (callsOut && !(await this.#intend(stepId))) return;
    const outcome = await runAttempt({ ...context, ...this.#request(resolved), held, asks: false, ...(answer ? { answer } : {}) });
    if (callsOut) await this.#receive(stepId, outcome);
    else this.#apply(outcome);
  }

  /** Of a backtest, in which nobody is asked. */
  #isRefused(backtest: Backtest): boolean {
    const step = this.#step;
    if (!this.#node.approval || step.attempt > 1) return false;
    const { isAllowed, said } = answerApproval(backtest, stepKey(step.node, step.item));
    (step.logs ??= []).push({ level: "info", text: said });
    if (!isAllowed) this.#apply({ kind: "failure", failure: new Failure("rejected", said), isFinal: true });
    return !isAllowed;
  }

  #replay(backtest: Backtest, context: AttemptContext, resolved: ResolvedInput): ReadAnswer {
    const step = this.#step;
    const given = givenToCode(context, resolved);
    const answer = answerRead(
      backtest,
      { type: step.type, place: stepKey(step.node, step.item), inputHash: step.inputHash!, ...(given === null ? {} : { code: { node: step.node, files: backtest.files, given } }) },
      this.#definition.simulate !== undefined,
    );
    (step.logs ??= []).push({ level: answer.do === "answer" ? "info" : "warn", text: answer.said });
    step.recording = answer.do === "answer" ? { run: answer.from } : "none";
    if (given !== null) step.input = given;
    return answer;
  }

  #request(resolved: ResolvedInput): Pick<AttemptRequest, "resolved" | "passWait" | "stepId" | "attempt" | "idempotencyKey" | "signal" | "log" | "seeInput"> {
    const step = this.#step;
    const { state } = this.#ground;
    const stepId = state.id(step);
    return {
      resolved, passWait: passWaits(state.run.mode, state.backtest, stepKey(step.node, step.item)), stepId, attempt: step.attempt, idempotencyKey: (step.idempotencyKey ??= stepId), signal: this.#controller.signal,
      log: (line) => (step.logs ??= []).push(line),
      // What was allowed stays what it was.
      seeInput: (input) => (step.approved ? undefined : (step.input = input)),
    };
  }

  #apply(outcome: Outcome): void {
    this.#ground.apply(this.#step, outcome, this.#started);
  }

  async #resolve(context: AttemptContext, answer: WaitAnswer | undefined): Promise<ResolvedInput | null> {
    try {
      // What was allowed is what is used, and the list that is walked is the one it began with.
      if (this.#step.approved) return recordedInput(context, this.#step.input);
      if (answer?.kind !== "loop") return await resolveInput(context, this.#controller.signal);
      const { state } = this.#ground;
      const last = answer.iterations.at(-1);
      if (last?.status === "success") answer.until = await evaluateUntil({ ...context, scope: state.scopeAt(enter(this.#step.item, this.#node.id, last.index)) }, this.#controller.signal);
      return recordedInput(context, this.#step.input);
    } catch (error) {
      this.#apply(error instanceof Aborted ? { kind: "aborted", reason: error.reason } : { kind: "failure", failure: toFailure(error) });
      return null;
    }
  }

  /** The intent is durable, together with every settled step before it, before anything leaves. @returns false when the step must not go on */
  async #intend(stepId: string): Promise<boolean> {
    this.#step.calledOut = true;
    this.#ground.state.put(this.#step, { intentAt: this.#started });
    try {
      await this.#ground.flush();
    } catch (error) {
      // Nobody knows whether the intent was stored, but it is certain that nothing was sent: say so to whoever finds it.
      await this.#ground.keepReceipt(stepId, { notSent: true });
      throw error;
    }
    if (this.#controller.signal.aborted) {
      const { reason } = this.#controller.signal.reason as Aborted;
      if (reason === "fenced") await this.#ground.keepReceipt(stepId, { notSent: true });
      this.#apply({ kind: "aborted", reason });
      return false;
    }
    this.calledOut = true;
    return true;
  }

  /** The receipt is durable before anything downstream starts; a worker that lost the run still keeps it for the next owner. */
  async #receive(stepId: string, outcome: Outcome): Promise<void> {
    try {
      this.#ground.refuseIfBroken();
      this.#apply(outcome);
      await this.#ground.flush();
    } catch (error) {
      const receipt = receiptOf(outcome);
      if (receipt) await this.#ground.keepReceipt(stepId, receipt);
      throw error;
    }
  }
}

export function outcomeOfReceipt(receipt: Exclude<LateReceipt, { notSent: true }>): Outcome {
  return "failure" in receipt ? { kind: "failure", failure: new Failure(receipt.failure.kind, receipt.failure.message) } : { kind: "result", ...receipt };
}

/** Only what says for certain what happened is a receipt. */
function receiptOf(outcome: Outcome): LateReceipt | null {
  if (outcome.kind === "crowded") return { notSent: true };
  if (outcome.kind === "result") return { port: outcome.port, data: outcome.data };
  if (outcome.kind === "failure" && outcome.failure.kind !== "ambiguous") return { failure: { kind: outcome.failure.kind, message: outcome.failure.message } };
  return null;
}
