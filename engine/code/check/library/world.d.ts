/** The types that every node's declarations are made of. Given to the checker as text; world.test.ts holds it to the SDK's own. */

/** JSON whose shape nobody declared: a SIEM's payload, an answer's body. `unknown` would ask an analyst for a cast at every field. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- that is what it is for
export type Untyped = any;

/** A snapshot, taken when the run started. */
export interface AlertView {
  /** Of the alert, a UUID. */
  id: string;
  title: string;
  description: string | null;
  severity: "critical" | "high" | "medium" | "low" | "info";
  /** Which system sent it: elastic, wazuh, splunk, … */
  source: string;
  /** The sender's own id of it. */
  source_id: string | null;
  /** The detection rule that fired. */
  rule_id: string | null;
  rule_name: string | null;
  hostname: string | null;
  username: string | null;
  /** Where it came from. */
  source_ip: string | null;
  /** Where it went. */
  dest_ip: string | null;
  tags: string[];
  /** The customer it belongs to, where one system serves several. */
  partner: string | null;
  /** ATT&CK techniques, such as T1059.001. */
  techniques: string[];
  /** When it happened, as the sender says (ISO 8601). */
  observed_at: string | null;
  /** new, enriching, analyzing, in_progress, investigating, escalated, false_positive, resolved or closed. */
  status: string;
  /** unknown, malicious, suspicious or benign. */
  determination: string;
  /** 0 to 100; null until something has scored it. */
  risk_score: number | null;
  risk_label: string | null;
  /** How often the same alert came again. */
  duplicate_count: number;
  /** Joins everything that belongs to one delivery, in logs and runs. */
  correlation_id: string;
  /** Observables by kind: ips, domains, hashes, urls, emails, cves. A kind without any is absent. */
  iocs: Record<string, string[]>;
  /** Who works on it. */
  assigned_username: string | null;
  /** When Playgraph took it in (ISO 8601). */
  created_at: string;
}

export interface Run {
  id: string;
  /** live, test or backtest. */
  mode: string;
  correlation_id: string;
  /** ISO 8601. */
  started_at: string;
  /** Its name. */
  playbook: string;
  version: number;
}

/** What a step that left by the port `failed` gives. */
export interface StepFailure {
  /** invalid-input, unauthorized, rejected, rate-limited, unavailable or ambiguous. */
  kind: string;
  /** What went wrong, for people. */
  message: string;
  /** How often it was tried. */
  attempts: number;
}

/** What starts a playbook by its schedule. */
export interface ScheduleTrigger {
  /** The time that was due (ISO 8601). */
  scheduled_for: string;
  /** When the run was started for it: later, where no worker was running. */
  fired_at: string;
}

/** What starts a playbook when a run fails. */
export interface RunFailureTrigger {
  /** The run that failed. */
  run_id: string;
  /** Its playbook. */
  playbook: { id: string; slug: string; name: string; version: number };
  /** Why it failed. */
  error: { kind: string; message: string; node_id?: string };
  /** The alert it ran on. */
  alert_id: string | null;
}

type NotJson = undefined | symbol | bigint | ((...args: never[]) => unknown);

/** What a value looks like after a trip through JSON. A property that may be undefined may be absent, so it stays that way. */
export type Jsonify<T> = unknown extends T ? Untyped
  : T extends { toJSON(): infer J } ? Jsonify<J>
  : T extends string | number | boolean | null ? T
  : T extends NotJson | void ? null
  : T extends readonly unknown[] ? { [I in keyof T]: Jsonify<T[I]> }
  : T extends object ? { [K in keyof T as K extends symbol ? never : T[K] extends NotJson ? unknown extends T[K] ? K : never : K]: Jsonify<Exclude<T[K], undefined>> | Extract<T[K], undefined> }
  : never;

/** What later steps see of a function's result. Anything but a function is refused where it is used. */
export type Result<F> = F extends (...values: never[]) => infer R ? Jsonify<Awaited<R>> : Untyped;
