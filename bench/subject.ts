/** What is measured from webhook to finished run: the product, or the bare path. The phases know nothing else of them. */

/** null where the system does not tell. */
export type ByProcess = Record<string, number | null>;

export interface Subject {
  name: "product" | "bare";
  /** Where alerts are posted. */
  url: string;
  apiKey: string;
  /** Runs that are finished, each with its trace committed. `from` and `to`: milliseconds since the epoch. */
  countFinished(from: number, to: number): Promise<number>;
  /** Jobs that wait or run. */
  countJobs(): Promise<number>;
  countAlerts(): Promise<number>;
  /** Of one series: when each alert's run finished, by the database's clock. */
  finishTimes(series: string): Promise<{ sourceId: string; runId: string; finishedAt: number }[]>;
  /** Calls back with every run id that a commit notification names. @returns a function that ends it */
  listen(onRun: (runId: string) => void): Promise<() => Promise<void>>;
  /** Brings the planner's statistics up to date, as autovacuum does in a real installation's first minute. */
  analyze(): Promise<unknown>;
  /** Resident MB of web, worker and code host. */
  memory(): ByProcess;
  /** Processor time used until now, in ms: the same, and PostgreSQL with all its backends. */
  cpu(): ByProcess;
  stopWorker(): Promise<void>;
}
