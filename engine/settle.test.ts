import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineNode, type Effect, Failure } from "#sdk";
import { playbookNodeSchema } from "#format/schema.ts";
import type { Outcome } from "./attempt.ts";
import { settle } from "./settle.ts";

const definition = (effect: Effect) => defineNode({
  type: "test.node", version: 1, ui: { title: "Isolate", category: "respond", icon: "x", summary: "" },
  config: z.object({}), input: z.object({}), outputs: { out: z.object({}) }, effect,
  retry: { attempts: 2, backoff: "fixed", base: 3, max: 3, jitter: false },
  simulate: () => ({ port: "out" as const, data: {} }), run: async () => ({ port: "out" as const, data: {} }),
});

const run = (effect: Effect, outcome: Outcome, more: { onFailure?: unknown; ending?: boolean; attempt?: number } = {}) => settle({
  stepId: () => "step", early: () => undefined, node: playbookNodeSchema.parse({ id: "n", type: "test.node", ...(more.onFailure ? { onFailure: more.onFailure } : {}) }), definition: definition(effect),
  step: { node: "n", item: "", type: "test.node", status: "running", effect, attempt: more.attempt ?? 1, port: null, input: { host: "a" }, waitingOn: { kind: "timer", text: "", until: "" } },
  outcome, effect, ending: more.ending ?? false, now: 1_000, random: 0, newWaitId: () => "wait",
});
const failure = (kind: Failure["kind"]): Outcome => ({ kind: "failure", failure: new Failure(kind, "it broke") });

describe("settle", () => {
  it("keeps the result and forgets what the step waited for", () => {
    expect(run("none", { kind: "result", port: "out", data: { a: 1 } })).toEqual({ step: expect.objectContaining({ status: "success", port: "out", output: { a: 1 }, finishedAt: 1000 }) });
    expect(run("none", { kind: "result", port: "out", data: {} }).step).not.toHaveProperty("waitingOn");
  });

  it("a failure fails the run, takes the port, or goes on with the default: as the node says", () => {
    expect(run("read", failure("rejected"))).toMatchObject({ step: { status: "failed", port: null }, ending: { status: "failed", error: { kind: "rejected", message: "it broke", node_id: "n" } } });
    expect(run("read", failure("rejected"), { onFailure: "port" })).toMatchObject({ step: { status: "failed", port: "failed", output: { kind: "rejected", message: "it broke", attempts: 1 } } });
    expect(run("read", failure("rejected"), { onFailure: { port: "out", data: { score: 0 } } })).toMatchObject({ step: { status: "failed", port: "out", output: { score: 0 } } });
  });

  it("waits for the next attempt by policy and says so", () => {
    expect(run("read", failure("unavailable"))).toMatchObject({
      step: { status: "waiting", next: "retry", waitingOn: { kind: "timer", text: expect.stringContaining("attempt 2 of 2"), until: "1970-01-01T00:00:04.000Z" } },
      attempt: { outcome: "failed", retryAt: 4000 },
    });
    expect(run("read", failure("unavailable"), { attempt: 2 })).toMatchObject({ step: { status: "failed" } });
  });

  it("parks a containment that may have happened and asks", () => {
    expect(run("contain", failure("ambiguous"))).toMatchObject({ step: { status: "waiting", ambiguous: true, waitingOn: { kind: "decision", wait_id: "wait" } }, ask: { waitId: "wait", question: { effect: "contain", input: { host: "a" } } }, attempt: { outcome: "ambiguous" } });
  });

  it("in a run that is ending, tries nothing again and lists what stays unknown", () => {
    expect(run("read", failure("unavailable"), { ending: true })).toMatchObject({ step: { status: "failed" } });
    expect(run("contain", failure("ambiguous"), { ending: true })).toMatchObject({ step: { status: "cancelled", ambiguous: true }, ask: { waitId: "wait" } });
  });

  it("starts anew what a stopping worker interrupted, cancels what a person stopped", () => {
    expect(run("read", { kind: "aborted", reason: "drain" })).toEqual({ step: null });
    expect(run("read", { kind: "aborted", reason: "cancel" })).toMatchObject({ step: { status: "cancelled" } });
  });
});
