/** What is asked of a re-run, and what it would do, in the API's shapes and in words. Pure. */
import type { RerunPreviewWire } from "#app/models/run-actions.server.ts";
import type { RunDetail, StepWire } from "#app/models/wire.ts";

/** Where it begins: at the start, at the steps that the run failed by, or at the step with this id. */
export type RerunFrom = "start" | "failed" | (string & {});
export type RerunVersion = "same" | "published";
export type ReceiptWire = RerunPreviewWire["receipts"][number];
/** By step id. */
export type Choices = Readonly<Record<string, ReceiptWire["choice"]>>;

export interface RerunWish { from: RerunFrom; version: RerunVersion; receipts: Choices }

/** As POST /runs/{id}/rerun takes it. */
export const rerunBody = ({ from, version, receipts }: RerunWish) => ({ ...(from === "start" ? {} : { from: from === "failed" ? ("failed" as const) : [from] }), version, receipts });

/** The steps that a retry begins with (engine/rerun.ts): what failed without a way on, and what was cancelled. */
export const stuckSteps = (steps: readonly StepWire[]): StepWire[] => steps.filter(({ status, port }) => (status === "failed" && port === null) || status === "cancelled");

/** The run that a re-run took steps over from; null for a run that took over none. Pinned steps of a test were given by a person. */
export const sourceOf = ({ origin, test }: Pick<RunDetail, "origin" | "test">): string | null => (test === null && origin.kind === "rerun" ? origin.of : null);

/** "3 steps anew, 5 taken over, 1 call repeated". */
export function rerunSentence({ anew, reused, receipts }: Pick<RerunPreviewWire, "anew" | "reused" | "receipts">): string {
  const chosen = (choice: ReceiptWire["choice"]) => receipts.filter((receipt) => receipt.choice === choice).length;
  const [repeated, skipped] = [chosen("repeat"), chosen("skip")];
  return [
    `${anew.length} ${anew.length === 1 ? "step" : "steps"} anew`,
    ...(reused.length > 0 ? [`${reused.length} taken over`] : []),
    ...(repeated > 0 ? [`${repeated} ${repeated === 1 ? "call" : "calls"} repeated`] : []),
    ...(skipped > 0 ? [`${skipped} ${skipped === 1 ? "call" : "calls"} skipped`] : []),
  ].join(", ");
}

const MAX_BRIEF = 160;

/** What a call sent, on one line. */
export function brief(input: unknown): string {
  if (input === null || input === undefined) return "";
  const isFields = typeof input === "object" && !Array.isArray(input);
  const text = isFields ? Object.entries(input).map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`).join(", ") : JSON.stringify(input);
  return text.length > MAX_BRIEF ? `${text.slice(0, MAX_BRIEF - 1)}…` : text;
}
