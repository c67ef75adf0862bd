/** The one vocabulary for runs and steps, wire included, and the only predicates that group it. */
export const RUN_STATUSES = ["pending", "running", "waiting", "cancelling", "success", "failed", "cancelled"] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const STEP_STATUSES = ["pending", "running", "waiting", "success", "failed", "skipped", "held", "cancelled"] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

export const isFinalRun = (status: RunStatus): boolean => status === "success" || status === "failed" || status === "cancelled";

/** A settled step never changes again. */
export const isSettledStep = (status: StepStatus): boolean =>
  status === "success" || status === "failed" || status === "skipped" || status === "held" || status === "cancelled";

/** What an unfinished run (or step) waits for, in a form that a page can put into words. */
export type WaitingOn =
  | { kind: "worker"; text: string; until?: undefined }
  | { kind: "sequence"; text: string; run_id: string; until?: undefined }
  | { kind: "timer"; text: string; until: string; step_id?: string }
  | { kind: "decision"; text: string; step_id: string; wait_id: string; until?: undefined }
  /** `until`: when it is given up. */
  | { kind: "approval" | "question" | "callback"; text: string; step_id: string; wait_id: string; until?: string }
  | { kind: "run"; text: string; step_id: string; run_id: string; until?: undefined }
  /** A place: of its playbook's limit, or (with a step) of a connection's. `until`: when it looks again by itself. */
  | { kind: "concurrency"; text: string; step_id?: string; until?: string }
  /** Its own steps, which are at work. Never stored: who reads a run says it (waitOf). */
  | { kind: "step"; text: string; step_id?: string; until?: undefined };

/**
 * What a run waits for, whatever its state: null only for one that has ended. While a worker has it, the row says nothing: it
 * waits for its own steps then. @param atWork its steps that are being executed, by what people call them
 */
export function waitOf({ status, waiting_on }: { status: RunStatus; waiting_on: WaitingOn | null }, atWork: readonly { id: string; title: string }[] = []): WaitingOn | null {
  if (isFinalRun(status)) return null;
  if (waiting_on) return waiting_on;
  const [first, ...others] = atWork;
  if (!first) return { kind: "step", text: status === "cancelling" ? "its last steps are being stopped" : "its steps are at work" };
  return { kind: "step", text: `"${first.title}"${others.length > 0 ? ` and ${others.length} more are` : " is"} at work`, step_id: first.id };
}
