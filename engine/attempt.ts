/** One attempt of one step: resolve the input, call the node within its time, and say how it came out. */
import type { z } from "zod";
import { type AlertView, type AnyNode, type Effect, Failure, type Http, type Json, type LoopPlan, type Records, toJson, type Wait, type WaitAnswer } from "#sdk";
import type { PlaybookNode } from "#format";
import { type RunScope, scopeFor, splitBindings } from "./bind.ts";
import { callFile, isAction } from "./code-field.ts";
import { UNTIL, untilEntry } from "./code/compile/expressions.ts";
import type { CodeHost, LogLine } from "./code/types.ts";
import type { Redactor } from "./connections/index.ts";
import { Aborted, toFailure } from "./errors.ts";
import { standIn } from "./hold.ts";
import { NoPlace } from "./limits/connection.ts";
import type { PassWait } from "./pass-wait.ts";
import type { LoadedVersion } from "./versions.ts";

/** What a step may touch outside of its run. engine/services.ts makes the real one; nothing else reaches the world. */
export interface StepServices {
  code: CodeHost;
  /** Opens the connection the node asks for; `leave` gives back its place where places are limited. @throws Failure unauthorized when there is none; NoPlace */
  connect(definition: NonNullable<AnyNode["connection"]>, name: string | undefined, signal: AbortSignal, stepId: string): Promise<{ client: unknown; redactor: Redactor; leave?(): void }>;
  /** The egress gateway without a connection. `effect` limits the methods. */
  http(signal: AbortSignal, effect: Effect, onWrite: () => void): Http;
  records(idempotencyKey: string, step: { id: string; nodeId: string; title: string }): Records;
  baseUrl: string;
  now(): Date;
}

export interface AttemptContext {
  run: { id: string; tenantId: string; mode: string; alertId: string | null; correlationId: string };
  version: LoadedVersion;
  node: PlaybookNode;
  definition: AnyNode;
  scope: RunScope;
  services: StepServices;
}

export interface ResolvedInput {
  config: Record<string, unknown>;
  /** It was resolved when the step began: nothing is computed anew. */
  isRecorded?: true;
  /** Literals and expressions; fields computed by files are still missing. */
  input: Record<string, Json>;
  effect: Effect;
}

export type Outcome =
  | { kind: "result"; port: string; data: Json }
  /** The call was held back: this is what it would have given. */
  | { kind: "held"; port: string; data: Json }
  | { kind: "wait"; wait: Wait }
  /** The node is called when somebody has allowed exactly this. */
  | { kind: "ask"; input: Json }
  /** A container: these iterations of its body first. */
  | { kind: "loop"; plan: LoopPlan }
  /** `isFinal`: it is what was recorded, so trying again gives nothing else. */
  | { kind: "failure"; failure: Failure; isFinal?: true }
  /** Its connection has no place for it now; `text` says which. Nothing was sent. */
  | { kind: "crowded"; text: string }
  /** Aborted from outside before anything could have happened there. */
  | { kind: "aborted"; reason: Aborted["reason"] };

/** Expressions are for reading fields; anything that takes this long belongs into a code node. */
const EXPRESSION_MS = 2_000;
const DEFAULT_TIMEOUT_S = 60;
const RECEIPT_GRACE_MS = 5_000;
/** The code host holds code to the same limit, and says at which line it was: it comes first. */
const CODE_GRACE_MS = 2_000;
/** Waits that are passed over within one attempt; a node that asks for more never ends. */
const MAX_PASSED_WAITS = 20;

/** @throws Failure invalid-input when an expression throws or the config does not fit the node. */
export async function resolveInput(context: AttemptContext, signal: AbortSignal): Promise<ResolvedInput> {
  const { node } = context;
  const { config, effect } = settingsOf(context);
  const split = splitBindings(node);
  if (!split.hasExpressions) return { config, input: split.literals, effect };
  return { config, input: { ...split.literals, ...(await evaluate(context, `expr:${node.id}`, signal)) }, effect };
}

/** The input that a step began with, after its iterations. @throws Failure invalid-input */
export const recordedInput = (context: AttemptContext, input: Json | undefined): ResolvedInput => ({ ...settingsOf(context), input: (input ?? {}) as Record<string, Json>, isRecorded: true });

/**
 * What ends the rounds of a container, in the scope of its last one.
 * @returns false without such a condition
 * @throws Failure invalid-input when it throws, or is neither true nor false
 */
export async function evaluateUntil(context: AttemptContext, signal: AbortSignal): Promise<boolean> {
  const { until, id } = context.node;
  if (until === undefined) return false;
  const value = "value" in until ? until.value : "expr" in until ? (await evaluate(context, untilEntry(id), signal))[UNTIL] : await evaluate(context, `file:${until.file}`, signal);
  if (typeof value !== "boolean") throw new Failure("invalid-input", `what ends the rounds of "${id}" has to be true or false; it was ${JSON.stringify(value)?.slice(0, 100) ?? "nothing"}`);
  return value;
}

function settingsOf({ node, definition }: AttemptContext): { config: Record<string, unknown>; effect: Effect } {
  const config = definition.config.safeParse(node.config);
  if (!config.success) throw new Failure("invalid-input", `the settings of "${node.id}" do not fit ${node.type}: ${issues(config.error)}`);
  return { config: config.data, effect: typeof definition.effect === "function" ? definition.effect(config.data) : definition.effect };
}

/** @returns of an expression entry {field: value} @throws Failure invalid-input; what the signal was aborted with */
async function evaluate({ run, version, services, scope }: AttemptContext, entry: string, signal: AbortSignal): Promise<Record<string, Json>> {
  if (!version.bundle) throw new Failure("invalid-input", "this version has no compiled code: publish it again");
  const result = await services.code.call({ tenantId: run.tenantId, bundle: version.bundle, entry, scope: scopeFor(version.bundle.meta.entries[entry], scope), timeoutMs: EXPRESSION_MS, signal });
  if (result.ok) return result.value as Record<string, Json>;
  if (result.failure.reason === "aborted") throw signal.reason;
  throw new Failure("invalid-input", `the expression${result.failure.field ? ` of "${result.failure.field}"` : ""} failed: ${result.failure.message}`, { details: { ...result.failure } });
}

export interface AttemptRequest extends AttemptContext {
  resolved: ResolvedInput;
  stepId: string;
  attempt: number;
  idempotencyKey: string;
  /** Resolve the input as ever, then take the node's stand-in in place of calling it. */
  held: boolean;
  /** Resolve the input as ever, then ask whether the node may be called with it. */
  asks: boolean;
  /** The answer to the wait that `run` asked for. */
  answer?: WaitAnswer;
  /** How it goes on without waiting, where the run's mode does not wait. */
  passWait: PassWait;
  /** Aborts with an `Aborted` reason. */
  signal: AbortSignal;
  log(line: LogLine): void;
  /** Takes what the trace shows as input: the node's, or what its code file was given. */
  seeInput(input: Json): void;
}

/** Never throws: whatever happens is an outcome. */
export async function runAttempt(request: AttemptRequest): Promise<Outcome> {
  const { node, definition, resolved, services } = request;
  const seconds = node.timeout ?? definition.timeout ?? DEFAULT_TIMEOUT_S;
  const own = new AbortController();
  const abort = (reason: unknown) => own.abort(reason);
  const outer = () => abort(request.signal.reason);
  if (request.signal.aborted) outer();
  request.signal.addEventListener("abort", outer);
  const timer = setTimeout(() => abort(new Aborted("timeout", `timed out after ${seconds} s`)), seconds * 1000 + (splitBindings(node).files.length > 0 ? CODE_GRACE_MS : 0));
  /** Whether something that changes the world may have left; before that, every failure is certain. */
  const sent = { value: false };
  const callsOut = !request.held && !request.asks && (resolved.effect === "write" || resolved.effect === "contain");

  /** A node that does not heed its signal keeps no place either. */
  const over = Promise.withResolvers<void>();

  const work = (async (): Promise<Outcome> => {
    const input = { ...resolved.input };
    const files = splitBindings(node).files.filter(({ field }) => !resolved.isRecorded || isAction(definition, field));
    for (const { field, entry } of files) input[field] = await callFile(request, field, entry, own.signal, seconds, sent);
    const parsed = definition.input.safeParse(input);
    if (!parsed.success) throw new Failure("invalid-input", `the input of "${node.id}" does not fit: ${issues(parsed.error)}`);
    // Where code computes fields, what the code was given explains more than what it made of it, which is the output anyway.
    if (files.length === 0) request.seeInput(toJson(input));
    if (request.asks) return { kind: "ask", input: toJson(parsed.data) };
    if (request.held) {
      const { port, data } = standIn(definition, { config: resolved.config, input: parsed.data, alert: request.scope.alert as unknown as AlertView | null });
      return { ...checkedResult(definition, port, toJson(data ?? null)), kind: "held" };
    }

    const connection = definition.connection ? await services.connect(definition.connection, node.connection, own.signal, request.stepId).catch(crowded) : undefined;
    if (connection && "kind" in connection) return connection;
    if (connection?.leave) void over.promise.then(connection.leave);
    own.signal.throwIfAborted();
    sent.value ||= callsOut;
    const context = {
      client: connection?.client,
      config: resolved.config,
      input: parsed.data,
      http: services.http(own.signal, resolved.effect, () => (sent.value = true)),
      records: services.records(request.idempotencyKey, { id: request.stepId, nodeId: node.id, title: node.title ?? definition.ui.title }),
      signal: own.signal,
      idempotencyKey: request.idempotencyKey,
      run: { id: request.run.id, mode: request.run.mode, alertId: request.run.alertId, correlationId: request.run.correlationId },
      step: { id: request.stepId, nodeId: node.id, attempt: request.attempt },
      baseUrl: services.baseUrl,
      now: () => services.now(),
      log: (message: string, data?: Json) => {
        const text = data === undefined ? message : `${message} ${JSON.stringify(data)}`;
        request.log({ level: "info", text: connection ? connection.redactor.text(text) : text });
      },
    };
    try {
      let result = request.answer && definition.resume ? await definition.resume(context, request.answer) : await definition.run(context);
      for (let passed = 0; "wait" in result && definition.resume; passed++) {
        const passes = request.passWait(result.wait, services.now());
        if (!passes) break;
        if (passed === MAX_PASSED_WAITS) throw new Failure("rejected", `a test passes over ${MAX_PASSED_WAITS} waits of a step: this one wants more`);
        request.log({ level: "info", text: passes.said });
        result = await definition.resume({ ...context, now: () => passes.now }, passes.answer);
      }
      if ("wait" in result) return { kind: "wait", wait: result.wait };
      if ("loop" in result) return { kind: "loop", plan: result.loop };
      const data = toJson(result.data ?? null);
      return checkedResult(definition, result.port, connection ? connection.redactor.json(data) : data);
    } catch (error) {
      throw connection && !(error instanceof Aborted) ? connection.redactor.failure(toFailure(error)) : error;
    }
  })();

  const aborted = new Promise<never>((_, reject) => {
    if (own.signal.aborted) reject(own.signal.reason as Error);
    else own.signal.addEventListener("abort", () => reject(own.signal.reason as Error), { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } catch (error) {
    if (own.signal.aborted && sent.value && callsOut) {
      const late = await withinGrace(work);
      if (late) return late;
    }
    // The node may still be busy; what it says now no longer counts, and must not become an unhandled rejection.
    work.catch(() => undefined);
    return outcomeOf(own.signal.aborted ? own.signal.reason : error, sent.value && callsOut, resolved.effect);
  } finally {
    clearTimeout(timer);
    over.resolve();
    request.signal.removeEventListener("abort", outer);
    aborted.catch(() => undefined);
  }
}

/**
 * A call that has left gets a moment for its answer after a time-out or a cancel (the gateway waits as long): an answer
 * is worth more than a question to a person. @returns null when none came, or none that says for certain what happened
 */
async function withinGrace(work: Promise<Outcome>): Promise<Outcome | null> {
  const { promise: over, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), RECEIPT_GRACE_MS);
  try {
    return await Promise.race([work, over]);
  } catch (error) {
    const failure = toFailure(error);
    return error instanceof Aborted || failure.kind === "ambiguous" ? null : { kind: "failure", failure };
  } finally {
    clearTimeout(timer);
  }
}

/** What is certain is said with certainty: only a call that may have left is ambiguous. */
function outcomeOf(error: unknown, sent: boolean, effect: Effect): Outcome {
  if (error instanceof Aborted) {
    if (error.reason === "timeout") {
      const kind = sent ? "ambiguous" : effect === "none" ? "rejected" : "unavailable";
      return { kind: "failure", failure: new Failure(kind, error.message, { details: { timeout: true } }) };
    }
    if (sent) return { kind: "failure", failure: new Failure("ambiguous", `stopped while it was calling out: ${error.message}`) };
    return { kind: "aborted", reason: error.reason };
  }
  const failure = toFailure(error);
  if (failure.kind === "ambiguous" && !sent && effect !== "read") return { kind: "failure", failure: new Failure("rejected", failure.message, { cause: error }) };
  return { kind: "failure", failure };
}

/** Results of ports a node does not have, or of the wrong shape, are the node's bug: say so instead of passing them on. */
function checkedResult(definition: AnyNode, port: string, data: Json): Extract<Outcome, { kind: "result" }> {
  const schema = definition.outputs[port] ?? definition.outputs["*"];
  if (!schema) throw new Failure("rejected", `${definition.type} left by a port it does not have: "${port}"`);
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw new Failure("rejected", `${definition.type} returned something else than it promised: ${issues(parsed.error)}`);
  return { kind: "result", port, data: toJson(parsed.data) };
}

function crowded(error: unknown): Extract<Outcome, { kind: "crowded" }> {
  if (error instanceof NoPlace) return { kind: "crowded", text: error.message };
  throw error;
}

const issues = (error: z.ZodError): string => error.issues.slice(0, 5).map((issue) => `${issue.path.join(".") || "value"}: ${issue.message}`).join("; ");
