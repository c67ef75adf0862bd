/** A field of a step's input that a code file computes: the call of the file, within the attempt. */
import { type AnyNode, Failure, type Json, toJson } from "#sdk";
import type { AttemptContext, AttemptRequest, ResolvedInput } from "./attempt.ts";
import { scopeFor, splitBindings } from "./bind.ts";
import type { CodeCall, CodeFailure } from "./code/types.ts";

/** The field's code is what the node does, not something that it needs. */
export const isAction = (definition: AnyNode, field: string): boolean => typeof definition.passes === "object" && definition.passes.field === field;

/** What code that computes fields of the step is given: the part of its input that literals and expressions do not say. null without code. */
export function givenToCode({ node, version, scope }: AttemptContext, { input }: ResolvedInput): Json | null {
  const last = splitBindings(node).files.at(-1);
  return last ? toJson({ ...input, ...scopeFor(version.bundle?.meta.entries[last.entry], scope) }) : null;
}

/** @param sent becomes true when something that may have changed the world has left @throws Failure; what the signal was aborted with */
export async function callFile(request: AttemptRequest, field: string, entry: string, signal: AbortSignal, seconds: number, sent: { value: boolean }): Promise<Json> {
  const { version, services, resolved, definition } = request;
  if (!version.bundle) throw new Failure("invalid-input", "this version has no compiled code: publish it again");
  const scope = scopeFor(version.bundle.meta.entries[entry], request.scope);
  request.seeInput(toJson({ ...resolved.input, ...scope }));
  // Where the code is the action itself, holding it back means not to run it; elsewhere it only computes a field, and may read for that.
  const waits = request.held || request.asks;
  if (waits && isAction(definition, field)) return null;
  const effect = waits ? "read" : resolved.effect;
  const http = effect === "none" ? undefined : services.http(signal, effect, () => (sent.value = true));
  const call: CodeCall = { tenantId: request.run.tenantId, bundle: version.bundle, entry, scope, timeoutMs: seconds * 1000, signal };
  if (http) {
    call.fetch = async ({ url, method, headers, body }) => {
      const response = await http.request({ url, method: method as "GET", headers, ...(body === undefined ? {} : { body }) });
      return { status: response.status, headers: response.headers, body: response.text };
    };
  }
  const result = await services.code.call(call);
  for (const line of result.logs) request.log(line);
  if (result.ok) return result.value;
  throw codeFailure(result.failure, sent.value, signal, seconds);
}

/** A code node's throw, time-out or kill is a refusal, unless a write had left the gateway (DESIGN 6). */
function codeFailure(failure: CodeFailure, sent: boolean, signal: AbortSignal, seconds: number): unknown {
  if (failure.reason === "aborted" && signal.aborted) return signal.reason;
  const message = failure.reason === "timeout" ? `timed out after ${seconds} s${failure.line ? ` (${failure.file}:${failure.line})` : ""}` : failure.message;
  return new Failure(sent ? "ambiguous" : "rejected", message, { details: { ...failure } });
}
