/** Nodes whose behaviour a test scripts call by call, one type per effect. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { type AnyNode, defineNode, type Effect, Failure, type FailureKind, type Json } from "#sdk";

export type Behaviour =
  | { do: "return"; data?: Json; afterMs?: number }
  | { do: "fail"; kind: FailureKind; message?: string }
  | { do: "throw"; error: unknown }
  /** Ignores its AbortSignal, as careless code does. */
  | { do: "hang" }
  /** Like a client that sees the signal. */
  | { do: "listen" };

export interface ProbeCall {
  node: string;
  key: string;
  input: Json;
  attempt: number;
}

export class Probe {
  readonly calls: ProbeCall[] = [];
  readonly #scripts = new Map<string, Behaviour[]>();

  /** The last behaviour repeats. */
  script(node: string, ...behaviours: Behaviour[]): void {
    this.#scripts.set(node, behaviours);
  }

  callsOf(node: string): ProbeCall[] {
    return this.calls.filter((call) => call.node === node);
  }

  nodes(): AnyNode[] {
    const make = (effect: Effect, repeatable: boolean, type: string): AnyNode => defineNode({
      type, version: 1, ui: { title: type, category: "control", icon: "x", summary: "" },
      config: z.object({}), input: z.object({ value: z.unknown().optional() }), outputs: { out: z.unknown() },
      effect, repeatable, timeout: 30,
      simulate: () => ({ port: "out" as const, data: {} }),
      run: async ({ input, signal, idempotencyKey, step }) => {
        this.calls.push({ node: step.nodeId, key: idempotencyKey, input: input as Json, attempt: step.attempt });
        const script = this.#scripts.get(step.nodeId) ?? [];
        const behaviour = (script.length > 1 ? script.shift() : script[0]) ?? { do: "return" };
        switch (behaviour.do) {
          case "return":
            if (behaviour.afterMs) await sleep(behaviour.afterMs);
            return { port: "out" as const, data: behaviour.data ?? { value: input.value ?? null } };
          case "fail":
            throw new Failure(behaviour.kind, behaviour.message ?? `scripted ${behaviour.kind}`);
          case "throw":
            throw behaviour.error;
          case "hang":
            return new Promise<never>(() => undefined);
          case "listen":
            return sleep(60_000, undefined, { signal }) as Promise<never>;
        }
      },
    });
    return [make("none", false, "probe.none"), make("read", false, "probe.read"), make("write", false, "probe.write"), make("write", true, "probe.repeatable"), make("contain", false, "probe.contain")];
  }
}
