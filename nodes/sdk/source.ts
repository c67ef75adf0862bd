import type { Json } from "./json.ts";

export const SEVERITIES = ["critical", "high", "medium", "low", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Playgraph's alert, whatever SIEM it came from. Absent is null or an empty list, never invented. */
export interface NormalizedAlert {
  title: string;
  description: string | null;
  severity: Severity;
  /** Lower-case name of the product ("wazuh"), or the payload's own `source` string. */
  source: string;
  source_id: string | null;
  rule_id: string | null;
  rule_name: string | null;
  hostname: string | null;
  username: string | null;
  source_ip: string | null;
  dest_ip: string | null;
  tags: string[];
  /** Label of the customer the alert belongs to. */
  partner: string | null;
  /** ATT&CK technique ids, "T1110" or "T1110.001". */
  techniques: string[];
  /** When it happened according to the payload. */
  observed_at: Date | null;
}

/** A payload after parsing: any JSON object. */
export type Payload = { [key: string]: Json };

/** What `map` may return: everything is optional, `undefined` leaves the generic rule's value (R27–R36). */
export type SourceMap = { [K in keyof NormalizedAlert]?: NormalizedAlert[K] | undefined } & {
  /** Widens the identity of an event where source_id alone is not one. */
  dedup_key?: string | null;
};

/** Reads a dotted path, whether the payload nests its keys or flattens them ("kibana.alert.rule.name"); null counts as absent. */
export type Read = (...paths: string[]) => Json | undefined;

/** One SIEM format: how to recognise it and how its fields become Playgraph's. One file per source. */
export interface SourceDefinition {
  id: string;
  title: string;
  /** 0 is "not mine"; the highest score wins; ties go to the earlier entry of the registry. */
  detect(payload: Payload, read: Read): number;
  map(payload: Payload, read: Read): SourceMap;
  /** Paths whose strings are never indicators (ids, links back to the console); globs with `*` for one key. */
  notObservable?: string[];
}

export function defineSource(definition: SourceDefinition): SourceDefinition {
  return definition;
}
