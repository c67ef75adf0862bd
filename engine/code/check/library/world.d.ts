/** The types that every node's declarations are made of. Given to the checker as text; world.test.ts holds it to the SDK's own. */

/** JSON whose shape nobody declared: a SIEM's payload, an answer's body. `unknown` would ask an analyst for a cast at every field. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- that is what it is for
export type Untyped = any;

export interface AlertView {
  id: string;
  title: string;
  description: string | null;
  severity: "critical" | "high" | "medium" | "low" | "info";
  source: string;
  source_id: string | null;
  rule_id: string | null;
  rule_name: string | null;
  hostname: string | null;
  username: string | null;
  source_ip: string | null;
  dest_ip: string | null;
  tags: string[];
  partner: string | null;
  techniques: string[];
  observed_at: string | null;
  status: string;
  determination: string;
  risk_score: number | null;
  risk_label: string | null;
  duplicate_count: number;
  correlation_id: string;
  iocs: Record<string, string[]>;
  assigned_username: string | null;
  created_at: string;
}

export interface Run {
  id: string;
  mode: string;
  correlation_id: string;
  started_at: string;
  playbook: string;
  version: number;
}

/** What a step that left by the port `failed` gives. */
export interface StepFailure {
  kind: string;
  message: string;
  attempts: number;
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
