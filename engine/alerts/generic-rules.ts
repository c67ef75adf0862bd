/**
 * What a field is called in payloads of no particular product. The first paths of each field are the ones REQUIREMENTS names
 * (R27–R36), in its order; aliases (R47) and other common spellings follow, so that they only ever fill a gap.
 */
import type { Json, Severity } from "#sdk";
import type { Read } from "#sdk/source.ts";
import { toSeverity } from "./severity.ts";
import { readText } from "./text.ts";

const NAMES = {
  title: [
    "rule_name", "rule.name", "alert.rule.name", "title", "name", "signal.rule.name", "message",
    "alert.title", "alert.name", "alert_name", "search_name", "signature", "alert.signature", "rule.description",
    "event_type", "eventtype", "event.action", "summary", "subject", "description",
  ],
  severity: ["severity", "rule.severity", "alert.severity", "signal.rule.severity", "level", "priority", "urgency", "alert_severity", "event.severity", "risk_level"],
  // Not event_id: Windows and many others number the kind of event there, and alerts of one kind are not one alert.
  source_id: ["source_id", "id", "_id", "alert_id", "signal.id", "alert.id", "event.id", "uuid"],
  description: ["description", "message", "rule.description", "alert.description", "details", "summary", "reason"],
  rule_id: ["rule_id", "rule.id", "alert.rule.id", "rule.rule_id", "signal.rule.rule_id", "signal.rule.id", "signature_id", "alert.signature_id", "rule.uuid"],
  rule_name: ["rule_name", "rule.name", "alert.rule.name", "signal.rule.name", "search_name", "signature", "alert.signature"],
  hostname: [
    "hostname", "host.name", "agent.name", "computer_name", "signal.host.name",
    "host.hostname", "host", "computer", "fqdn", "host_name", "device.hostname", "device_name", "device.name", "machine", "machine_name", "endpoint", "dvchost",
  ],
  username: [
    "username", "user.name", "user", "user_name", "account.name", "account", "account_name", "source.user.name",
    "src_user", "suser", "dst_user", "duser", "actor.user.name",
  ],
  source_ip: [
    "source_ip", "source.ip", "src_ip", "client.ip", "signal.source.ip",
    "source_address", "src", "attacker_ip", "source.address", "sourceIP", "src_addr", "srcip", "client_ip", "remote_ip", "remote_address", "id.orig_h",
  ],
  dest_ip: [
    "dest_ip", "destination.ip", "dst_ip", "server.ip", "signal.destination.ip",
    "destination_address", "dst", "destination_ip", "destination.address", "destinationIP", "destIP", "dest", "dst_addr", "dstip", "target_ip", "victim_ip", "id.resp_h",
  ],
  tags: ["tags", "rule.tags", "labels"],
  partner: ["partner", "tenant", "customer", "organization", "partner.name", "tenant.name", "customer.name", "organization.name"],
  techniques: [
    "techniques", "mitre", "mitre_attack", "mitre_attacks", "mitre_attack_id", "mitre_technique", "mitre_techniques", "attack_techniques", "technique_id", "technique", "attack",
    "rule.mitre", "threat", "rule.threat", "signal.rule.threat", "annotations.mitre_attack", "alert.metadata.mitre_technique_id", "tags", "rule.tags",
  ],
  observed_at: [
    "observed_at", "timestamp", "@timestamp", "event_time", "event_timestamp", "time", "_time", "event.created", "event.start", "detected_at",
    "detection_time", "occurred_at", "start_time", "first_seen", "created_at", "created", "date", "datetime", "ts",
  ],
} as const;

type Field = keyof typeof NAMES;

/** alert_name → alertName, AlertName: vendors differ in little else. Only names of one segment; nested ones keep their spelling. */
function spellings(path: string): string[] {
  if (path.includes(".") || path.startsWith("_")) return [];
  const camel = path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return [camel, camel.charAt(0).toUpperCase() + camel.slice(1)];
}

/** Every field's paths, the other spellings last, so that they change nothing where a path of REQUIREMENTS has a value. */
export const PATHS = Object.fromEntries(
  Object.entries<readonly string[]>(NAMES).map(([field, paths]) => [field, [...new Set([...paths, ...paths.flatMap(spellings)])]]),
) as unknown as Record<Field, readonly string[]>;

const SHELLS = new Set(["nc", "ncat", "bash", "sh", "powershell", "cmd"]);

/** R31: what a payload without any severity is likely worth. */
function inferSeverity(read: Read): Severity {
  const name = readText(read, 100, ["process.name"])?.toLowerCase().replace(/\.exe$/, "");
  if (name !== undefined && SHELLS.has(name)) return "high";
  return "medium";
}

/** The first path that holds something a severity can be read from; none at all leaves it to inference. */
export function genericSeverity(read: Read): Severity {
  for (const path of PATHS.severity) {
    const severity = toSeverity(read(path));
    if (severity !== undefined) return severity;
  }
  return inferSeverity(read);
}

/** Every path, since a payload may name techniques in its tags and in its rule. */
export const genericTechniques = (read: Read): (Json | undefined)[] => PATHS.techniques.map((path) => read(path));
