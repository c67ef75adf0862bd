/**
 * What a run that repeats another one takes over from it, and what it does anew. Pure. A call that changed something is never repeated
 * just because it lies behind the step that is: whoever repeats the run says for each receipt what becomes of it.
 */
import type { Json } from "#sdk";
import type { PlaybookDocument } from "#format";
import { type Graph, prepareGraph } from "./graph.ts";
import { enter, iterationOf, leave, stepKey } from "./item-path.ts";
import type { StepRecord } from "./journal/records.ts";
import { isSettledStep } from "./status.ts";
import type { Pin } from "./test-options.ts";

/** reuse: its result as it was. repeat: called again, under a new key. skip: neither, and what only it leads to is skipped with it. */
export const RECEIPT_CHOICES = ["reuse", "repeat", "skip"] as const;
export type ReceiptChoice = (typeof RECEIPT_CHOICES)[number];

/** Stored with the run (`runs.rerun`), so that a takeover repeats the same. */
export interface RerunOptions {
  /** The run that it repeats. */
  of: string;
  /** Key of the step that it begins with; null: from the start. */
  from: string | null;
  /** By key: steps that are not executed. */
  pins: Record<string, Pin>;
  /** Keys of steps that are skipped though something leads to them. */
  skipped: string[];
  reason: string | null;
}

/** A call that happened and that the re-run comes to again. */
export interface Receipt {
  key: string;
  node: string;
  item: string;
  effect: "write" | "contain";
  output: Json;
}

export interface RerunPlan {
  pins: Record<string, Pin>;
  skipped: string[];
  /** Calls that happened and that lie in the part that is done anew. */
  receipts: Receipt[];
  /** Keys of steps of the old run that are done anew, receipts that are reused or skipped excepted. */
  anew: string[];
}

export interface RerunInput {
  /** What the new run executes: the old version or a newer one. */
  document: PlaybookDocument;
  /** Of the old run, by key. */
  steps: ReadonlyMap<string, StepRecord>;
  /** Keys of the steps to begin with; empty: all from the start. */
  from: readonly string[];
  /** By key; what is not named is reused where the run begins in the middle, and repeated where it begins at the start. */
  choices: Readonly<Record<string, ReceiptChoice>>;
}

export function planRerun({ document, steps, from, choices }: RerunInput): RerunPlan {
  const graph = prepareGraph(document);
  const isAnew = from.length === 0 ? () => true : behind(graph, from);
  const plan: RerunPlan = { pins: {}, skipped: [], receipts: [], anew: [] };
  for (const [key, step] of steps) {
    const entry = graph.byId.get(step.node);
    // A newer version may not have it any more, or something else in its place.
    if (!entry || entry.node.type !== step.type || !isSettledStep(step.status)) continue;
    const pin = pinOf(step);
    if (!isAnew(step)) {
      // What failed, was cancelled or never ran is planned anew in any case.
      if (pin) plan.pins[key] = pin;
      continue;
    }
    if (pin && step.status === "success" && (step.effect === "write" || step.effect === "contain")) {
      plan.receipts.push({ key, node: step.node, item: step.item, effect: step.effect, output: step.output ?? null });
      const choice = (Object.hasOwn(choices, key) ? choices[key] : undefined) ?? (from.length === 0 ? "repeat" : "reuse");
      if (choice === "reuse") plan.pins[key] = pin;
      else if (choice === "skip") plan.skipped.push(key);
      else plan.anew.push(key);
      continue;
    }
    if (step.status !== "skipped") plan.anew.push(key);
  }
  return plan;
}

const pinOf = ({ status, port, output }: StepRecord): Pin | null => (port !== null && (status === "success" || status === "failed") ? { port, data: output ?? null } : null);

/** Whether a step is one of these, follows one of them, or is a loop that one of them is in. */
function behind({ bodies, byId }: Graph, from: readonly string[]): (step: StepRecord) => boolean {
  /** Keys that are done anew, and paths of loops' iterations of which everything is. */
  const anew = new Set<string>();
  const whole: string[] = [];
  const visit = (node: string, item: string): void => {
    const key = stepKey(node, item);
    if (anew.has(key)) return;
    anew.add(key);
    const entry = byId.get(node);
    if (!entry) return;
    if (bodies.has(node)) whole.push(enter(item, node, 0).slice(0, -2));
    for (const { to } of entry.outgoing) visit(to, item);
  };
  for (const key of from) {
    const [node = "", item = ""] = key.split("@");
    visit(node, item);
    // The loops around it come to an end anew, but their other iterations keep what they had.
    for (let path = item; path !== ""; path = leave(path)) {
      const { container } = iterationOf(path);
      const outer = leave(path);
      anew.add(stepKey(container, outer));
      for (const { to } of byId.get(container)?.outgoing ?? []) visit(to, outer);
    }
  }
  return ({ node, item }) => anew.has(stepKey(node, item)) || whole.some((prefix) => item.startsWith(prefix));
}

/** A containment is repeated only for a reason. */
export const needsReason = ({ receipts, anew }: RerunPlan): boolean => receipts.some(({ key, effect }) => effect === "contain" && anew.includes(key));

/** The steps that the old run failed by, or did not come to the end of: where a retry of it begins. Of a loop, the steps inside it. */
export function failedSteps(steps: ReadonlyMap<string, StepRecord>): string[] {
  const failed = [...steps.values()].filter(({ status, port }) => (status === "failed" && port === null) || status === "cancelled");
  return failed.filter(({ node, item }) => !failed.some((other) => other.item.startsWith(enter(item, node, 0).slice(0, -2)))).map(({ node, item }) => stepKey(node, item));
}
